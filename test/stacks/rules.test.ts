// Every rule of policies/rules/ over every stack. What a rule finds is mended, or excused with a reason in exceptions.ts.
// A new rule goes into a file of policies/rules/ and needs a program that breaks it in violations.ts.
import { strict as assert } from "node:assert";
import { EXCEPTIONS } from "../../policies/exceptions";
import type { StackView } from "../../policies/declared";
import { RULES } from "../../policies/rules";
import { runStack } from "../harness";
import { STACKS, stackView } from "./stacks";
import { some } from "../some";

const excused = new Set<object>();

const problemsOf = async (rule: string, stack: string) => problemsIn(rule, await stackView(stack));

async function problemsIn(rule: string, view: StackView): Promise<string[]> {
  const problems = await RULES[rule]!(view);
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

  it("prod keeps all rules if CodeBuild builds its image and a preview reads an encrypted state", async () => {
    const stateKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/state";
    const delivery = { repository: "example/groundwork", preview: { stateKeyArn } };
    const web = { builder: "codebuild", domainName: "www.example.com", zoneName: "example.com" };
    const { resources } = await runStack("prod", {
      config: { "groundwork:web": web, "groundwork:delivery": delivery },
    });
    assert.ok(resources.some(({ name }) => name === "web-build-source"));
    const view = { stack: "prod", keepData: true, resources };
    const broken: string[] = [];
    for (const rule of Object.keys(RULES)) broken.push(...(await problemsIn(rule, view)));
    assert.deepEqual(broken, []);
  });

  it("excuse nothing that does not exist", () => {
    assert.deepEqual(
      EXCEPTIONS.filter((e) => !excused.has(e)).map((e) => `${e.rule}: ${String(e.problem)}`),
      [],
    );
  });
});
