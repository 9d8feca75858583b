import { Client } from "pg";

/** `recovering`: it runs, and reports that it takes no queries yet. */
export type Health = "ready" | "recovering" | "silent";

/** What PostgreSQL on this node answers to a query on its socket within two seconds. */
export async function health(socketDir: string, port: number, user: string): Promise<Health> {
  const client = connection(socketDir, port, user, 2000);
  try {
    await client.connect();
    await client.query("SELECT 1");
    return "ready";
  } catch (error) {
    return (error as { code?: string }).code === cannotConnectNow ? "recovering" : "silent";
  } finally {
    void client.end().catch(() => undefined);
  }
}

const cannotConnectNow = "57P03";

/** Writes dirty pages to the data before a planned stop, so that the stop itself is short. */
export async function checkpoint(socketDir: string, port: number, user: string): Promise<void> {
  const client = new Client({
    host: socketDir,
    port,
    user,
    database: "postgres",
    connectionTimeoutMillis: 2000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query({ text: "CHECKPOINT", query_timeout: 20_000 } as never);
  } catch {
    // An optimisation only: the stop works without it.
  } finally {
    void client.end().catch(() => undefined);
  }
}

/** Runs a statement as the superuser on this node's socket and returns its rows. */
export async function asSuperuser(
  { runDir, port, user }: { runDir: string; port: number; user: string },
  text: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = connection(runDir, port, user, 5000);
  try {
    await client.connect();
    // Without parameters, one text may hold several statements.
    const { rows } = await (values.length > 0 ? client.query(text, values) : client.query(text));
    return rows ?? [];
  } finally {
    void client.end().catch(() => undefined);
  }
}

function connection(host: string, port: number, user: string, queryMs: number): Client {
  const client = new Client({
    host,
    port,
    user,
    database: "postgres",
    connectionTimeoutMillis: 2000,
    query_timeout: queryMs,
  });
  // A connection that breaks between two queries reports here; the queries' own promises carry their outcome.
  client.on("error", () => undefined);
  return client;
}
