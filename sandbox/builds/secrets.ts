import { Use } from "../engine/clients";
import { Problem } from "../problem";

/** The parts of a secret's ARN, the last of which is its name. */
const ARN_PARTS = 7;

/** The value that a build's variable names in Secrets Manager: ARN or name, the key in its JSON, and perhaps a version. */
export async function secretValue(use: Use, reference: string): Promise<string> {
  const parts = reference.split(":");
  const length = parts[0] === "arn" ? ARN_PARTS : 1;
  const SecretId = parts.slice(0, length).join(":");
  const [key, VersionStage, VersionId] = parts.slice(length).map((part) => part || undefined);
  const secrets = await use("secretsmanager");
  const { SecretString = "" } = await secrets.getSecretValue({ SecretId, VersionStage, VersionId });
  if (!key) return SecretString;
  const value = (JSON.parse(SecretString) as Record<string, unknown>)[key];
  if (value === undefined) throw new Problem(`The secret ${SecretId} has no ${key}.`);
  return String(value);
}
