// The policy pack puts rules of test/stacks/rules/ to a real preview: which, and by which standards, says policies/standards.ts.
import { strict as assert } from "node:assert";
import { policyName } from "../../policies/pack";
import { STANDARDS } from "../../policies/standards";
import { run } from "../harness";
import { EXCEPTIONS } from "../stacks/exceptions";
import { RULES } from "../stacks/rules";
import { VIOLATIONS } from "../stacks/violations";
import { asEngine, ask } from "./engine";

/** What only the program's own tests can judge, and why. */
const LEFT_OUT: Record<string, string> = {
  "sets no physical name": "the engine has filled in the generated names by then",
  "keeps each rule of a security group as a resource of its own":
    "AWS reports the rules inside the group too",
  "starts groups from a numbered version of a launch template": "the number is unknown in a preview",
  "gives each function a JSON log of its own": "the log groups' names are unknown in a preview",
  "names condition keys that the actions take": "a mistake there refuses too much, never too little",
  "gives an action all the kinds of resources that it needs":
    "a mistake there refuses too much, never too little",
  "keeps policies within IAM's sizes": "IAM says so itself; the tests say it before, and for longer names",
};

describe("the policy pack", () => {
  for (const rule of Object.keys(STANDARDS))
    it(`refuses what breaks: ${rule}`, async () => {
      const { program, problems, keepData = true } = VIOLATIONS[rule]!;
      const { resources } = await run(() => {
        program();
        return {};
      });
      const due = problems.filter((p) => !EXCEPTIONS.some((e) => e.rule === rule && e.problem.test(p)));
      assert.deepEqual(await ask(policyName(rule), resources.map(asEngine), keepData), due);
    });

  it("holds each rule of the stacks, or leaves it out for a reason", () => {
    assert.deepEqual([...Object.keys(STANDARDS), ...Object.keys(LEFT_OUT)].sort(), Object.keys(RULES).sort());
  });

  it("names each policy once", () => {
    const names = Object.keys(STANDARDS).map(policyName);
    assert.equal(new Set(names).size, names.length);
  });
});
