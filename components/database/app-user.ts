import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AppUserEnvironment } from "../../functions/database/environment";
import type { NetworkLike } from "../network/args";
import { here } from "../shared/here";
import { InputsOf, Lambda } from "../shared/lambda";
import { allow, allowKey, Permission } from "../shared/permissions";
import { egress, securityGroup } from "../shared/security-group";
import { DATABASE_PORT } from "./args";

/** The web app's user of a database that RDS runs. */
export const APP_USER = "web";

export interface AppUserArgs {
  network: NetworkLike;
  /** The security group whose members can reach the database. */
  clientSecurityGroupId: pulumi.Input<string>;
  /** The rules through which that group's members reach the database. */
  opens: pulumi.Resource[];
  host: pulumi.Output<string>;
  databaseName: string;
  masterUser: string;
  masterSecretArn: pulumi.Output<string>;
  kmsKeyArn: pulumi.Input<string>;
  /** The id by which IAM knows the database. A replaced database has another one. */
  resourceId: pulumi.Output<string>;
  /** What must exist before anybody can sign in. */
  ready: pulumi.Resource[];
}

/**
 * A function in the VPC creates the web app's user as soon as the database exists. Only this function may read the master's secret.
 * Returns the permissions that the app's role needs to sign in.
 */
export function appUser(name: string, args: AppUserArgs, parent: { parent: pulumi.Resource }): Permission[] {
  const { network, resourceId } = args;
  const group = securityGroup(name, network.vpcId, "The function that makes the web user", parent);
  const opens = [
    ...args.opens,
    egress(`${name}-https`, group.id, { description: "The secret", port: 443, cidr: "0.0.0.0/0" }, parent),
    ...(network.allowEgress?.(name, group.id) ?? []),
  ];
  const userArn = (user: string) =>
    here(parent).arn("rds-db", pulumi.interpolate`dbuser:${resourceId}/${user}`);

  const lambda = new Lambda(
    name,
    {
      entry: require.resolve("../../functions/database/app-user/entry"),
      environment: {
        DATABASE_HOST: args.host,
        DATABASE_PORT: String(DATABASE_PORT),
        DATABASE_NAME: args.databaseName,
        MASTER_SECRET_ARN: args.masterSecretArn,
        APP_USER,
      } satisfies InputsOf<AppUserEnvironment>,
      permissions: [
        allow(["secretsmanager:GetSecretValue"], args.masterSecretArn),
        allowKey(["kms:Decrypt"], args.kmsKeyArn, ["secretsmanager"]),
        allow(["rds-db:connect"], userArn(args.masterUser)),
      ],
      vpc: {
        subnetIds: network.privateSubnetIds,
        securityGroupIds: [group.id, args.clientSecurityGroupId],
      },
      timeoutSeconds: 180,
    },
    parent,
  );
  new aws.lambda.Invocation(
    name,
    {
      functionName: lambda.functionName,
      input: "{}",
      // Runs again when the database or the function changes. A second run leaves correct settings alone.
      triggers: { database: resourceId, code: lambda.function.codeSha256 },
    },
    { ...parent, dependsOn: [lambda, ...opens, ...args.ready, ...(network.ready ?? [])] },
  );
  return [allow(["rds-db:connect"], userArn(APP_USER))];
}
