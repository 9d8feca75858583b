import type { Declared, StackView } from "../../declared";
import { ofType } from "../rule";
import { parsePolicy } from "../statements";

/** Whether a reference means this role: by its ARN, its name, or the placeholder for them before they are known. */
export const isMeant = (reference: unknown, { name, outputs }: Declared) =>
  reference !== undefined && [outputs.arn, outputs.name, outputs.id, `${name}-id`].includes(reference);

/** Whether the policy is known. One that names resources which do not exist yet is known only after the update. */
export const isWritten = ({ inputs }: Declared) => String(inputs.policy).trimStart().startsWith("{");

/** The actions that a role of the stack lacks on every resource. Empty if the role is another's, or cannot be checked yet. */
export function lacking(view: StackView, role: unknown, actions: readonly string[]): string[] {
  const found = ofType(view, "aws:iam/role:Role").find((one) => isMeant(role, one));
  if (!found) return [];
  const policies = ofType(view, "aws:iam/rolePolicy:RolePolicy").filter(({ inputs }) =>
    isMeant(inputs.role, found),
  );
  if (!policies.every(isWritten)) return [];
  const allowed = policies
    .flatMap(({ inputs }) => parsePolicy(String(inputs.policy)))
    .flatMap(({ effect, actions }) => (effect === "Allow" ? actions : []));
  return actions.filter((action) => !allowed.includes(action));
}

/** The role in one of the stack's instance profiles, by the profile's name or ARN. */
export const roleOf = (view: StackView, profile: unknown): unknown =>
  ofType(view, "aws:iam/instanceProfile:InstanceProfile").find((one) => isMeant(profile, one))?.inputs.role;
