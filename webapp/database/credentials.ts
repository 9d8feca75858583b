import type { Config } from "../config";

/** What a connection needs. */
export interface Credentials {
  host: string;
  port: number;
  database: string;
  user: string;
  /** Or a function that makes one for each connection to a host. */
  password: string | TokenFor;
  /** The authority of the server's certificate, as PEM, if the secret names one. */
  ca?: string;
}

/** Makes a password that is valid on a host for a while. */
export type TokenFor = (host: string) => Promise<string>;

/** The source of credentials. `renew` reads them again, after the database has refused the current ones. */
export interface CredentialSource {
  current(): Promise<Credentials>;
  renew(): Promise<Credentials>;
}

/** A session of an assumed role. */
export interface Session {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** The two AWS calls behind a secret; aws.ts makes them. */
export interface SecretPorts {
  assumeRole(roleArn: string): Promise<Session>;
  /** The secret's text, read with the process's own credentials if there is no session. */
  readSecret(arn: string, session?: Session): Promise<string>;
}

/** Signs a token with the process's own credentials. */
export type TokenPort = (at: { host: string; port: number; user: string }) => Promise<string>;

// A session is dropped this long before it expires, so that none expires between the check and its use.
const MARGIN_MS = 5 * 60_000;

/** Credentials in a Secrets Manager secret, in another account if a role is configured. */
export class SecretCredentials implements CredentialSource {
  private secret?: Promise<Credentials>;
  private session?: Session;

  constructor(
    private readonly config: Config,
    private readonly ports: SecretPorts,
    private readonly now: () => number = Date.now,
  ) {}

  current(): Promise<Credentials> {
    return (this.secret ??= this.forgetOnFailure(this.read()));
  }

  renew(): Promise<Credentials> {
    return (this.secret = this.forgetOnFailure(this.read()));
  }

  private forgetOnFailure(reading: Promise<Credentials>): Promise<Credentials> {
    reading.catch(() => {
      if (this.secret === reading) this.secret = undefined;
    });
    return reading;
  }

  private async read(): Promise<Credentials> {
    const arn = this.config.DATABASE_SECRET_ARN!;
    return parseSecret(arn, await this.ports.readSecret(arn, await this.roleSession()), this.config);
  }

  private async roleSession(): Promise<Session | undefined> {
    const role = this.config.DATABASE_ROLE_ARN;
    if (!role) return undefined;
    if (!this.session || this.session.expiration.getTime() - MARGIN_MS <= this.now()) {
      this.session = await this.ports.assumeRole(role);
    }
    return this.session;
  }
}

/** The settings override the secret: a secret that RDS manages contains only a name and a password. */
export function parseSecret(arn: string, text: string, config: Config): Credentials {
  const fields = parseObject(arn, text);
  const host = config.DATABASE_HOST ?? fields.host;
  const missing = [
    ...["username", "password"].filter((name) => typeof fields[name] !== "string" || fields[name] === ""),
    ...(typeof host === "string" ? [] : ["host (or set DATABASE_HOST)"]),
  ];
  if (missing.length > 0) {
    throw new Error(
      `the secret ${arn} must hold ${missing.join(" and ")}, got the fields ${Object.keys(fields).join(", ")}`,
    );
  }
  return {
    host: String(host),
    port: Number(config.DATABASE_PORT ?? fields.port ?? 5432),
    database: String(config.DATABASE_NAME ?? fields.dbname ?? "postgres"),
    user: String(fields.username),
    password: String(fields.password),
    ...(typeof fields.ca === "string" && { ca: fields.ca }),
  };
}

function parseObject(arn: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // The text itself is never shown: it is the secret.
  }
  throw new Error(`the secret ${arn} must hold a JSON object, got something else`);
}

/** An RDS user without a password: IAM decides who may sign in, with a token for each connection. */
export function iamCredentials(config: Config, tokenOf: TokenPort): CredentialSource {
  const user = config.DATABASE_IAM_USER!;
  const port = config.DATABASE_PORT ?? 5432;
  const credentials: Credentials = {
    host: config.DATABASE_HOST!,
    port,
    database: config.DATABASE_NAME ?? "postgres",
    user,
    password: (host) => tokenOf({ host, port, user }),
  };
  return { current: async () => credentials, renew: async () => credentials };
}

/** A URL, for local development and tests. */
export function urlCredentials(text: string): CredentialSource {
  const url = new URL(text);
  const credentials = {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)) || "postgres",
    user: decodeURIComponent(url.username) || "postgres",
    password: decodeURIComponent(url.password),
  };
  return { current: async () => credentials, renew: async () => credentials };
}
