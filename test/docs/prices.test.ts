// Prices are said once, in scripts/preview/price-list.json: what our texts say beside it is held to it.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { REGIONS } from "../../scripts/preview/prices";
import { some } from "../some";
import { CLAIMS, ELSEWHERE, type Claim } from "./prices";

const ROOT = path.join(__dirname, "../..");
/** Pages that have their figures from the list already, or are about other things than prices. */
const MADE =
  /^docs\/(components|decisions|evidence)\/|^docs\/(scale|benchmarks|settings|security|quotas|sandbox|aws-refuses)\.md$/;

const filesIn = (folder: string, ending: string) =>
  fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((file) => path.join(folder, file))
    .filter((file) => file.endsWith(ending) && !MADE.test(file));

const FILES = [
  ...filesIn("components", ".ts"),
  ...filesIn("functions", ".ts"),
  ...filesIn("docs", ".md"),
  "components/README.md",
];

/** A file's sentences in one line each, however they are broken. */
const textOf = (file: string) =>
  fs
    .readFileSync(path.join(ROOT, file), "utf8")
    .replace(/\n\s*\*\s+/g, " ")
    .replace(/\n(?=[^\n])/g, " ");

const NUMBER = "(\\d+(?:\\.\\d+)?)";
const patternOf = (words: string) =>
  new RegExp(words.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll("{}", NUMBER));

const nameOf = ({ file, words }: Claim) => `${file}: ${words}`;

/** Whether a text may say so: within a twentieth of the list's figures, or rounded as it is written. */
function fits(shown: string, figures: number[]): boolean {
  const step = 10 ** -(shown.split(".")[1]?.length ?? 0);
  const [low, high] = [Math.min(...figures), Math.max(...figures)];
  const near = (to: number) => Math.max(to / 20, step / 2) + 1e-9;
  return Number(shown) >= low - near(low) && Number(shown) <= high + near(high);
}

describe("the prices in our texts", function () {
  this.timeout(120_000);

  for (const claim of some(CLAIMS))
    it(`match the price list in ${nameOf(claim)}`, async () => {
      const [, ...shown] = patternOf(claim.words).exec(textOf(claim.file)) ?? [];
      assert.equal(shown.length, claim.figures.length, "the file does not contain these words");
      for (const [i, one] of some([...shown.entries()])) {
        const figures: number[] = [];
        // Pulumi runs one program at a time.
        for (const region of REGIONS) figures.push(await claim.figures[i]!(region));
        assert.ok(
          fits(one, figures),
          `it says ${one}, and the price list ${figures.map((f) => f.toFixed(3)).join(" to ")}`,
        );
      }
    });

  it("are all checked here, or listed with their source", () => {
    const elsewhere = new Set(Object.keys(ELSEWHERE));
    const unknown = some(FILES).flatMap((file) => {
      let text = textOf(file);
      for (const { words } of CLAIMS.filter((one) => one.file === file))
        text = text.replace(patternOf(words), "");
      for (const words of Object.keys(ELSEWHERE)) {
        if (text.includes(words)) elsewhere.delete(words);
        text = text.replace(words, "");
      }
      return [...text.matchAll(/.{0,40}\b\d[\d.,]* (?:USD|cents)\b.{0,20}/g)].map(
        ([found]) => `${file}: ${found}`,
      );
    });
    assert.deepEqual(unknown, []);
    assert.deepEqual([...elsewhere], []);
  });

  it("match when they are rounded or a twentieth off, and not beyond", () => {
    assert.deepEqual(
      [
        fits("3", [3.066, 3.358]),
        fits("33", [32.85, 35.04]),
        fits("0.10", [0.1]),
        fits("0.11", [0.1]),
        fits("20", [24.3, 26.3]),
        fits("3", [7.4]),
      ],
      [true, true, true, false, false, false],
    );
  });
});
