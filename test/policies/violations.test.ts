// Proves that each rule of policies/rules/ can fail: a rule without a program that breaks it fails here.
import { strict as assert } from "node:assert";
import { run } from "../harness";
import { RULES } from "../../policies/rules";
import { VIOLATIONS } from "./violations";
import { some } from "../some";

describe("each rule finds a program that breaks it", () => {
  for (const [rule, { program, problems, keepData = true }] of some(Object.entries(VIOLATIONS)))
    it(`refuses what breaks: ${rule}`, async () => {
      const { resources } = await run(() => {
        program();
        return {};
      });
      assert.deepEqual(await RULES[rule]!({ stack: "bad", keepData, resources }), problems);
    });

  it("has a program for every rule", () => {
    assert.deepEqual(Object.keys(VIOLATIONS).sort(), Object.keys(RULES).sort());
  });
});
