/** Where an address of the VPC is reached on this machine. */
export interface Address {
  host: string;
  port: number;
}

export type Translate = (variables: Record<string, string>) => Record<string, string>;

/**
 * What the VPC's own network would do: the database's name or virtual IP in an instance's environment becomes the port of
 * this machine that stands for it, and a program without any database gets the sandbox's plain one.
 */
export function translation(options: {
  /** By the host that the program names: the virtual IP, or a managed database's endpoint. */
  routes: Record<string, Address>;
  plainDatabaseUrl?: string;
}): Translate {
  const { routes, plainDatabaseUrl } = options;
  return (variables) => {
    const named = ["DATABASE_SECRET_ARN", "DATABASE_URL"].some((name) => variables[name]);
    if (!named)
      return plainDatabaseUrl
        ? { ...variables, DATABASE_URL: plainDatabaseUrl, DATABASE_TLS: "off" }
        : variables;
    const writer = routes[variables["DATABASE_HOST"] ?? ""];
    const reader = routes[variables["DATABASE_READ_HOST"] ?? ""];
    return {
      ...variables,
      ...(writer && { DATABASE_HOST: writer.host, DATABASE_PORT: String(writer.port) }),
      ...(reader && { DATABASE_READ_HOST: reader.host }),
    };
  };
}
