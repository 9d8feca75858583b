import { made, named } from "./case";

export const POLICY = "aws:iam/rolePolicy:RolePolicy";
export const ROLE = "aws:iam/role:Role";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
export const PROVIDER = "token.actions.githubusercontent.com";
export const EVERY_PLACE = [
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/policy:Policy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
];

export type Raw = Record<string, unknown>;
export const json = (...Statement: Raw[]) => JSON.stringify({ Statement });
export const allow = (
  Action: string | string[],
  Resource: string | string[] = "arn:aws:s3:::mine/*",
  more: Raw = {},
): Raw => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
export const policy = (...statements: Raw[]) => made(POLICY, { role: "app", policy: json(...statements) });
export const trust = (...statements: Raw[]) => made(ROLE, { assumeRolePolicy: json(...statements) });
export const letIn = (Principal: unknown, more: Raw = {}): Raw => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal,
  ...more,
});
export const EVERYBODY = letIn("*");
export const token = (claims: Record<string, string | string[]>, more: Raw = {}): Raw => ({
  Effect: "Allow",
  Action: "sts:AssumeRoleWithWebIdentity",
  Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${PROVIDER}` },
  Condition: {
    StringEquals: Object.fromEntries(
      Object.entries(claims).map(([claim, value]) => [`${PROVIDER}:${claim}`, value]),
    ),
  },
  ...more,
});
export const AUD = "sts.amazonaws.com";
export const SUB = "repo:us/site:ref:refs/heads/main";
export const attached = (policyArn: string) => made(ATTACHMENT, { policyArn });
export const NIC = "arn:aws:ec2:*:*:network-interface/eni-1";
export const MACHINE = "arn:aws:ec2:*:*:instance/i-1";
export const grant = (name: string, role: string, ...statements: Raw[]) =>
  named(name, POLICY, { role, policy: json(...statements) });

/** A policy whose size, with what IAM may have to add to its one ARN, is exactly so many characters. */
export function sized(length: number, resource = "arn:aws:s3:::"): string {
  const empty = json(allow("s3:GetObject", resource));
  return json(allow("s3:GetObject", resource + "a".repeat(length - 12 - empty.length)));
}

/** The same without any ARN. */
export function without(length: number): string {
  const empty = json(allow("s3:GetObject", ""));
  return json(allow("s3:GetObject", "a".repeat(length - empty.length)));
}
