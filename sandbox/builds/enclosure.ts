import { ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";

/** Numbers that systems keep for services without a user of their own: nothing on the machine belongs to them. */
const FIRST_USER = 61_184;
const USERS = 4_000;
let next = process.pid; // two sandboxes of root's at once take different ones

/** Whom a repository's own code runs as: somebody of its own where root started the sandbox, else whoever did. */
export function stranger(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = FIRST_USER + (next++ % USERS);
  return { uid: id, gid: id };
}

export type Stranger = ReturnType<typeof stranger>;

export interface Shut {
  /** The only folder that is the process's own. */
  folder: string;
  user: Stranger;
  environment: Record<string, string>;
}

const LIMITS = [
  "ulimit -c 0",
  "ulimit -f 4194304", // 2 GiB a file
  "ulimit -n 4096",
  "ulimit -d 4194304 2> /dev/null", // 4 GiB of data a process; macOS has no such limit
];

/** Runs a bash script of somebody else's: in a folder of its own, as nobody of this machine's where that can be, and with limits. */
export function runShut(script: string, { folder, user, environment }: Shut): ChildProcess {
  // Counted for the user on the whole machine, so only where that is the build's own.
  const limits = [...LIMITS, ...(user.uid === undefined ? [] : ["ulimit -u 512"])];
  return spawn("bash", ["-c", `${limits.join("; ")}\nexec nice -n 5 bash -c "$1"`, "bash", script], {
    cwd: folder,
    env: environment,
    ...user,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, so that all of it can be ended
  });
}

/** Gives a folder with all that is in it to whom the process runs as. */
export function handOver(folder: string, { uid, gid }: Stranger): void {
  if (uid === undefined) return;
  fs.chownSync(folder, uid, gid!);
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true }))
    fs.lchownSync(`${entry.parentPath}/${entry.name}`, uid, gid!);
}

/** Ends everything that a shut-in process has left: its group, and where the user is its own all that runs as that user. */
export function endAll(child: ChildProcess, { uid, gid }: Stranger): void {
  try {
    if (child.pid) process.kill(-child.pid, "SIGKILL");
  } catch {
    // gone already
  }
  // kill -1 reaches whatever that user may signal, which is its own processes and no others.
  if (uid !== undefined) spawnSync("bash", ["-c", "kill -KILL -1"], { uid, gid, stdio: "ignore" });
}
