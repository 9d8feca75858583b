import {
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { AgentConfig } from "./config";
import { asSuperuser } from "./health";
import type { AdvertisedPorts } from "./advertised";
import type { PasswordPorts, Secret } from "./password";

export interface SecretPorts extends PasswordPorts, AdvertisedPorts {
  /** Whether the secret holds anything. */
  filled(): Promise<boolean>;
  secret: PasswordPorts["secret"];
}

/** The secret in Secrets Manager, and the passwords in the PostgreSQL of this node. */
export function passwordPorts(config: AgentConfig): SecretPorts {
  const own = new SecretsManagerClient({ region: config.region });
  const SecretId = config.secretArn;
  const vault = config.secretRoleArn
    ? new SecretsManagerClient({ region: SecretId.split(":")[3], credentials: sessions(config) })
    : own;
  const sql = (text: string, values?: unknown[]) => asSuperuser(config, text, values);
  return {
    async filled() {
      try {
        const held = await vault.send(new GetSecretValueCommand({ SecretId }), limit());
        return held.SecretString !== undefined || held.SecretBinary !== undefined;
      } catch (error) {
        if ((error as Error).name === "ResourceNotFoundException") return false;
        throw error;
      }
    },
    async secret() {
      const { SecretString, CreatedDate } = await vault.send(
        new GetSecretValueCommand({ SecretId }),
        limit(),
      );
      return { value: parse(SecretString), ageMs: Date.now() - CreatedDate!.getTime() };
    },
    async store(secret) {
      const SecretString = JSON.stringify(secret);
      await vault.send(new PutSecretValueCommand({ SecretId, SecretString }), limit());
    },
    async random() {
      const wanted = { PasswordLength: 40, ExcludePunctuation: true };
      const { RandomPassword } = await own.send(new GetRandomPasswordCommand(wanted), limit());
      return RandomPassword!;
    },
    async certificate() {
      const rows = await sql("SELECT pg_read_file(current_setting('ssl_cert_file')) AS certificate");
      return rows[0]!.certificate as string;
    },
    async kept(user) {
      const rows = await sql("SELECT rolpassword FROM pg_authid WHERE rolname = $1", [user]);
      return (rows[0]?.rolpassword as string | null | undefined) ?? undefined;
    },
    async keep(user, verifier) {
      const known = await sql("SELECT FROM pg_authid WHERE rolname = $1", [user]);
      // Each user acts as the owner from login on: what one user creates belongs to both.
      if (known.length === 0)
        await sql(`CREATE ROLE ${user} LOGIN IN ROLE app; ALTER ROLE ${user} SET role TO app`);
      await sql(`ALTER ROLE ${user} PASSWORD ${verifier === null ? "NULL" : `'${verifier}'`}`);
    },
  };
}

const limit = () => ({ abortSignal: AbortSignal.timeout(10_000) });

/** Sessions of the role in the secret's account; the SDK asks for a new one before one expires. */
function sessions({ region, node, secretRoleArn }: AgentConfig) {
  const sts = new STSClient({ region });
  return async () => {
    const command = new AssumeRoleCommand({ RoleArn: secretRoleArn, RoleSessionName: node });
    const { Credentials: got } = await sts.send(command, limit());
    return {
      accessKeyId: got!.AccessKeyId!,
      secretAccessKey: got!.SecretAccessKey!,
      sessionToken: got!.SessionToken!,
      expiration: got!.Expiration!,
    };
  };
}

function parse(text: string | undefined): Secret {
  const value = JSON.parse(text ?? "{}") as Partial<Secret>;
  if (!value.username || !value.password)
    throw new Error(`the secret must hold username and password, got ${Object.keys(value).join(", ")}`);
  return value as Secret;
}
