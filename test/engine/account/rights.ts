import { overlap, policyPattern } from "../../../policies/rules/arn-pattern";
import { parsePolicy, Statement } from "../../../policies/rules/statements";
import { Inputs, needs, Rule, Standing } from "./rule";

const ROLE = "iam/role:Role";

const fits = (pattern: string, text: string) => overlap(policyPattern(pattern), policyPattern(text));

/** Whether a policy allows an action on a resource; conditions are not looked at. */
const permits = (statements: Statement[], action: string, resource: string) =>
  statements.some(
    ({ effect, actions, resources }) =>
      effect === "Allow" &&
      actions.some((one) => fits(one.toLowerCase(), action.toLowerCase())) &&
      resources.some((one) => fits(one, resource)),
  );

/** Whether a role, given by ARN or name, may do an action. AWS's own policies are taken to allow it. */
export function roleAllows(account: Standing, role: unknown, action: string, resource = "*"): boolean {
  const found = account.find(ROLE, role);
  if (!found) return true; // not of this account's stacks, or not known yet
  const isOurs = ({ inputs }: { inputs: Inputs }) => [found.id, found.inputs.name].includes(inputs.role);
  const attached = account.all("iam/rolePolicyAttachment:RolePolicyAttachment").filter(isOurs);
  if (attached.some(({ inputs }) => String(inputs.policyArn).startsWith("arn:aws:iam::aws:"))) return true;
  const policies = [
    ...account.all("iam/rolePolicy:RolePolicy").filter(isOurs),
    ...attached.flatMap(({ inputs }) => account.find("iam/policy:Policy", inputs.policyArn) ?? []),
  ];
  return policies.some(({ inputs }) => permits(parsePolicy(String(inputs.policy)), action, resource));
}

/** Whether a policy of a resource lets a service do an action there. */
export const policyLetsIn = (policy: unknown, service: string, action: string): boolean =>
  parsePolicy(String(policy ?? "")).some(
    ({ effect, principals, actions }) =>
      effect === "Allow" &&
      (principals.includes(service) || principals.includes("*")) &&
      actions.some((one) => fits(one.toLowerCase(), action.toLowerCase())),
  );

/** A role that a service takes trusts it. AWS asks when the service is told of the role. */
export function trusts(
  { code, call, source, message }: { code: string; call: string; source: string; message: string },
  type: string,
  role: (inputs: Inputs) => unknown,
  service: string,
): Rule {
  return needs(
    { name: `${type.split("/")[1]!.split(":")[0]}: a role that trusts ${service}`, code, call, source },
    [type],
    (inputs, account) => {
      const found = account.find(ROLE, role(inputs));
      return !found || policyLetsIn(found.inputs.assumeRolePolicy, service, "sts:AssumeRole");
    },
    () => message,
  );
}

/** A role may do what AWS tries, or asks for, when it is told of it; the provider waits for IAM to spread. */
export function mayDo(
  {
    name,
    code,
    call,
    source,
    message,
  }: { name: string; code: string; call: string; source: string; message: string },
  type: string,
  role: (inputs: Inputs, account: Standing) => unknown,
  actions: (inputs: Inputs) => [action: string, resource?: unknown][],
): Rule {
  return needs(
    { name, code, call, source },
    [type],
    (inputs, account) =>
      actions(inputs).every(([action, resource]) =>
        roleAllows(account, role(inputs, account), action, resource === undefined ? "*" : String(resource)),
      ),
    () => message,
    { patient: true },
  );
}
