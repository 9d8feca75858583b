import type { Policies, ReportViolation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import type { Declared } from "../test/harness";
import { EXCEPTIONS } from "../test/stacks/exceptions";
import { RULES } from "../test/stacks/rules";
import { declared, declaredStack } from "./declared";
import { Standard, STANDARDS } from "./standards";

/** The rule about keeping data asks whether the stack does. */
interface Config {
  keepData?: boolean;
}

const KEEPS = "keeps whatever holds data where the stack says so, and only there";

/** `says why each rule is there` as the engine names a policy. */
export const policyName = (rule: string) => rule.toLowerCase().replace(/[^a-z0-9]+/g, "-");

/** The rules of the program's own tests, put to a real preview or update. */
export const policies: Policies = Object.entries(STANDARDS).map(([rule, standard]) => {
  const about = {
    name: policyName(rule),
    description: [rule, ...standard.fsbp, ...standard.cis.map((number) => `CIS ${number}`)].join(", "),
    ...(rule === KEEPS ? { configSchema: { properties: { keepData: { type: "boolean" as const } } } } : {}),
  };
  return { ...about, ...judge(rule, standard) };
});

function judge(rule: string, { scope }: Standard) {
  if (scope === "stack")
    return {
      validateStack: async (args: StackValidationArgs, report: ReportViolation) =>
        tell(rule, declaredStack(args.resources), args.getConfig<Config>(), report),
    };
  return {
    validateResource: async (args: ResourceValidationArgs, report: ReportViolation) =>
      tell(rule, [declared(args)], args.getConfig<Config>(), report),
  };
}

async function tell(
  rule: string,
  resources: Declared[],
  config: Config,
  report: ReportViolation,
): Promise<void> {
  const view = { stack: "", keepData: config.keepData ?? true, resources };
  for (const problem of await RULES[rule]!(view)) {
    const excused = EXCEPTIONS.some((e) => e.rule === rule && e.problem.test(problem));
    if (!excused) report(problem);
  }
}
