import { readFileSync } from "node:fs";

/** A node's backup configuration; a JSON file beside the agent's. */
export interface BackupConfig {
  /** pgBackRest with the options of the repository that receives this database's backups. */
  repository: string[];
  /** The same for the repository that a restore reads from. */
  source: string[];
  /** Folder of PostgreSQL's socket, and of the file that tells the agent about a running restore. */
  runDir: string;
  port: number;
  /** Superuser on the socket. */
  user: string;
  /** A new full backup is made when the last one is this old; daily incremental ones come in between. */
  fullDays: number;
  /** Where the metrics go. */
  region: string;
  namespace: string;
  /** The database's name in the metrics. */
  table: string;
  drill: DrillConfig;
}

export interface DrillConfig {
  /** A node that does not serve restores the newest backup this often; 0 means never. */
  everyDays: number;
  /** On the node's own disk. */
  folder: string;
  postgres: string;
  /** The user that PostgreSQL runs as. */
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
