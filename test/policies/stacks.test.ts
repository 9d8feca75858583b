// The policy pack over every stack, as the engine would put it to them.
import { strict as assert } from "node:assert";
import { policyName } from "../../policies/pack";
import { STANDARDS } from "../../policies/standards";
import { STACKS, stackView } from "../stacks/stacks";
import { asEngine, asPreviewed, ask } from "./engine";
import { some } from "../some";

describe("the policy pack", () => {
  for (const stack of some(STACKS))
    it(`finds nothing in ${stack}`, async () => {
      const { resources, keepData } = await stackView(stack);
      const custom = resources.filter((r) => r.custom);
      const made = custom.map(asEngine);
      const previewed = custom.map((resource) => asPreviewed(resource, custom));
      const found: Record<string, string[]> = {};
      for (const [rule, { scope }] of Object.entries(STANDARDS)) {
        const told = await ask(policyName(rule), scope === "resource" ? previewed : made, keepData);
        if (told.length > 0) found[rule] = told;
      }
      assert.deepEqual(found, {});
    });
});
