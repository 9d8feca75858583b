// Every rule of policies/rules/ over every stack. What a rule finds is mended, or excused with a reason in exceptions.ts.
// A new rule goes into a file of policies/rules/ and needs a program that breaks it in violations.ts.
import { strict as assert } from "node:assert";
import { EXCEPTIONS } from "../../policies/exceptions";
import { RULES } from "../../policies/rules";
import { STACKS, stackView } from "./stacks";
import { some } from "../some";

const excused = new Set<object>();

async function problemsOf(rule: string, stack: string): Promise<string[]> {
  const problems = await RULES[rule]!(await stackView(stack));
  return problems.filter((problem) => {
    const exception = EXCEPTIONS.find((e) => e.rule === rule && e.problem.test(problem));
    if (exception) excused.add(exception);
    return !exception;
  });
}

describe("the rules of every stack", () => {
  for (const stack of some(STACKS))
    for (const rule of some(Object.keys(RULES)))
      it(`${stack} ${rule}`, async () => {
        assert.deepEqual(await problemsOf(rule, stack), []);
      });

  it("excuses nothing that is not there", () => {
    assert.deepEqual(
      EXCEPTIONS.filter((e) => !excused.has(e)).map((e) => `${e.rule}: ${String(e.problem)}`),
      [],
    );
  });
});
