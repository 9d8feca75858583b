import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fill } from "../shared/options";
import { allow, allowKey, Permission } from "../shared/permissions";
import { egress, securityGroup } from "../shared/security-group";
import { Database, DATABASE_PORT, ExternalDatabaseArgs, externalDatabaseOptions } from "./args";

/**
 * A PostgreSQL database that someone else runs; builds only the clients' access to it.
 * Costs nothing. Fails as that database fails.
 */
export class ExternalDatabase extends pulumi.ComponentResource implements Database {
  readonly secretArn: pulumi.Output<string>;
  readonly endpoint?: pulumi.Output<string>;
  readonly readEndpoint?: pulumi.Output<string>;
  readonly clientSecurityGroupId: pulumi.Output<string>;
  readonly opens: pulumi.Resource[];
  readonly environment: Record<string, pulumi.Output<string>>;
  readonly clientPermissions: Permission[];

  constructor(name: string, args: ExternalDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    fill("ExternalDatabase", name, externalDatabaseOptions, args);
    super("groundwork:index:ExternalDatabase", name, {}, opts);
    const parent = { parent: this };
    const clients: aws.ec2.SecurityGroup = securityGroup(
      `${name}-clients`,
      args.network.vpcId,
      "Clients of the database",
      parent,
    );
    this.opens = args.cidrBlocks.map((cidr) =>
      egress(`${name}-${cidr}`, clients.id, { description: "PostgreSQL", port: DATABASE_PORT, cidr }, parent),
    );

    this.secretArn = pulumi.output(args.secretArn);
    if (args.endpoint) this.endpoint = pulumi.output(args.endpoint);
    const reads = args.readEndpoint ?? args.endpoint;
    if (reads) this.readEndpoint = pulumi.output(reads);
    this.clientSecurityGroupId = clients.id;
    this.environment = environmentOf(args);
    this.clientPermissions = args.roleArn
      ? [allow(["sts:AssumeRole"], args.roleArn)]
      : [
          allow(["secretsmanager:GetSecretValue"], args.secretArn),
          ...(args.kmsKeyArn ? [allowKey(["kms:Decrypt"], args.kmsKeyArn, ["secretsmanager"])] : []),
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
