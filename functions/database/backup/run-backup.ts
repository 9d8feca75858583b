import { rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "../agent/config";
import { asSuperuser, health } from "../agent/health";
import type { BackupConfig } from "./config";
import { drill, drillIsDue } from "./drill";
import { inventoryIn } from "./inventory";
import { Keeper, KeeperPorts } from "./keeper";
import { run, start } from "./pgbackrest";
import { momentIn, requireBackup, restoreWords } from "./restore";
import { whileRestoring } from "./restoring";

const lookMs = 5 * 60_000;
/** PostgreSQL has just started: check again as soon as it is up. */
const firstLookMs = 30_000;

/** Looks after the backups as long as the node is up. */
export async function runBackup(config: BackupConfig): Promise<void> {
  rmSync(processGroup(config), { force: true });
  const keeper = new Keeper(ports(config), config.fullDays);
  for (let patience = firstLookMs; ; patience = lookMs) {
    await keeper
      .look()
      .catch((error: Error) => log("the backups were not looked after", { error: error.message }));
    await sleep(patience);
  }
}

/** Holds the pid of the backup: whoever detaches the data ends the backup first. */
const processGroup = ({ runDir }: BackupConfig) => path.join(runDir, "backup.pid");

export function ports(config: BackupConfig): KeeperPorts {
  const pgbackrest = (...words: string[]) => run([...config.repository, ...words]);
  return {
    serves: async () => (await health(config.runDir, config.port, config.user)) === "ready",
    inventory: async () => inventoryIn(await pgbackrest("--output=json", "info")),
    register: async () => void (await pgbackrest("stanza-create")),
    async backUp(type) {
      const { pid, done } = start([...config.repository, `--type=${type}`, "backup"], { group: true });
      if (pid) writeFileSync(processGroup(config), String(pid));
      await done.finally(() => rmSync(processGroup(config), { force: true }));
    },
    async waitingSeconds() {
      const [row] = await asSuperuser(config, WAITING);
      return Number(row?.seconds ?? 0);
    },
    async drill() {
      if (!drillIsDue(config)) return "not due";
      try {
        log("the drill is good", { ...(await drill(config)) });
        return "good";
      } catch (error) {
        log("the drill failed", { error: (error as Error).message });
        return "bad";
      }
    },
    report: (figures) => report(config, figures),
    log,
  };
}

/** PostgreSQL's own list of files still to archive. */
const WAITING = `SELECT coalesce(extract(epoch FROM clock_timestamp() - min(modification)), 0)::float8 AS seconds
  FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'`;

async function report(
  { region, namespace, table }: BackupConfig,
  figures: Record<string, number>,
): Promise<void> {
  const Dimensions = [{ Name: "Lease", Value: table }];
  const data = Object.entries(figures).map(([MetricName, Value]) => ({ MetricName, Value, Dimensions }));
  const words = ["cloudwatch", "put-metric-data", "--region", region, "--namespace", namespace];
  await run(["aws", ...words, "--metric-data", JSON.stringify(data)]);
}

/** Restores the data of a moment into an empty folder; `dataFolder` is where it will be when PostgreSQL starts on it. */
export async function runRestore(
  config: BackupConfig,
  from: string,
  folder: string,
  dataFolder: string,
): Promise<void> {
  const moment = momentIn(from);
  const work = async () => {
    requireBackup(inventoryIn(await run([...config.source, "--output=json", "info"])), moment);
    await run(restoreWords(config.source, { folder, moment, archives: true }, dataFolder));
  };
  log("restores", { from });
  await whileRestoring(config.runDir, work());
  log("restored: PostgreSQL recovers from here", { from });
}
