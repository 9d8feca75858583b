// The policy pack over every stack, as the engine would put it to them.
import { strict as assert } from "node:assert";
import { policyName } from "../../policies/pack";
import { STANDARDS } from "../../policies/standards";
import { STACKS, stackView } from "../stacks/stacks";
import { asEngine, ask } from "./engine";
import { some } from "../some";

describe("the policy pack", () => {
  for (const stack of some(STACKS))
    it(`finds nothing in ${stack}`, async () => {
      const { resources, keepData } = await stackView(stack);
      const custom = resources.filter((r) => r.custom).map(asEngine);
      const found: Record<string, string[]> = {};
      for (const rule of Object.keys(STANDARDS)) {
        const told = await ask(policyName(rule), custom, keepData);
        if (told.length > 0) found[rule] = told;
      }
      assert.deepEqual(found, {});
    });
});
