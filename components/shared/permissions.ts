import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

type Many<T> = T | T[];

export const Effect = { Allow: "Allow", Deny: "Deny" } as const;
export type Effect = (typeof Effect)[keyof typeof Effect];

/** One statement of an IAM policy. Resources are named; a `*` carries its reason beside it. */
export interface Statement {
  Sid?: string;
  Effect: Effect;
  Action: Many<string>;
  Resource?: pulumi.Input<Many<pulumi.Input<string>>>;
  /** For a refusal only. */
  NotResource?: Statement["Resource"];
  Principal?: "*" | Record<string, pulumi.Input<Many<string>>>;
  Condition?: Conditions;
}

/** A statement about the holder of a role. It has lists throughout: programs in other languages have no type for one or several. */
export interface Permission {
  Sid?: string;
  Effect: Effect;
  Action: string[];
  Resource: pulumi.Input<pulumi.Input<string>[]>;
  Condition?: Record<string, Record<string, pulumi.Input<pulumi.Input<string>[]>>>;
}

export type Conditions = Record<string, Record<string, pulumi.Input<Many<pulumi.Input<string>>>>>;

/** Lets the holder of the role do these actions on these resources. */
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

/** A service that uses a key in the name of whoever calls it, as KMS calls it. */
export type KeyUser = "dynamodb" | "elasticfilesystem" | "rds" | "s3" | "secretsmanager";

/**
 * Lets the holder use a KMS key through these services of the key's region, and not by a call of its own.
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

/** What records in X-Ray. */
export const writesTraces = allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"); // * because X-Ray has no resource-level permission

/** What Step Functions asks besides: which of its runs to record. */
export const asksForSamples = allow(["xray:GetSamplingRules", "xray:GetSamplingTargets"], "*"); // * because X-Ray has no resource-level permission

/** A policy document as the JSON text that AWS takes. */
export function policyDocument(statements: pulumi.Input<Statement[]>): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** Who may take a role: a service, and only from this account where the service says for whom it acts. */
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
  /** The service that takes the role, such as `ec2.amazonaws.com`. */
  service: string;
  /** What the role may do. @default nothing */
  permissions?: pulumi.Input<Statement[]>;
  /** Conditions on who may take it. @default none */
  trustCondition?: Conditions;
}

/** A role of a service with one inline policy that holds just its permissions. */
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

/** A role that AWS tries in the moment that it is handed one. */
export interface ReadyRole {
  /** For whoever only names it, such as a bucket's policy. */
  role: aws.iam.Role;
  /** Known only once the role may do what it is there for. */
  arn: pulumi.Output<string>;
  /** What must be there before whoever does not take the ARN. */
  ready: pulumi.Resource[];
}

/** The same for services that refuse what they make when its role lacks a permission, or begin to use it at once. */
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

/** For a bucket's policy: nobody reaches it without TLS. */
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
