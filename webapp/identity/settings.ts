import type { Config } from "../config";
import { awsLimits } from "../aws-limits";

/** The stack's settings for people and files, which the web app reads from SSM Parameter Store. */
export interface PlatformSettings {
  userPoolId: string;
  webClientId: string;
  webClientSecret: string;
  apiClientId: string;
  sessionKeyArn: string;
  passwordMinimumLength: number;
  selfSignUp: boolean;
  threatProtection: boolean;
  /** The domain that people's passkeys are bound to; absent if passkeys are off. */
  passkeySite?: string;
  /** Absent if the stack has no uploads. */
  uploads?: UploadSettings;
}

export interface UploadSettings {
  normalBucket: string;
  sensitiveBucket: string;
  sensitiveKeyArn: string;
  maxBytes: number;
  /** The most that a person may store. Absent if an older stack has written the settings. */
  maxPersonBytes?: number;
  contentTypes: string[];
}

export interface PlatformPorts {
  /** The values of the parameters that exist, by name. */
  parameters(names: string[]): Promise<Record<string, string>>;
  /** The same bytes each time, which only a role with access to the key can compute. */
  mac(keyArn: string, message: string): Promise<Uint8Array>;
}

// Nine: AWS returns ten at once, and the uploads' is the tenth.
const IDENTITY = {
  userPoolId: "identity/user-pool-id",
  webClientId: "identity/web-client-id",
  webClientSecret: "identity/web-client-secret",
  apiClientId: "identity/api-client-id",
  sessionKeyArn: "identity/session-key-arn",
  passwordMinimumLength: "identity/password-minimum-length",
  selfSignUp: "identity/self-sign-up",
  threatProtection: "identity/threat-protection",
  passkeySite: "identity/passkey-site",
} as const;

/** The value that stands for no names: a parameter cannot be empty. */
const NO_PASSKEYS = "off";

/**
 * Reads all settings, and throws until the stack has written them. A stack without uploads does not ask for theirs: AWS refuses the
 * whole call if the role may not read one of the names.
 */
export async function readPlatformSettings(
  path: string,
  uploadsParameter: string | undefined,
  ports: PlatformPorts,
): Promise<PlatformSettings> {
  const at = (name: string) => `${path}/${name}`;
  const names = [...Object.values(IDENTITY).map(at), ...(uploadsParameter ? [uploadsParameter] : [])];
  const values = await ports.parameters(names);
  const missing = names.filter((name) => values[name] === undefined);
  if (missing.length > 0) throw new Error(`the parameters ${missing.join(", ")} must exist, but do not yet`);
  const read = (name: keyof typeof IDENTITY) => values[at(IDENTITY[name])]!;
  const passkeySite = read("passkeySite");
  const uploads = uploadsParameter && values[uploadsParameter];
  return {
    userPoolId: read("userPoolId"),
    webClientId: read("webClientId"),
    webClientSecret: read("webClientSecret"),
    apiClientId: read("apiClientId"),
    sessionKeyArn: read("sessionKeyArn"),
    passwordMinimumLength: Number(read("passwordMinimumLength")),
    selfSignUp: read("selfSignUp") === "true",
    threatProtection: read("threatProtection") === "true",
    ...(passkeySite !== NO_PASSKEYS && { passkeySite }),
    ...(uploads && { uploads: JSON.parse(uploads) as UploadSettings }),
  };
}

/** The ports on AWS; each SDK client is loaded on first use. */
export function awsPlatformPorts({ AWS_REGION: region }: Config): PlatformPorts {
  return {
    async parameters(names) {
      const { GetParametersCommand, SSMClient } = await import("@aws-sdk/client-ssm");
      const ssm = new SSMClient({ region, ...awsLimits(3, 3000) });
      const { Parameters = [] } = await ssm.send(
        new GetParametersCommand({ Names: names, WithDecryption: true }),
      );
      return Object.fromEntries(Parameters.map(({ Name, Value }) => [Name!, Value!]));
    },
    async mac(keyArn, message) {
      const { GenerateMacCommand, KMSClient } = await import("@aws-sdk/client-kms");
      const kms = new KMSClient({ region, ...awsLimits(3, 3000) });
      const request = { KeyId: keyArn, MacAlgorithm: "HMAC_SHA_256" as const, Message: Buffer.from(message) };
      return (await kms.send(new GenerateMacCommand(request))).Mac!;
    },
  };
}
