import { randomBytes } from "node:crypto";
import { SERVICES } from "./services";

/** The account of everything: unsigned calls (Cognito, API Gateway) only find MiniStack's default one. */
export const ACCOUNT = "123456789012";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface Endpoints {
  ministack: string;
  moto: string;
  region: string;
  /** Root's keys on both emulators, generated anew at each start. */
  credentials: Credentials;
}

/** Keys that nobody can guess; AWS's own keys have another prefix. */
export function newCredentials(): Credentials {
  const random = (bytes: number) => randomBytes(bytes).toString("hex");
  return { accessKeyId: `SANDBOX${random(10).toUpperCase()}`, secretAccessKey: random(20) };
}

/** The keys in an environment that `awsEnvironment` made. */
export const credentialsIn = (environment: NodeJS.ProcessEnv): Credentials => ({
  accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
  secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
});

/** Proves to the emulators' proxies that the sandbox itself calls: for their own pages, or without a signature. */
export const ownKey = ({ credentials }: Pick<Endpoints, "credentials">) => ({
  "x-groundwork-key": credentials.secretAccessKey,
});

/** A port of this machine where nobody listens: it stops whoever goes out through a proxy. */
const NOWHERE = "http://127.0.0.1:9";

/** The variables by which any AWS SDK finds the emulators and nothing else, least of all AWS itself. */
export function awsEnvironment(endpoints: Endpoints): Record<string, string> {
  const { ministack, region, credentials } = endpoints;
  return {
    AWS_ENDPOINT_URL: ministack,
    ...Object.fromEntries(
      Object.values(SERVICES).map(({ on, variable }) => [`AWS_ENDPOINT_URL_${variable}`, endpoints[on]]),
    ),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_EC2_METADATA_SERVICE_ENDPOINT: NOWHERE,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
}

/** What a process may inherit from the shell: everything except what leads to AWS, directly or not. */
export function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ways = /^(AWS|BOTO)_|^((HTTPS?|ALL|NO)_PROXY)$/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ways.test(name)));
}

/** Blocks outgoing calls of programs with their own addresses, as the AWS CLI has for some services. */
export function closedWays(): Record<string, string> {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].map((name) => [name, NOWHERE]);
  const all = [...names, ["NO_PROXY", "127.0.0.1,localhost"]];
  return Object.fromEntries(
    all.flatMap(([name, value]) => [name, name!.toLowerCase()].map((one) => [one, value!])),
  );
}
