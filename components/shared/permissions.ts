import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

type Many<T> = T | T[];

export const Effect = { Allow: "Allow", Deny: "Deny" } as const;
export type Effect = (typeof Effect)[keyof typeof Effect];

/** One statement of an IAM policy. It names its resources; a comment beside each `*` gives the reason. */
export interface Statement {
  Sid?: string;
  Effect: Effect;
  Action: Many<string>;
  Resource?: pulumi.Input<Many<pulumi.Input<string>>>;
  /** Only for denials. */
  NotResource?: Statement["Resource"];
  Principal?: "*" | Record<string, pulumi.Input<Many<string>>>;
  Condition?: Conditions;
}

/** A statement about the holder of a role. It always uses lists: programs in other languages have no type for "one or several". */
export interface Permission {
  Sid?: string;
  Effect: Effect;
  Action: string[];
  Resource: pulumi.Input<pulumi.Input<string>[]>;
  Condition?: Record<string, Record<string, pulumi.Input<pulumi.Input<string>[]>>>;
}

export type Conditions = Record<string, Record<string, pulumi.Input<Many<pulumi.Input<string>>>>>;

/** Allows the role's holder these actions on these resources. */
export function allow(
  actions: string[],
  resources: NonNullable<Statement["Resource"]>,
  conditions?: Conditions,
): Permission {
  return {
    Effect: "Allow",
    Action: actions,
    Resource: listed(resources),
    ...(conditions ? { Condition: mapValues(conditions, (each) => mapValues(each, listed)) } : {}),
  };
}

/** A service that uses a key in its caller's name, as KMS calls the service. */
export type KeyUser = "dynamodb" | "elasticfilesystem" | "rds" | "s3" | "secretsmanager";

/**
 * Lets the holder use a KMS key through these services in the key's region, but not with calls of its own.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function allowKey(
  actions: string[],
  keyArn: pulumi.Input<string>,
  services: KeyUser[],
  conditions: Conditions = {},
): Permission {
  const region = pulumi.output(keyArn).apply((arn) => arn.split(":")[3]);
  const via = services.map((service) => pulumi.interpolate`${service}.${region}.amazonaws.com`);
  return allow(actions, keyArn, {
    ...conditions,
    StringEquals: { ...conditions.StringEquals, "kms:ViaService": via },
  });
}

const listed = (value: pulumi.Input<Many<pulumi.Input<string>>>): Permission["Resource"] =>
  typeof value === "string" || Array.isArray(value)
    ? [value].flat()
    : pulumi.output(value).apply((one) => [one].flat());

const mapValues = <T, U>(of: Record<string, T>, to: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, to(value)]));

/** Permission to write traces to X-Ray. */
export const writesTraces = allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"); // * because X-Ray has no resource-level permission

/** Permission to ask X-Ray which runs to record, which Step Functions also needs. */
export const asksForSamples = allow(["xray:GetSamplingRules", "xray:GetSamplingTargets"], "*"); // * because X-Ray has no resource-level permission

/** A policy document as JSON text. */
export function policyDocument(statements: pulumi.Input<Statement[]>): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** Who may assume a role: a service, and only on behalf of this account if the service states the account. */
export function trustService(service: string, condition?: Conditions): pulumi.Output<string> {
  return policyDocument([
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: service },
      ...(condition ? { Condition: condition } : {}),
    },
  ]);
}

export interface ServiceRoleArgs {
  /** The service that assumes the role, such as `ec2.amazonaws.com`. */
  service: string;
  /** What the role may do. @default nothing */
  permissions?: pulumi.Input<Statement[]>;
  /** Conditions on who may assume it. @default none */
  trustCondition?: Conditions;
}

/** A service's role with one inline policy that contains just these permissions. */
export function serviceRole(
  name: string,
  args: ServiceRoleArgs,
  opts: pulumi.CustomResourceOptions,
): aws.iam.Role {
  const role = bareRole(name, args, opts);
  const { permissions = [] } = args;
  if (!Array.isArray(permissions) || permissions.length > 0) inlinePolicy(name, role, permissions, opts);
  return role;
}

/** A role that AWS tests as soon as it receives it. */
export interface ReadyRole {
  /** For policies that only name the role, such as a bucket's. */
  role: aws.iam.Role;
  /** Available only once the role has its permissions. */
  arn: pulumi.Output<string>;
  /** What a resource must wait for if it does not use `arn`. */
  ready: pulumi.Resource[];
}

/** The same, for services that refuse to create something if its role lacks a permission, or that use the role at once. */
export function readyRole(
  name: string,
  args: ServiceRoleArgs & Required<Pick<ServiceRoleArgs, "permissions">>,
  opts: pulumi.CustomResourceOptions,
): ReadyRole {
  const role = bareRole(name, args, opts);
  const policy = inlinePolicy(name, role, args.permissions, opts);
  return { role, arn: pulumi.all([role.arn, policy.id]).apply(([arn]) => arn), ready: [policy] };
}

const bareRole = (
  name: string,
  { service, trustCondition }: ServiceRoleArgs,
  opts: pulumi.CustomResourceOptions,
): aws.iam.Role => new aws.iam.Role(name, { assumeRolePolicy: trustService(service, trustCondition) }, opts);

const inlinePolicy = (
  name: string,
  role: aws.iam.Role,
  permissions: pulumi.Input<Statement[]>,
  opts: pulumi.CustomResourceOptions,
): aws.iam.RolePolicy =>
  new aws.iam.RolePolicy(name, { role: role.name, policy: policyDocument(permissions) }, opts);

/** For a bucket's policy: denies all access without TLS. */
export function denyPlainHttp(bucketArn: pulumi.Input<string>): Statement {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*", // * because a refusal must hold for everyone
    Action: "s3:*",
    Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
