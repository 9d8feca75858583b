// The golden inventory of each stack: what `pulumi up` would create, a line each, in test/inventory/<stack>.txt.
// Every right that it gives is in test/inventory/rights/, and what each resource is told in arguments/. After a change, run `UPDATE_INVENTORY=1 npm test`, read the difference and commit it.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { argumentsOf } from "./arguments";
import { difference, inventoryOf } from "./inventory";
import { rightsOf } from "./rights";
import { STACKS, stackView } from "./stacks";
import { some } from "../some";
import { leftToAll } from "../left-to-all";

const README = fs.readFileSync(path.join(__dirname, "../../README.md"), "utf8");
const FOLDER = path.join(__dirname, "../inventory");

/** Fails with each line that differs from a golden file of test/inventory. */
function holdTo(name: string, declared: string[]): void {
  // What a text sums up to says nothing to a reader, and changes with every word of it.
  const lines = declared.map((line) => line.replace(/[0-9a-f]{64}/g, "SUM"));
  const file = path.join(FOLDER, name);
  if (process.env.UPDATE_INVENTORY) fs.writeFileSync(file, lines.join("\n") + "\n");
  const golden = fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
  const changes = difference(golden, lines);
  if (changes.length > 0)
    assert.fail(
      `test/inventory/${name} differs:\n${changes.join("\n")}\nRun UPDATE_INVENTORY=1 npm test to accept this.`,
    );
}

describe("the inventory of every stack", () => {
  for (const stack of some(STACKS)) {
    it(`${stack} declares what its golden file lists`, async () => {
      holdTo(`${stack}.txt`, inventoryOf((await stackView(stack)).resources));
    });

    it(`${stack} grants the permissions that its golden file lists, and no others`, async () => {
      holdTo(`rights/${stack}.txt`, rightsOf(await stackView(stack)));
    });

    it(`${stack} gives each resource the arguments and options that its golden file lists`, async () => {
      holdTo(`arguments/${stack}.txt`, argumentsOf(await stackView(stack)));
    });

    it(`${stack} declares the same in a preview`, async function () {
      if (stack !== "prod") leftToAll(this);
      const update = inventoryOf((await stackView(stack)).resources);
      const preview = inventoryOf((await stackView(stack, { preview: true })).resources);
      assert.deepEqual(difference(update, preview), []);
    });
  }

  it("exists for the stacks that the README puts on AWS, and for no other", () => {
    const [, sentence] = /^The repository comes with five stacks: ([^]*?)\.$/m.exec(README)!;
    assert.deepEqual([...sentence!.matchAll(/`(\w+)`/g)].map(([, stack]) => stack).sort(), [...STACKS]);
  });
});

describe("the difference of two inventories", () => {
  it("shows what is new and what is gone", () => {
    assert.deepEqual(difference(["a", "b"], ["b", "c"]), ["- a", "+ c"]);
  });

  it("shows a line that occurs twice", () => {
    assert.deepEqual(difference(["a"], ["a", "a"]), ["+ a"]);
  });

  it("is empty for equal ones", () => {
    assert.deepEqual(difference(["a", "b"], ["a", "b"]), []);
  });
});
