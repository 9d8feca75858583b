import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Secret } from "./ledger";

/** The database's secret on the emulator, empty until the first node fills it. */
export class DatabaseSecret {
  arn = "";

  constructor(private readonly client: SecretsManagerClient) {}

  async create(): Promise<void> {
    const { ARN } = await this.client.send(new CreateSecretCommand({ Name: "database" }));
    this.arn = ARN!;
  }

  async read(): Promise<Secret> {
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: this.arn }));
    return JSON.parse(SecretString!) as Secret;
  }
}

/** The calls of the AWS command line that a node's first start makes, where the real one is not installed. */
export const awsCommandLine = `#!/usr/bin/env node
const { SecretsManager } = require(${JSON.stringify(require.resolve("@aws-sdk/client-secrets-manager"))});
const [service, call, ...words] = process.argv.slice(2);
const option = (name) => words[words.indexOf(name) + 1];
const secrets = new SecretsManager({});
const calls = {
  "get-random-password": async () => {
    const PasswordLength = Number(option("--password-length"));
    const { RandomPassword } = await secrets.getRandomPassword({ PasswordLength, ExcludePunctuation: true });
    process.stdout.write(RandomPassword + "\\n");
  },
  "get-secret-value": async () => {
    const { SecretString } = await secrets.getSecretValue({ SecretId: option("--secret-id") });
    process.stdout.write(SecretString + "\\n");
  },
  "put-secret-value": () =>
    secrets.putSecretValue({
      SecretId: option("--secret-id"),
      SecretString: require("node:fs").readFileSync(0, "utf8"),
    }),
};
if (service !== "secretsmanager" || !calls[call]) throw new Error("no such call: " + service + " " + call);
calls[call]().catch((error) => {
  process.stderr.write(error.name + ": " + error.message + "\\n");
  process.exit(254);
});
`;
