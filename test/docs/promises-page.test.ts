import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Evidence, evidenceIn, evidenceTable } from "../../scripts/verify/evidence";
import { around } from "../../scripts/verify/full/promises";
import { PROMISES } from "../../scripts/verify/promises";
import { markdownOf, type Report, type Seen } from "../../scripts/verify/report";
import { some } from "../some";

const ROOT = path.join(__dirname, "../..");
const FOLDER = "docs/evidence";

const report = (
  started: string,
  target: Report["target"],
  states: Record<string, Seen["state"]>,
): Evidence => ({
  name: `${target}-${started.slice(0, 10)}`,
  report: {
    ...{ target, stack: "dev", started, seconds: 1, usd: 0, interrupted: false, removed: [], stays: [] },
    promises: Object.entries(states).map(([name, state]) => ({
      name,
      state,
      expected: "",
      seen: "",
      seconds: 1,
    })),
  },
});

describe("README's table of promises", () => {
  it("says where each promise was last seen, from the reports in docs/evidence (UPDATE_INVENTORY=1 writes it anew)", () => {
    const readme = path.join(ROOT, "README.md");
    const text = fs.readFileSync(readme, "utf8");
    const table = evidenceTable(evidenceIn(path.join(ROOT, FOLDER)), FOLDER);
    const due = text.replace(/(?<=<!-- promises -->\n)[^]*(?=<!-- \/promises -->)/, `\n${table}\n\n`);
    if (process.env.UPDATE_INVENTORY) fs.writeFileSync(readme, due);
    else assert.equal(text, due);
  });

  it("has a row for each promise, from the newest report that asked for it", () => {
    const all = [
      report("2026-01-03T00:00:00.000Z", "sandbox", { health: "not asked", "the page answers": "broken" }),
      report("2026-01-02T00:00:00.000Z", "AWS", { health: "kept" }),
      report("2026-01-01T00:00:00.000Z", "sandbox", { health: "kept", "the page answers": "kept" }),
    ];
    const lines = evidenceTable(all, "here").split("\n");
    assert.equal(lines.length, 2 + PROMISES.length + around([]).length);
    const rowOf = (name: string) => lines.find((line) => line.startsWith(`| ${name} |`));
    assert.equal(rowOf("health"), "| health | [2026-01-01](here/sandbox-2026-01-01.md) | [2026-01-02](here/AWS-2026-01-02.md) |"); // prettier-ignore
    assert.equal(rowOf("the page answers"), "| the page answers | **broken** [2026-01-03](here/sandbox-2026-01-03.md) | never |"); // prettier-ignore
    assert.equal(rowOf("every server serves"), "| every server serves | never | never |");
  });
});

describe("the reports in docs/evidence", () => {
  const all = some(evidenceIn(path.join(ROOT, FOLDER)));

  for (const { name, report: one } of all)
    it(`${name}: comes from a complete run that left nothing, and matches its page`, () => {
      assert.deepEqual(
        [one.interrupted, one.removed.filter(({ gone }) => !gone)],
        [false, []],
        "the run was interrupted, or left something",
      );
      assert.equal(fs.readFileSync(path.join(ROOT, FOLDER, `${name}.md`), "utf8"), markdownOf(one));
    });
});
