import { ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Problem } from "../problem";

/** User ids that systems reserve for services without a user of their own: nothing on the machine belongs to them. */
const FIRST_USER = 61_184;
const USERS = 4_000;
let next = process.pid; // two sandboxes of root's at once take different ones

/** The user that a repository's own code runs as: a separate one if root started the sandbox, otherwise whoever did. */
export function stranger(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = FIRST_USER + (next++ % USERS);
  return { uid: id, gid: id };
}

export type Stranger = ReturnType<typeof stranger>;

export interface Shut {
  /** The folder that is its own. */
  own: string;
  /** Where it starts. */
  cwd: string;
  user: Stranger;
  environment: Record<string, string>;
  /** Further folders of the sandbox that it reads. */
  shown?: string[];
  /** What else it must not see. */
  hidden?: string[];
  /** Whether something is written to it. @default its input is empty */
  fed?: boolean;
  /** Whether it has a way to ask the sandbox: both ways, as the file of this number. */
  asks?: typeof CHANNEL;
}

export const CHANNEL = 3;

const LIMITS = [
  "ulimit -c 0",
  "ulimit -f 4194304", // 2 GiB a file
  "ulimit -n 4096",
  "ulimit -d 4194304 2> /dev/null", // 4 GiB of data a process; macOS has no such limit
];
/** Counted per user, on the whole machine: only if the user is the build's own. */
const OWN_LIMITS = [...LIMITS, "ulimit -u 512"];

/** Runs somebody else's bash script: isolated if this machine can do that, and with limits everywhere. */
export function runShut(script: string, shut: Shut): ChildProcess {
  const limits = shut.user.uid === undefined ? LIMITS : OWN_LIMITS;
  const inner = ["bash", "-c", `${limits.join("; ")}\nexec nice -n 5 bash -c "$1"`, "bash", script];
  const apart = keepsApart();
  const [command = "", ...args] = apart ? enclosed(inner, shut) : inner;
  return spawn(command, args, {
    cwd: shut.cwd,
    env: shut.environment,
    ...(apart ? {} : shut.user), // root itself prepares an enclosure
    stdio: [shut.fed ? "pipe" : "ignore", "pipe", "pipe", ...(shut.asks ? (["pipe"] as const) : [])],
    detached: true, // a group of its own, so that all of it can be ended
  });
}

const ENCLOSE = path.join(__dirname, "enclose.sh");

function enclosed(inner: string[], { own, user, shown = [], hidden = [] }: Shut): string[] {
  const home = os.homedir();
  // Sockets of agents and of Docker would give it the person's rights.
  const persons = [...(home === "/" ? [] : [home]), "/run/user", "/run/docker.sock", ...hidden];
  const needed = [path.dirname(path.dirname(process.execPath)), ...shown, own];
  const covered = needed.filter((one) => ["/tmp", ...persons].some((each) => one.startsWith(`${each}/`)));
  const stage = path.join(own, ".stage");
  fs.mkdirSync(stage, { recursive: true });
  return [
    ...unshare(user),
    ...["bash", ENCLOSE, stage, user.uid === undefined ? "-" : String(user.uid)],
    ...[...persons, "--", ...covered, "--", ...inner],
  ];
}

/** New namespaces of mounts and processes; without root they can be created only within a user namespace. */
const unshare = ({ uid }: Stranger) => [
  ...["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"],
  ...(uid === undefined ? ["--user", "--map-current-user", "--keep-caps"] : []),
];

let apart: boolean | undefined;

/** Whether this machine allows a build its own namespaces. */
export function keepsApart(): boolean {
  apart ??= tried();
  return apart;
}

function tried(): boolean {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "groundwork-"));
  const user = stranger();
  try {
    handOver(folder, user);
    const [command = "", ...args] = enclosed(["true"], {
      own: folder,
      cwd: folder,
      user,
      environment: {},
    });
    return spawnSync(command, args, { cwd: folder, stdio: "ignore" }).status === 0;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives a folder with its whole content to the user that the process runs as. */
export function handOver(folder: string, { uid, gid }: Stranger): void {
  if (uid === undefined) return;
  fs.chownSync(folder, uid, gid!);
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true }))
    fs.lchownSync(path.join(entry.parentPath, entry.name), uid, gid!);
}

/** Ends everything that an isolated process has left: its group and, if it has its own user, everything that runs as that user. */
export function endAll(child: ChildProcess, { uid, gid }: Stranger): void {
  try {
    if (child.pid) process.kill(-child.pid, "SIGKILL");
  } catch {
    // gone already
  }
  // kill -1 reaches whatever that user may signal, which is its own processes and no others.
  if (uid !== undefined) spawnSync("bash", ["-c", "kill -KILL -1"], { uid, gid, stdio: "ignore" });
}

/** Takes what a process of one stranger's packs with tar to a folder of another's, with the rights of each. */
export async function carry(from: ChildProcess, own: string, user: Stranger, cwd = own): Promise<void> {
  const to = runShut("exec tar -x", {
    ...{ own, cwd, user, fed: true },
    environment: { PATH: process.env["PATH"]! },
  });
  // The unpacking process may finish before the padding behind the archive has arrived: the exit of both tells more than the pipe between them.
  from.stdout!.pipe(to.stdin!).on("error", () => {});
  const codes = await Promise.all([exitOf(from), exitOf(to).finally(() => from.stdout!.destroy())]);
  endAll(to, user);
  if (codes.some(Boolean)) throw new Problem("An archive could not be brought from a build.");
}

/** How a process ended, after all its output has been read. */
export const exitOf = (child: ChildProcess) =>
  new Promise<number>((resolve, reject) =>
    child.once("error", reject).once("close", (code) => resolve(code ?? 1)),
  );
