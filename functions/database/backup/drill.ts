import { chownSync, mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { BackupConfig } from "./config";
import { inspect, Inspected } from "./inspect";
import { inventoryIn } from "./inventory";
import { run } from "./pgbackrest";
import { requireBackup, restoreWords } from "./restore";

const DAY = 24 * 3_600_000;
/** The data, and the WAL that brings it up to the moment. */
const ROOM = 1.3;

/** What a drill found in the restored database. */
export type Drilled = Inspected & { seconds: number };

const noteOf = ({ drill }: BackupConfig) => path.join(path.dirname(drill.folder), "drilled");

export function drillIsDue(config: BackupConfig): boolean {
  const { everyDays } = config.drill;
  if (everyDays === 0) return false;
  const last = statSync(noteOf(config), { throwIfNoEntry: false });
  return !last || Date.now() - last.mtimeMs >= everyDays * DAY;
}

/**
 * Restores the newest backup onto this node's own disk, recovers it to the last archived change, and reads every row. It touches
 * neither the live data nor the repository: this PostgreSQL listens only on a socket and archives nothing.
 */
export async function drill(config: BackupConfig, look = inspect): Promise<Drilled> {
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
    return { ...(await look(config, data, sockets)), seconds: (Date.now() - began) / 1000 };
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
