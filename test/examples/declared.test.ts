import { strict as assert } from "node:assert";
import type { Declared } from "../../policies/declared";
import { run, valueOf } from "../harness";
import { some } from "../some";
import { EXAMPLES, exampleProgram } from "./example";
import { EXPECTED } from "./expected";

const identity = ({ type, name, parent }: Declared) => `${type} ${name} of ${parent}`;

describe("an example", () => {
  it("is tested for each folder of examples/", () => {
    assert.deepEqual(Object.keys(EXPECTED).sort(), EXAMPLES);
  });

  for (const example of some(EXAMPLES))
    for (const { declares, outputs, config } of some(EXPECTED[example]!))
      it(`declares the expected resources and outputs, in a preview as well: ${[example, ...Object.values(config ?? {})].join(", ")}`, async () => {
        const program = exampleProgram(example);
        const update = await run(program, { config });
        const counts = Object.keys(declares).map((type) => [type, update.all(type).length]);
        assert.deepEqual(Object.fromEntries(counts), declares);
        assert.deepEqual(Object.keys(update.outputs).sort(), outputs);
        const known = await Promise.all(Object.values(update.outputs).map((output) => valueOf(output)));
        assert.deepEqual(
          known.filter((value) => value === undefined),
          [],
        );

        const preview = await run(program, { config, preview: true });
        assert.deepEqual(preview.resources.map(identity).sort(), update.resources.map(identity).sort());
      });
});
