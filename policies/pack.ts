import * as pulumi from "@pulumi/pulumi";
import type { Policies, ReportViolation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import type { Declared } from "./declared";
import { EXCEPTIONS } from "./exceptions";
import { declared, declaredStack } from "./from-engine";
import { RULES } from "./rules";
import { Standard, STANDARDS } from "./standards";

/** Turns `says why each rule is there` into a name that the engine accepts for a policy. */
export const policyName = (rule: string) => rule.toLowerCase().replace(/[^a-z0-9]+/g, "-");

/** The rules that can check a real preview or update, in the engine's form. */
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

/** The engine reveals nothing about another library's component. Its resources are checked themselves. */
const isMade = ({ type }: Declared) => !type.startsWith("awsx:");

/**
 * The stack's setting, which the engine passes to the pack. Without one, a development stack drops its data and any other stack
 * must keep it.
 */
function keepsData(): boolean {
  const config = new pulumi.Config("groundwork");
  return config.getBoolean("keepData") ?? config.get("environment") !== "dev";
}
