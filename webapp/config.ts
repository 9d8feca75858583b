import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { envSchema } from "env-schema";

/** Everything the web app reads from its environment; docs/webapp.md lists the same variables. */
export interface Config {
  PORT: number;
  HOST: string;
  LOG_LEVEL: string;
  INSTANCE_NAME: string;
  AWS_REGION?: string;
  DATABASE_SECRET_ARN?: string;
  DATABASE_ROLE_ARN?: string;
  DATABASE_REGION?: string;
  DATABASE_HOST?: string;
  DATABASE_PORT?: number;
  DATABASE_NAME?: string;
  DATABASE_READ_HOST?: string;
  DATABASE_IAM_USER?: string;
  DATABASE_CA?: string;
  DATABASE_CA_FILE?: string;
  DATABASE_TLS: "verify" | "off";
  DATABASE_URL?: string;
  DATABASE_POOL_SIZE: number;
  LOAD_QUEUE: number;
  RATE_LIMIT_PER_MINUTE: number;
  TRUSTED_PROXIES: number;
  SHUTDOWN_SECONDS: number;
  PARAMETER_PATH?: string;
  UPLOADS_PARAMETER?: string;
  PROVISIONER_PARAMETER?: string;
  SIGN_IN_TRIES_PER_MINUTE: number;
  /** Whether visitors who are not signed in see the users, without addresses. */
  OPEN_USERS: "yes" | "no";
  /** The minimum duration of an answer that depends on whether an address has an account. */
  ACCOUNT_ANSWER_MS: number;
  METRICS_NAMESPACE?: string;
  METRICS_INTERVAL_SECONDS: number;
  /** The share of requests that are traced. */
  TRACED_PERCENT: number;
  TRACES_ENDPOINT: string;
}

const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];
const text = { type: "string", minLength: 1 } as const;
const whole = (minimum: number, maximum: number, byDefault?: number) => ({
  type: "integer",
  minimum,
  maximum,
  ...(byDefault === undefined ? {} : { default: byDefault }),
  description: `a whole number from ${minimum} to ${maximum}`,
});
const matching = (pattern: string, description: string) => ({ type: "string", pattern, description });
const REGION = matching("^[a-z]{2}(-[a-z]+)+-\\d$", "an AWS region such as eu-west-1");

const schema = {
  type: "object",
  properties: {
    PORT: whole(0, 65535, 8080),
    HOST: { ...text, default: "0.0.0.0" },
    LOG_LEVEL: { type: "string", enum: LEVELS, default: "info", description: `one of ${LEVELS.join(", ")}` },
    INSTANCE_NAME: { ...text, default: hostname() },
    AWS_REGION: REGION,
    DATABASE_SECRET_ARN: matching(
      "^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:.+$",
      "the ARN of a Secrets Manager secret",
    ),
    DATABASE_ROLE_ARN: matching("^arn:aws[a-z-]*:iam::\\d{12}:role/.+$", "the ARN of an IAM role"),
    DATABASE_REGION: REGION,
    DATABASE_HOST: text,
    DATABASE_PORT: whole(1, 65535),
    DATABASE_NAME: text,
    DATABASE_READ_HOST: text,
    DATABASE_IAM_USER: matching("^[a-z_][a-z0-9_]{0,62}$", "a user of PostgreSQL such as web"),
    DATABASE_CA: matching("-----BEGIN CERTIFICATE-----", "PEM certificates"),
    DATABASE_CA_FILE: text,
    DATABASE_TLS: {
      type: "string",
      enum: ["verify", "off"],
      default: "verify",
      description: "verify or off",
    },
    DATABASE_URL: matching("^postgres(ql)?://", "a postgresql:// URL"),
    DATABASE_POOL_SIZE: whole(1, 100, 10),
    LOAD_QUEUE: whole(1, 10_000, 64),
    RATE_LIMIT_PER_MINUTE: whole(1, 1_000_000_000, 600),
    TRUSTED_PROXIES: whole(0, 10, 1),
    SHUTDOWN_SECONDS: whole(1, 18, 15),
    PARAMETER_PATH: matching("^(/[\\w.-]+)+$", "a path of SSM parameters such as /groundwork/dev"),
    UPLOADS_PARAMETER: matching(
      "^(/[\\w.-]+)+$",
      "the name of an SSM parameter such as /groundwork/dev/uploads/settings",
    ),
    PROVISIONER_PARAMETER: matching(
      "^(/[\\w.-]+)+$",
      "the name of an SSM parameter such as /groundwork/dev/provisioner/api-url",
    ),
    OPEN_USERS: { type: "string", enum: ["yes", "no"], default: "yes", description: "yes or no" },
    SIGN_IN_TRIES_PER_MINUTE: whole(1, 1_000_000, 20),
    ACCOUNT_ANSWER_MS: whole(0, 10_000, 1_000),
    METRICS_NAMESPACE: matching("^[A-Za-z0-9/_.#:-]{1,255}$", "a CloudWatch namespace"),
    METRICS_INTERVAL_SECONDS: whole(1, 3600, 60),
    TRACED_PERCENT: whole(0, 100, 0),
    TRACES_ENDPOINT: {
      ...matching("^https?://", "an http:// or https:// address"),
      default: "http://127.0.0.1:4318/v1/traces",
    },
  },
} as const;

// With verbose, each error carries the value and the schema that refused it: the messages need them. Validating the schema
// itself would take a tenth of the start.
const withValues = <Validator extends { opts: { verbose?: boolean; validateSchema?: boolean | "log" } }>(
  ajv: Validator,
): Validator => {
  ajv.opts.verbose = true;
  ajv.opts.validateSchema = false;
  return ajv;
};

