import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, allowKey, Permission } from "../shared/permissions";
import type { SharedStorageArgs } from "./args";

/** The secret with which clients connect, and the permissions to read it and to maintain it. */
export interface ClientSecret {
  arn: pulumi.Input<string>;
  /** The other environment variables that the web app needs. */
  environment: Record<string, pulumi.Output<string>>;
  clientPermissions: Permission[];
  nodePermissions: Permission[];
}

/** A secret in this account, or one in another account, which only that account's roles can reach. */
export function clientSecret(
  name: string,
  { secret: elsewhere, keepData }: Pick<SharedStorageArgs, "secret" | "keepData">,
  kmsKeyArn: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): ClientSecret {
  if (elsewhere)
    return {
      arn: elsewhere.arn,
      environment: { DATABASE_ROLE_ARN: pulumi.output(elsewhere.clientRoleArn) },
      clientPermissions: [allow(["sts:AssumeRole"], elsewhere.clientRoleArn)],
      nodePermissions: [allow(["sts:AssumeRole"], elsewhere.nodeRoleArn)],
    };
  const { arn } = new aws.secretsmanager.Secret(
    name,
    {
      description: "The app's user of the database; the first node fills it in",
      kmsKeyId: kmsKeyArn,
      recoveryWindowInDays: keepData ? 30 : 0,
    },
    opts,
  );
  return {
    arn,
    environment: {},
    clientPermissions: [
      allow(["secretsmanager:GetSecretValue"], arn),
      allowKey(["kms:Decrypt"], kmsKeyArn, ["secretsmanager"]),
    ],
    nodePermissions: [
      allow(["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"], arn),
      allowKey(["kms:Decrypt", "kms:GenerateDataKey"], kmsKeyArn, ["secretsmanager"]),
    ],
  };
}
