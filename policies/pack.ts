import * as pulumi from "@pulumi/pulumi";
import type { Policies, ReportViolation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { defaultsOf, type Environment } from "../stacks/environments";
import type { Declared } from "../test/harness";
import { EXCEPTIONS } from "../test/stacks/exceptions";
import { RULES } from "../test/stacks/rules";
import { declared, declaredStack } from "./declared";
import { Standard, STANDARDS } from "./standards";

/** `says why each rule is there` as the engine names a policy. */
export const policyName = (rule: string) => rule.toLowerCase().replace(/[^a-z0-9]+/g, "-");

/** The rules of the program's own tests, put to a real preview or update. */
export const policies: Policies = Object.entries(STANDARDS).map(([rule, standard]) => {
  const about = {
    name: policyName(rule),
    description: [rule, ...standard.fsbp, ...standard.cis.map((number) => `CIS ${number}`)].join(", "),
  };
  return { ...about, ...judge(rule, standard) };
});

function judge(rule: string, { scope }: Standard) {
  if (scope === "stack")
    return {
      validateStack: async (args: StackValidationArgs, report: ReportViolation) =>
        tell(rule, declaredStack(args.resources), report),
    };
  return {
    validateResource: async (args: ResourceValidationArgs, report: ReportViolation) =>
      tell(rule, [declared(args)], report),
  };
}

async function tell(rule: string, resources: Declared[], report: ReportViolation): Promise<void> {
  const view = { stack: "", keepData: keepsData(), resources: resources.filter(isMade) };
  for (const problem of await RULES[rule]!(view)) {
    const excused = EXCEPTIONS.some((e) => e.rule === rule && e.problem.test(problem));
    if (!excused) report(problem);
  }
}

/** Another library's component says nothing of itself to the engine: what it makes does. */
const isMade = ({ type }: Declared) => !type.startsWith("awsx:");

/** As the stack's settings say, which the engine hands on to the pack; a program that has none of ours is held to keeping its data. */
function keepsData(): boolean {
  const config = new pulumi.Config("groundwork");
  const environment = config.get<Environment>("environment") ?? "prod";
  return config.getBoolean("keepData") ?? (defaultsOf(environment).keepData as boolean);
}
