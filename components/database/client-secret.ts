import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, allowKey, Permission } from "../shared/permissions";
import type { SharedStorageArgs } from "./args";

/** Where clients find the way in, and what it takes to read and to keep it. */
export interface ClientSecret {
  arn: pulumi.Input<string>;
  /** What the web app needs to know besides. */
  environment: Record<string, pulumi.Output<string>>;
  clientPermissions: Permission[];
  nodePermissions: Permission[];
}

/** A secret of this account's, or one of another's, which is reached by that account's roles alone. */
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
