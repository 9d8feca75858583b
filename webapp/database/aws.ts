import type { Signer } from "@aws-sdk/rds-signer";
import type { Config } from "../config";
import { awsLimits } from "../aws-limits";
import type { SecretPorts, Session, TokenPort } from "./credentials";

// The first connection waits for this, and a request for the connection.
const limits = awsLimits(2, 3000);

/** The secret's own region, unless the configuration names another. */
export const secretRegion = (config: Config): string =>
  config.DATABASE_REGION ?? config.DATABASE_SECRET_ARN!.split(":")[3]!;

/** Reads secrets with the AWS SDK. The first call loads the SDK, because loading it takes a third of the start. */
export function awsPorts(config: Config): SecretPorts {
  return {
    async assumeRole(roleArn) {
      const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/client-sts");
      const client = new STSClient({ region: config.AWS_REGION ?? secretRegion(config), ...limits });
      try {
        const { Credentials: got } = await client.send(
          new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName(config.INSTANCE_NAME) }),
        );
        if (!got?.AccessKeyId || !got.SecretAccessKey || !got.SessionToken || !got.Expiration) {
          throw new Error(`assuming ${roleArn} must give a session, got none`);
        }
        return {
          accessKeyId: got.AccessKeyId,
          secretAccessKey: got.SecretAccessKey,
          sessionToken: got.SessionToken,
          expiration: got.Expiration,
        };
      } finally {
        client.destroy();
      }
    },
    async readSecret(arn: string, session?: Session) {
      const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
      const client = new SecretsManagerClient({
        region: secretRegion(config),
        ...limits,
        ...(session && { credentials: session }),
      });
      try {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
        if (SecretString === undefined) throw new Error(`the secret ${arn} must hold text, got binary`);
        return SecretString;
      } finally {
        client.destroy();
      }
    },
  };
}

/** Tokens are signed here, without a call. One signer per host, because each keeps the role's credentials until they expire. */
export function awsToken(config: Config): TokenPort {
  const signers = new Map<string, Promise<Signer>>();
  const signerOf = async (hostname: string, port: number, username: string) => {
    const { Signer } = await import("@aws-sdk/rds-signer");
    return new Signer({ hostname, port, username, region: config.AWS_REGION! });
  };
  return async ({ host, port, user }) => {
    const signer = signers.get(host) ?? signerOf(host, port, user);
    signers.set(host, signer);
    return (await signer).getAuthToken();
  };
}

// CloudTrail shows this name in the other account. STS allows 64 of these characters.
const sessionName = (instance: string): string =>
  `groundwork-${instance}`.replace(/[^\w+=,.@-]/g, "-").slice(0, 64);
