import type { Declared, StackView } from "../../declared";
import { ofType } from "../rule";
import { parsePolicy } from "../statements";

/** A role by whatever another resource names it by: its ARN, its name, or what stands for them before they are known. */
export const isMeant = (reference: unknown, { name, outputs }: Declared) =>
  reference !== undefined && [outputs.arn, outputs.name, outputs.id, `${name}-id`].includes(reference);

/** A policy that names what is not made yet is known only after the update. */
export const isWritten = ({ inputs }: Declared) => String(inputs.policy).trimStart().startsWith("{");

/** Which of these actions a role of the stack may not do on anything; none for a role that cannot be judged yet, or is not the stack's. */
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

/** The role within an instance profile of the stack, by the profile's name or ARN. */
export const roleOf = (view: StackView, profile: unknown): unknown =>
  ofType(view, "aws:iam/instanceProfile:InstanceProfile").find((one) => isMeant(profile, one))?.inputs.role;
