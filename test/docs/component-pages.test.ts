import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { some } from "../some";
import { componentPages } from "./component-page";
import { publicComponents } from "./component-source";
import { usesOf } from "./example-source";

const FOLDER = path.join(__dirname, "../../docs/components");

describe("docs/components", () => {
  const pages = componentPages();
  const components = some(publicComponents());

  it("has a page for each public component, as its source describes it (UPDATE_INVENTORY=1 writes them anew)", () => {
    if (process.env.UPDATE_INVENTORY) {
      for (const file of fs.readdirSync(FOLDER)) if (!(file in pages)) fs.rmSync(path.join(FOLDER, file));
      for (const [file, text] of Object.entries(pages)) fs.writeFileSync(path.join(FOLDER, file), text);
    }
    const there = fs
      .readdirSync(FOLDER)
      .map((file) => [file, fs.readFileSync(path.join(FOLDER, file), "utf8")]);
    assert.deepEqual(Object.fromEntries(there), pages);
  });

  for (const { name, words, options, standsOn, outputs, methods } of components)
    describe(name, () => {
      it("says in a sentence each what it is, what it costs and how it fails", () => {
        assert.match(words, /\b[Cc]osts?\b|\bUSD\b/, words);
        assert.ok(words.split(/[.;] /).length >= 3, words);
      });

      it("is used by an example", () => {
        assert.notDeepEqual(usesOf(name), []);
      });

      it("describes each argument and method, and each output whose name does not say it", () => {
        const silent = [...standsOn, ...methods].filter((one) => one.words === "").map((one) => one.name);
        const dumb = Object.entries(options?.shape ?? {}).filter(
          ([, option]) => !(option as { description?: string }).description,
        );
        const unclear = outputs.filter((one) => one.words === "" && !SAYS_ITSELF.test(one.name));
        assert.deepEqual([silent, dumb.map(([key]) => key), unclear.map((one) => one.name)], [[], [], []]);
      });
    });
});

/** Outputs that are what their names say: the id, the ARN, the name or the address of something. */
const SAYS_ITSELF = /(Id|Ids|Arn|Name|Url)$/;
