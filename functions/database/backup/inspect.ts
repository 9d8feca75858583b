import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { BackupConfig } from "./config";
import { start } from "./pgbackrest";

const PORT = 5432;

/** What a restored database contains. */
export interface Inspected {
  /** The last commit that was restored. */
  recoveredTo?: string;
  tables: number;
  rows: number;
}

/** Lets a separate PostgreSQL recover the data, listening only on a socket, and reads every row. */
export async function inspect(
  { drill, user }: BackupConfig,
  data: string,
  sockets: string,
): Promise<Inspected> {
  const settings = ["listen_addresses=", "archive_mode=off", "hot_standby=off", "ssl=off", `port=${PORT}`];
  const server = start(
    [drill.postgres, "-D", data, "-k", sockets, ...settings.flatMap((one) => ["-c", one])],
    { uid: drill.uid, gid: drill.gid },
  );
  const end = server.done.then(
    () => undefined,
    (error: Error) => error,
  );
  const gone = { yet: false };
  void end.then(() => (gone.yet = true));
  try {
    const at = (database: string) => new Client({ host: sockets, port: PORT, user, database });
    while (!(await answers(at("postgres")))) {
      if (gone.yet) throw (await end) ?? new Error("PostgreSQL ended before it had recovered");
      await sleep(1000);
    }
    const [last] = await ask(at("postgres"), "SELECT pg_last_xact_replay_timestamp() AS at");
    let [tables, rows] = [0, 0];
    for (const { datname } of await ask(at("postgres"), "SELECT datname FROM pg_database WHERE datallowconn"))
      for (const { count } of await countRows(at(datname as string))) {
        tables += 1;
        rows += Number(count);
      }
    return { recoveredTo: (last?.at as Date | null)?.toISOString(), tables, rows };
  } finally {
    if (!gone.yet && existsSync(`/proc/${server.pid}`)) process.kill(server.pid, "SIGINT");
    await end;
  }
}

const TABLES = `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
  WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`;

/** By a sequential scan of each table: an index would answer for rows that cannot be read. */
async function countRows(client: Client): Promise<Record<string, unknown>[]> {
  await client.connect();
  try {
    await client.query(
      "SET enable_indexonlyscan = off; SET enable_indexscan = off; SET enable_bitmapscan = off",
    );
    const { rows: tables } = await client.query<{ name: string }>(TABLES);
    const counted: Record<string, unknown>[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<Record<string, unknown>>(
        `SELECT count(t.*) AS count FROM ${name} AS t`,
      );
      counted.push(...rows);
    }
    return counted;
  } finally {
    await client.end();
  }
}

async function ask(client: Client, sql: string): Promise<Record<string, unknown>[]> {
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const answers = (client: Client): Promise<boolean> =>
  ask(client, "SELECT 1").then(
    () => true,
    () => false,
  );
