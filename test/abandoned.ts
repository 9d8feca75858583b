import * as fs from "node:fs";
import * as path from "node:path";
import { pathsOf } from "../sandbox/paths";
import { endLeftovers, isRunning, runningSandbox } from "../sandbox/processes";

/**
 * Ends and removes what test runs that were killed have left in a folder.
 * @param named finds the process that a run's folder belongs to in its name
 */
export async function removeAbandoned(folder: string, named: RegExp): Promise<void> {
  if (!fs.existsSync(folder)) return;
  for (const name of fs.readdirSync(folder)) {
    const owner = Number(named.exec(name)?.[1]);
    const paths = pathsOf(path.join(folder, name));
    if (!owner || isRunning(owner) || runningSandbox(paths.processes)) continue;
    await endLeftovers(paths.processes);
    fs.rmSync(paths.run, { recursive: true, force: true, maxRetries: 5 });
  }
}
