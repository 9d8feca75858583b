// What the console's page calls things, held to what the provisioner really has.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { ENVIRONMENTS, kinds } from "../../functions/provisioner/catalogue";
import { STATES, STEPS, UNDOS } from "../../functions/provisioner/project";
import { publicFolder } from "../../webapp/paths";

describe("the console's words", () => {
  let words: Record<string, Record<string, unknown>>;
  before(async () => {
    // As a browser loads it: Node itself would take a .js file of this package for CommonJS.
    const source = fs.readFileSync(path.join(publicFolder, "console-words.js"), "utf8");
    words = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  });

  const WORDS: [name: string, known: readonly string[], what: string][] = [
    ["STATES", STATES, "each state that the provisioner gives a project"],
    ["STAGES", [...STEPS, ...UNDOS], "each stage on a project's way"],
    ["ENVIRONMENTS", ENVIRONMENTS, "each environment"],
    ["TYPES", Object.keys(kinds), "each type of the catalogue"],
  ];
  for (const [name, known, what] of WORDS)
    it(`name ${what}, and nothing else`, () => {
      assert.deepEqual(Object.keys(words[name]!).sort(), [...known].sort());
    });
});
