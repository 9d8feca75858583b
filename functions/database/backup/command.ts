import { log } from "../agent/config";
import { readBackupConfig } from "./config";
import { drill } from "./drill";
import { runBackup, runRestore } from "./run-backup";

/** The backup commands that a node, or a person on it, runs. */
export async function backupCommand(
  role: "backup" | "drill" | "restore",
  [file, ...words]: string[],
): Promise<void> {
  if (!file) throw new Error(`${role} needs the file with the backups' configuration`);
  const config = readBackupConfig(file);
  if (role === "backup") return runBackup(config);
  if (role === "drill") return log("the drill is good", { ...(await drill(config)) });
  const [from, folder, data] = words;
  if (!from || !folder || !data)
    throw new Error("restore needs a moment, an empty folder and the data's folder");
  await runRestore(config, from, folder, data);
}
