import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "../shared/check";
import { parseCidr } from "../shared/cidr";
import { allow, Statement } from "../shared/permissions";
import { egress, securityGroup } from "../shared/security-group";
import { Database, DATABASE_PORT } from "./database";

export interface ExternalDatabaseArgs {
  vpcId: pulumi.Input<string>;
  /** Holds user, password and, unless `endpoint` says it, the host. */
  secretArn: string;
  /** The role to take for reading the secret, where it belongs to another account. @default the client's own */
  roleArn?: string;
  /** The key of the secret, where clients read it as themselves. @default the account's own key for secrets */
  kmsKeyArn?: string;
  /** @default what the secret says */
  endpoint?: string;
  /** @default the writers' */
  readEndpoint?: string;
  /** Where the database is: clients reach nothing else. */
  cidrBlocks: string[];
}

/**
 * A PostgreSQL that somebody else runs; builds the clients' way to it and nothing else.
 * Costs nothing. Fails as that database fails.
 */
export class ExternalDatabase extends pulumi.ComponentResource implements Database {
  readonly secretArn: pulumi.Output<string>;
  readonly endpoint?: pulumi.Output<string>;
  readonly readEndpoint?: pulumi.Output<string>;
  readonly clientSecurityGroupId: pulumi.Output<string>;
  readonly environment: Record<string, pulumi.Output<string>>;
  readonly clientStatements: Statement[];

  constructor(name: string, args: ExternalDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArgs(name, args);
    super("groundwork:index:ExternalDatabase", name, {}, opts);
    const parent = { parent: this };
    const clients: aws.ec2.SecurityGroup = securityGroup(
      `${name}-clients`,
      args.vpcId,
      "Clients of the database",
      parent,
    );
    for (const cidr of args.cidrBlocks)
      egress(`${name}-${cidr}`, clients.id, { description: "PostgreSQL", port: DATABASE_PORT, cidr }, parent);

    this.secretArn = pulumi.output(args.secretArn);
    if (args.endpoint) this.endpoint = pulumi.output(args.endpoint);
    const reads = args.readEndpoint ?? args.endpoint;
    if (reads) this.readEndpoint = pulumi.output(reads);
    this.clientSecurityGroupId = clients.id;
    this.environment = environmentOf(args);
    this.clientStatements = args.roleArn
      ? [allow(["sts:AssumeRole"], args.roleArn)]
      : [
          allow(["secretsmanager:GetSecretValue"], args.secretArn),
          ...(args.kmsKeyArn ? [allow(["kms:Decrypt"], args.kmsKeyArn)] : []),
        ];
    this.registerOutputs({
      secretArn: this.secretArn,
      clientSecurityGroupId: this.clientSecurityGroupId,
      ...(this.endpoint ? { endpoint: this.endpoint } : {}),
      ...(this.readEndpoint ? { readEndpoint: this.readEndpoint } : {}),
    });
  }
}

function environmentOf(args: ExternalDatabaseArgs): Record<string, pulumi.Output<string>> {
  const values = {
    DATABASE_SECRET_ARN: args.secretArn,
    DATABASE_ROLE_ARN: args.roleArn,
    DATABASE_HOST: args.endpoint,
    DATABASE_READ_HOST: args.readEndpoint,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value ? [[key, pulumi.output(value)]] : [])),
  );
}

function checkArgs(name: string, args: ExternalDatabaseArgs): void {
  new Check("ExternalDatabase", name)
    .that(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+$/.test(args.secretArn),
      "secretArn",
      "the ARN of a Secrets Manager secret",
      args.secretArn,
    )
    .that(
      args.roleArn === undefined || /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(args.roleArn),
      "roleArn",
      "the ARN of an IAM role",
      args.roleArn,
    )
    .that(
      args.cidrBlocks.length > 0 && args.cidrBlocks.every((cidr) => parseCidr(cidr) !== undefined),
      "cidrBlocks",
      "IPv4 blocks such as 10.20.0.0/16",
      args.cidrBlocks,
    )
    .done();
}
