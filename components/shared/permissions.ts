import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

type Many<T> = T | T[];

/** One statement of an IAM policy. Resources are named; a `*` carries its reason beside it. */
export interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Action: Many<string>;
  Resource?: pulumi.Input<Many<string>> | pulumi.Input<string>[];
  Principal?: "*" | Record<string, pulumi.Input<Many<string>>>;
  Condition?: Record<string, Record<string, pulumi.Input<Many<string>>>>;
}

export type Conditions = NonNullable<Statement["Condition"]>;

/** Lets the holder of the role do these actions on these resources. */
export function allow(
  actions: string[],
  resources: Statement["Resource"],
  condition?: Conditions,
): Statement {
  return {
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...(condition ? { Condition: condition } : {}),
  };
}

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
  const role = new aws.iam.Role(
    name,
    { assumeRolePolicy: trustService(args.service, args.trustCondition) },
    opts,
  );
  const { permissions = [] } = args;
  if (!Array.isArray(permissions) || permissions.length > 0)
    new aws.iam.RolePolicy(name, { role: role.name, policy: policyDocument(permissions) }, opts);
  return role;
}

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
