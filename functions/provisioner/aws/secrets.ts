import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { randomBytes } from "node:crypto";
import { named } from "./is-named";

export async function keepSecret(
  client: SecretsManagerClient,
  prefix: string,
  id: string,
  secrets: object,
): Promise<string> {
  const { ARN } = await client.send(
    new CreateSecretCommand({
      // An update brings a second secret for a while.
      Name: `${prefix}/${id}/${randomBytes(4).toString("hex")}`,
      SecretString: JSON.stringify(secrets),
      Tags: [{ Key: "groundwork:project", Value: id }],
    }),
  );
  return ARN!;
}

export async function removeSecret(client: SecretsManagerClient, SecretId: string): Promise<void> {
  await client
    .send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
    .catch((error: unknown) => {
      if (!named(error, "ResourceNotFoundException")) throw error;
    });
}
