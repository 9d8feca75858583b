import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { randomBytes } from "node:crypto";
import { stackNameOf } from "../project";
import type { Values } from "../values";
import { named } from "../../shared/is-named";

/** The credentials for the repository: for the build alone. */
export const keepSecret = (client: SecretsManagerClient, prefix: string, id: string, secrets: object) =>
  keep(client, `${prefix}/${id}/`, id, secrets);

/** The program's environment: for the servers alone, whose role finds it by the stack's name. */
export const keepValues = (client: SecretsManagerClient, prefix: string, id: string, values: Values) =>
  keep(client, `${stackNameOf(prefix, id)}/values-`, id, values);

/** The key that a Git host signs with: for the API alone. */
export const keepHook = (client: SecretsManagerClient, prefix: string, id: string, secret: string) =>
  keep(client, `${stackNameOf(prefix, id)}/hook-`, id, { secret });

async function keep(
  client: SecretsManagerClient,
  name: string,
  id: string,
  content: object,
): Promise<string> {
  const { ARN } = await client.send(
    new CreateSecretCommand({
      // An update adds a second secret for a while.
      Name: `${name}${randomBytes(4).toString("hex")}`,
      SecretString: JSON.stringify(content),
      Tags: [{ Key: "groundwork:project", Value: id }],
    }),
  );
  return ARN!;
}

export const readValues = (client: SecretsManagerClient, arn: string) => read<Values>(client, arn);

export const readHook = async (client: SecretsManagerClient, arn: string) =>
  (await read<{ secret: string }>(client, arn)).secret;

/** A secret whose value is JSON. */
export async function read<T>(client: SecretsManagerClient, SecretId: string): Promise<T> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  return JSON.parse(SecretString!) as T;
}

export async function removeSecret(client: SecretsManagerClient, SecretId: string): Promise<void> {
  await client
    .send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
    .catch((error: unknown) => {
      if (!named(error, "ResourceNotFoundException")) throw error;
    });
}
