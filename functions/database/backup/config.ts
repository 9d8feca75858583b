import { readFileSync } from "node:fs";

/** What a node is told of the database's backups; a JSON file beside the agent's. */
export interface BackupConfig {
  /** pgBackRest with the options of the repository that this database's backups go to. */
  repository: string[];
  /** The same of the repository that a restore comes from. */
  source: string[];
  /** Folder of PostgreSQL's socket, and of what tells the agent that a restore is under way. */
  runDir: string;
  port: number;
  /** Superuser on the socket. */
  user: string;
  /** A new whole backup is made when the last one is this old; a day's changes go on top of it in between. */
  fullDays: number;
  /** Where the figures go. */
  region: string;
  namespace: string;
  /** The database's name among the figures. */
  table: string;
  drill: DrillConfig;
}

export interface DrillConfig {
  /** A node that does not serve restores the newest backup this often; 0 is never. */
  everyDays: number;
  /** On the node's own disk. */
  folder: string;
  postgres: string;
  /** Whom PostgreSQL runs as. */
  uid: number;
  gid: number;
}

export function readBackupConfig(file: string): BackupConfig {
  const config = JSON.parse(readFileSync(file, "utf8")) as Partial<BackupConfig>;
  const missing = (["repository", "source", "runDir", "fullDays", "drill"] as const).filter(
    (key) => config[key] === undefined,
  );
  if (missing.length > 0) throw new Error(`${file} must say ${missing.join(", ")}`);
  return config as BackupConfig;
}
