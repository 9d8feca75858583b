/** The address on this machine for an address of the VPC. */
export interface Address {
  host: string;
  port: number;
}

export type Translate = (variables: Record<string, string>) => Promise<Record<string, string>>;

/** The sandbox's own PostgreSQL. */
export interface StandIn extends Address {
  url: string;
  /** Puts its user and password into a secret of the program; returns false for a secret that is not here. */
  writeTo(secretArn: string): Promise<boolean>;
}

/**
 * The work of the VPC's own network: the database that an instance's environment names becomes the port that stands for
 * it on this machine. The sandbox's own PostgreSQL replaces a database that nobody runs here, and a missing one.
 */
export function translation(options: {
  /** The local address of the virtual IP; undefined for a program without database nodes. */
  virtualIp: () => Promise<Address | undefined>;
  standIn?: StandIn;
  /** What stands for the agent that receives the servers' traces. */
  agent?: string;
}): Translate {
  return async (found) => {
    const variables =
      found["TRACED_PERCENT"] && options.agent ? { ...found, TRACES_ENDPOINT: options.agent } : found;
    const { DATABASE_SECRET_ARN: secret, DATABASE_HOST, DATABASE_READ_HOST, DATABASE_URL } = variables;
    if (DATABASE_URL) return variables;
    const virtual = await options.virtualIp();
    if (secret && !DATABASE_HOST && virtual) return { ...variables, ...reachedAt(virtual) };
    const { standIn } = options;
    if (!standIn) return variables;
    if (!secret || !(await standIn.writeTo(secret)))
      return { ...withoutDatabase(variables), DATABASE_URL: standIn.url, DATABASE_TLS: "off" };
    return {
      ...variables,
      ...reachedAt(standIn),
      ...(DATABASE_READ_HOST && { DATABASE_READ_HOST: standIn.host }),
      DATABASE_NAME: "postgres",
      DATABASE_TLS: "off",
    };
  };
}

const withoutDatabase = (variables: Record<string, string>) =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("DATABASE_")));

const reachedAt = ({ host, port }: Address) => ({ DATABASE_HOST: host, DATABASE_PORT: String(port) });
