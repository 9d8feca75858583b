import { spawnSync } from "node:child_process";
import * as path from "node:path";
import type { Rig } from "./rig";

/** Starts a PostgreSQL beside the living one, past every guard, for a moment: what the recorder is there to see. */
export function startSecondPostmaster(rig: Rig): void {
  const { attach, start } = rig.storage.commands(
    path.join(rig.folder, "aside-data"),
    path.join(rig.folder, "aside"),
  );
  const { record, epoch } = rig.storage.used();
  const env = {
    ...process.env,
    GROUNDWORK_NODE: "intruder",
    GROUNDWORK_RECORD: record,
    GROUNDWORK_EPOCH: String(epoch + 1),
    GROUNDWORK_FREE: "",
    GROUNDWORK_INITIALISED: "yes",
  };
  const script = '"$1" "$3" && exec timeout -s KILL 1 unshare --pid --fork --kill-child=KILL "$2" "$3"';
  const words = ["--mount", "--ipc", "--net", "sh", "-c", script, "sh", attach[0]!, start[0]!, attach[1]!];
  spawnSync("unshare", words, { env });
}
