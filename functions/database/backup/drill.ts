import { chownSync, existsSync, mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { BackupConfig } from "./config";
import { inventoryIn } from "./inventory";
import { run, start } from "./pgbackrest";
import { requireBackup, restoreWords } from "./restore";

const DAY = 24 * 3_600_000;
/** The data, and the WAL that brings them up to the moment. */
const ROOM = 1.3;
const PORT = 5432;

/** What a drill found in the restored database. */
export interface Drilled {
  /** The last commit that came back. */
  recoveredTo?: string;
  tables: number;
  rows: number;
  seconds: number;
}

const noteOf = ({ drill }: BackupConfig) => path.join(path.dirname(drill.folder), "drilled");

export function drillIsDue(config: BackupConfig): boolean {
  const { everyDays } = config.drill;
  if (everyDays === 0) return false;
  const last = statSync(noteOf(config), { throwIfNoEntry: false });
  return !last || Date.now() - last.mtimeMs >= everyDays * DAY;
}

/**
 * Restores the newest backup onto this node's own disk, recovers it to the last change that was archived, and reads every row
 * of it. Neither the data that serve nor the repository are touched: this PostgreSQL listens on a socket alone and archives nothing.
 */
export async function drill(config: BackupConfig): Promise<Drilled> {
  const { folder, uid, gid } = config.drill;
  const began = Date.now();
  mkdirSync(path.dirname(folder), { recursive: true });
  writeFileSync(noteOf(config), "");
  rmSync(folder, { recursive: true, force: true });
  const [data, sockets] = [path.join(folder, "data"), path.join(folder, "run")];
  try {
    for (const one of [folder, data, sockets]) {
      mkdirSync(one, { mode: 0o700 });
      chownSync(one, uid, gid);
    }
    const inventory = inventoryIn(await run([...config.repository, "--output=json", "info"], { uid, gid }));
    requireBackup(inventory, "latest");
    requireRoom(folder, inventory.backups.at(-1)!.bytes);
    const target = { folder: data, moment: "latest", archives: false, locks: sockets } as const;
    await run(restoreWords(config.repository, target), { uid, gid });
    return { ...(await inspect(config, data, sockets)), seconds: (Date.now() - began) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function requireRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const wanted = bytes * ROOM;
  if (bavail * bsize < wanted)
    throw new Error(
      `a drill needs ${gib(wanted)} on the node's disk, there are ${gib(bavail * bsize)}: give it a larger database.diskGiB`,
    );
}

const gib = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

async function inspect({ drill, user }: BackupConfig, data: string, sockets: string) {
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

/** By a walk through each table itself: an index would answer for rows that cannot be read. */
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
