import { existsSync, readdirSync, rmSync } from "node:fs";
import * as path from "node:path";
import { endLeftovers, runningSandbox } from "../../../sandbox/processes";
import { sh } from "./shell";

/** Removes what a rig left behind that was killed: its emulators, its mount, its namespaces, its folder. */
export async function sweep(parent: string): Promise<void> {
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith("rig-"))) {
    const folder = path.join(parent, name);
    const processes = path.join(folder, "aws/processes.json");
    if (!existsSync(processes) || runningSandbox(processes)) continue;
    await endLeftovers(processes);
    attempt("fsfreeze", "--unfreeze", path.join(folder, "shared"));
    attempt("umount", "-l", path.join(folder, "shared"));
    rmSync(folder, { recursive: true, force: true });
  }
  for (const line of sh("ip", "netns", "list").split("\n")) {
    const [, ns, pid] = /^(g(\d+)(?:router|web|db\d))\b/.exec(line) ?? [];
    if (ns && !existsSync(`/proc/${pid}`)) attempt("ip", "netns", "del", ns);
  }
}

function attempt(command: string, ...words: string[]): void {
  try {
    sh(command, ...words);
  } catch {
    // gone already
  }
}