interface SchemaError {
  keyword: string;
  instancePath: string;
  data?: unknown;
  parentSchema?: { description?: string };
}

/** Reads and checks the environment; throws one error that names every wrong variable. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const data = withoutEmpty(environment);
  const problems: string[] = [];
  let config: Config = { ...data } as unknown as Config;
  try {
    config = envSchema<Config>({
      schema: structuredClone(schema),
      data,
      env: false,
      ajv: { customOptions: withValues },
    });
  } catch (error) {
    const errors = (error as { errors?: SchemaError[] }).errors;
    if (!errors) throw error;
    problems.push(...errors.map(describe));
  }
  problems.push(...conflicts(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config.DATABASE_CA_FILE ? { ...config, DATABASE_CA: readCa(config.DATABASE_CA_FILE) } : config;
}

export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(
      `The web app cannot start, its environment is wrong:\n${problems.map((each) => `  ${each}`).join("\n")}`,
    );
    this.name = "ConfigError";
  }
}

export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);

// An env file writes an unset variable as NAME=, which means the default, not an empty string.
const withoutEmpty = (environment: NodeJS.ProcessEnv) =>
  Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name in schema.properties && value !== ""),
  );

function describe(error: SchemaError): string {
  const name = error.instancePath.slice(1);
  // A URL contains a password, and PEM text is long: neither belongs in a log.
  const got =
    name === "DATABASE_URL" || name === "DATABASE_CA" ? "something else" : JSON.stringify(error.data);
  return `${name} must be ${error.parentSchema?.description ?? "text"}, got ${got}`;
}

function conflicts(config: Config): string[] {
  const problems: string[] = [];
  const url =
    config.DATABASE_URL && URL.canParse(config.DATABASE_URL) ? new URL(config.DATABASE_URL) : undefined;
  if (config.DATABASE_URL && !url)
    problems.push("DATABASE_URL must be a postgresql:// URL, got something else");
  if (config.DATABASE_URL && config.DATABASE_SECRET_ARN) {
    problems.push("DATABASE_URL must not be set together with DATABASE_SECRET_ARN, got both");
  }
  if (config.DATABASE_ROLE_ARN && !config.DATABASE_SECRET_ARN)
    problems.push("DATABASE_ROLE_ARN must come with DATABASE_SECRET_ARN, got it alone");
  for (const name of ["DATABASE_HOST", "DATABASE_NAME", "DATABASE_PORT"] as const) {
    if (config[name] && !config.DATABASE_SECRET_ARN && !config.DATABASE_IAM_USER)
      problems.push(`${name} must come with DATABASE_SECRET_ARN or DATABASE_IAM_USER, got it alone`);
  }
  if (
    config.DATABASE_READ_HOST &&
    !config.DATABASE_SECRET_ARN &&
    !config.DATABASE_IAM_USER &&
    !config.DATABASE_URL
  ) {
    problems.push(
      "DATABASE_READ_HOST must come with DATABASE_SECRET_ARN, DATABASE_IAM_USER or DATABASE_URL, got it alone",
    );
  }
  if (config.DATABASE_IAM_USER) problems.push(...iamConflicts(config));
  for (const name of ["UPLOADS_PARAMETER", "PROVISIONER_PARAMETER"] as const)
    if (config[name] && !config.PARAMETER_PATH)
      problems.push(`${name} must come with PARAMETER_PATH, got it alone`);
  if (config.DATABASE_CA && config.DATABASE_CA_FILE) {
    problems.push("DATABASE_CA must not be set together with DATABASE_CA_FILE, got both");
  }
  // The host in the secret is not known yet, but it is not this machine.
  const named = config.DATABASE_SECRET_ARN ? "the host that the secret names" : undefined;
  const hosts = [url?.hostname ?? config.DATABASE_HOST ?? named, config.DATABASE_READ_HOST];
  const remote = hosts.filter((host) => host !== undefined && !isLoopback(host));
  if (config.DATABASE_TLS === "off" && remote.length > 0) {
    problems.push(
      `DATABASE_TLS must be verify for a database on another machine, got off for ${remote.join(", ")}`,
    );
  }
  if (config.DATABASE_CA_FILE) problems.push(...caFileProblems(config.DATABASE_CA_FILE));
  return problems;
}

/** Its password is an AWS token for one host, and only TLS keeps it from eavesdroppers. */
function iamConflicts(config: Config): string[] {
  const problems = (["DATABASE_SECRET_ARN", "DATABASE_URL"] as const)
    .filter((name) => config[name])
    .map((name) => `DATABASE_IAM_USER must not be set together with ${name}, got both`);
  for (const name of ["DATABASE_HOST", "AWS_REGION"] as const)
    if (!config[name]) problems.push(`DATABASE_IAM_USER must come with ${name}, got none`);
  if (config.DATABASE_TLS === "off")
    problems.push("DATABASE_TLS must be verify where DATABASE_IAM_USER is set, got off");
  return problems;
}

const readCa = (file: string): string => readFileSync(file, "utf8");

function caFileProblems(file: string): string[] {
  try {
    if (readCa(file).includes("-----BEGIN CERTIFICATE-----")) return [];
    return [`DATABASE_CA_FILE must hold PEM certificates, got ${JSON.stringify(file)} without any`];
  } catch {
    return [`DATABASE_CA_FILE must be a readable file, got ${JSON.stringify(file)}`];
  }
}
