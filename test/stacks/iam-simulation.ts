import { runSimulation } from "@cloud-copilot/iam-simulate";
import type { Declared } from "../../policies/declared";
import { computedOutputs } from "../../components/testing/answers";
import { Request } from "./iam-cases/case";
import { Probe, probesOf } from "./probes";
import { parsePolicy } from "../../policies/rules/statements";
import type { StackView } from "../../policies/declared";

const ACCOUNT = "123456789012";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const POLICY = "aws:iam/policy:Policy";

/** What every key's policy says: without it no role may do anything with a key, whatever its own policies say. */
const ACCOUNT_RULES = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
  ],
};

/** A role with all that it may do. */
export interface Role {
  name: string;
  arn: string;
  takenBy: string[];
  policies: string[];
}

const outputsOf = (declared: Declared) => computedOutputs({ ...declared, custom: true, provider: "" });

/** Every role of a stack with its policies, inline and attached. */
export function rolesOf(view: StackView): Role[] {
  const ofType = (type: string) => view.resources.filter((r) => r.type === type);
  return ofType(ROLE).map((role) => {
    const { name, arn } = outputsOf(role);
    const mine = ({ inputs }: Declared) => [name, `${role.name}-id`].includes(inputs.role);
    return {
      name: role.name,
      arn,
      takenBy: parsePolicy(role.inputs.assumeRolePolicy).flatMap((s) => s.principals),
      policies: [
        ...ofType(ROLE_POLICY)
          .filter(mine)
          .map((p) => p.inputs.policy as string),
        ...ofType(ATTACHMENT)
          .filter(mine)
          .map((a) => attached(a.inputs.policyArn, ofType(POLICY))),
      ],
    };
  });
}

/** AWS's own policies, where one is demanded to the letter or reads whatever there is, as it publishes them. */
const AWS_MANAGED: Record<string, string[]> = {
  "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs": [
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
    "logs:GetLogEvents",
    "logs:FilterLogEvents",
  ],
  // Of the hundreds of reads that it allows, those that the denials of our own policy have to take back, and one that stays.
  "arn:aws:iam::aws:policy/ReadOnlyAccess": [
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "ec2:DescribeInstances",
    "ecr:GetDownloadUrlForLayer",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "s3:GetObject",
    "s3:GetBucketPolicy",
  ],
};

function attached(arn: string, policies: Declared[]): string {
  const demanded = AWS_MANAGED[arn];
  if (demanded) return JSON.stringify({ Statement: [{ Effect: "Allow", Action: demanded, Resource: "*" }] });
  const policy = policies.find((p) => outputsOf(p).arn === arn);
  if (!policy)
    throw new Error(
      `nobody here knows what the policy ${arn} says: write its statements instead of attaching it`,
    );
  return policy.inputs.policy;
}

/** Whether AWS would allow a role's request; `underAnyCondition` takes every condition as met. */
export async function isAllowed(
  role: Role,
  [action, resource, context = {}]: Request,
  { underAnyCondition = false } = {},
): Promise<boolean> {
  const result = await runSimulation(
    {
      request: {
        principal: role.arn,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: Object.fromEntries(
          Object.entries(context).map(([key, value]) => [
            key,
            typeof value === "string" ? value : [...value],
          ]),
        ),
      },
      identityPolicies: role.policies.map((policy, i) => ({
        name: `${role.name} ${i}`,
        policy: JSON.parse(policy),
      })),
      ...(action.startsWith("kms:") ? { resourcePolicy: ACCOUNT_RULES } : {}),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    { simulationMode: underAnyCondition ? "Discovery" : "Strict" },
  );
  if (result.resultType === "error")
    throw new Error(
      `${action} on ${resource} is no request that AWS knows: ${JSON.stringify(result.errors)}`,
    );
  return result.overallResult === "Allowed";
}

/** What a role may do, under whichever condition, with what its stack declares. */
export async function reachOf(role: Role, view: StackView): Promise<Probe[]> {
  const statements = role.policies.flatMap(parsePolicy);
  // A simulation takes milliseconds, and most actions are in none of the role's statements.
  const named = (action: string) =>
    statements.some((s) =>
      s.actions.some((a) => a.includes("*") || a.toLowerCase() === action.toLowerCase()),
    );
  const reach: Probe[] = [];
  for (const probe of probesOf(view))
    if (
      named(probe.action) &&
      (await isAllowed(role, [probe.action, probe.resource], { underAnyCondition: true }))
    )
      reach.push(probe);
  return reach;
}

/** Whether a role's case tells of a request: the same action on the same declared resource or a part of it. */
export function isTold({ action, about }: Probe, may: readonly Request[]): boolean {
  return may.some(
    ([told, resource]) =>
      told.toLowerCase() === action.toLowerCase() &&
      resource.startsWith(about) &&
      ["", ":", "/"].includes(resource.charAt(about.length)),
  );
}
