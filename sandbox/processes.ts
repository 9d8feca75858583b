import { ChildProcess, execFileSync, spawn, SpawnOptions } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { sleep, until } from "./problem";

interface Entry {
  name: string;
  pid: number;
  /** The start time that the system reports: a pid alone may belong to another process by now. */
  began: string;
}

export interface Started {
  name: string;
  child: ChildProcess;
  /** Resolves with the exit code, or the signal's name, once it is gone. */
  gone: Promise<number | string>;
}

export interface StartOptions extends Pick<SpawnOptions, "cwd" | "env" | "uid" | "gid"> {
  log: string;
  /** Opens a channel for process.send. @default false */
  channel?: boolean;
}

/** Every process that a run starts, recorded in a file, so that the next start can end what a crash left behind. */
export class Processes {
  private readonly running = new Map<number, Entry>();
  private readonly started = new Set<Started>();
  private closed = false;

  constructor(private readonly file: string) {
    makePrivate(path.dirname(file));
    this.note({ name: "sandbox", pid: process.pid, began: beganAt(process.pid) ?? "" });
  }

  start(name: string, command: string, args: string[], options: StartOptions): Started {
    if (this.closed) throw new Error(`the sandbox has stopped: ${name} is not started any more`);
    fs.mkdirSync(path.dirname(options.log), { recursive: true, mode: 0o700 });
    const log = fs.openSync(options.log, "a", 0o600);
    const child = spawn(command, args, {
      ...options,
      stdio: ["ignore", log, log, ...(options.channel ? (["ipc"] as const) : [])],
      detached: true, // a separate group: Ctrl-C reaches only the sandbox, which stops the rest in order
    });
    fs.closeSync(log);
    const gone = new Promise<number | string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => {
        // Ends its leftover children at once: later their pids may belong to other processes.
        if (child.pid) {
          kill(-child.pid);
          this.forget(child.pid);
        }
        resolve(signal ?? code ?? 0);
      });
    });
    const started = { name, child, gone };
    if (child.pid) {
      this.started.add(started);
      void gone.then(() => this.started.delete(started));
      this.note({ name, pid: child.pid, began: beganAt(child.pid) ?? "" });
    }
    return started;
  }

  /** Asks a process to end, and kills it with everything it started if it does not end in time. */
  async stop(started: Started, graceMs = 3_000): Promise<void> {
    const { child } = started;
    if (!child.pid || hasEnded(child)) return;
    child.kill("SIGTERM");
    await Promise.race([started.gone, sleep(graceMs)]);
    if (!hasEnded(child)) killGroup(child.pid);
    await started.gone;
  }

  /** Ends whatever still runs, even if it is just starting, and starts nothing more; the file is removed with the last one. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.started].map((one) => this.stop(one)));
    fs.rmSync(this.file, { force: true });
  }

  private note(entry: Entry) {
    this.running.set(entry.pid, entry);
    this.write();
  }

  private forget(pid: number) {
    this.running.delete(pid);
    if (fs.existsSync(this.file)) this.write();
  }

  private write() {
    // Atomically: a file that a crash cut off would hide what is left behind.
    fs.writeFileSync(`${this.file}.new`, JSON.stringify([...this.running.values()], null, 1), {
      mode: 0o600,
    });
    fs.renameSync(`${this.file}.new`, this.file);
  }
}

/** Whether any process has that id, even another user's. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The running sandbox of that registry, if there is one. */
export function runningSandbox(file: string): number | undefined {
  return read(file).find((entry) => entry.name === "sandbox" && isStill(entry) && entry.pid !== process.pid)
    ?.pid;
}

/** Ends whatever an earlier run left behind, and nothing else. Returns the names of what it ended. */
export async function endLeftovers(file: string): Promise<string[]> {
  const left = read(file).filter((entry) => entry.pid !== process.pid && isStill(entry));
  for (const { pid } of left) killGroup(pid);
  await haveEnded(left);
  fs.rmSync(file, { force: true });
  return left.map(({ name }) => name);
}

/** Ends a process with all its descendants, whatever group they are in; resolves when the last one is gone. */
export async function endTree({ child, gone }: Started): Promise<void> {
  if (!child.pid || hasEnded(child)) return;
  const all = [child.pid, ...childrenOf(child.pid)].map((pid) => ({
    name: "",
    pid,
    began: beganAt(pid) ?? "",
  }));
  for (const one of all) if (isStill(one)) killGroup(one.pid);
  await haveEnded(all);
  await gone;
}

const haveEnded = (entries: Entry[]) =>
  until(
    "The end of killed processes",
    () => entries.filter(isStill).map(({ name, pid }) => `${name} ${pid}`),
    {
      wanted: ({ length }) => length === 0,
      everyMs: 5,
    },
  );

function childrenOf(pid: number): number[] {
  try {
    const direct = fs
      .readdirSync(`/proc/${pid}/task`)
      .flatMap((thread) =>
        fs
          .readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")
          .split(" ")
          .filter(Boolean)
          .map(Number),
      );
    return direct.flatMap((one) => [one, ...childrenOf(one)]);
  } catch {
    return []; // gone meanwhile
  }
}

function read(file: string): Entry[] {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as Entry[];
  } catch {
    return []; // absent
  }
}

const isStill = ({ pid, began }: Entry) => beganAt(pid) === began;

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

/** For a process that still exists, whose pid cannot belong to another one. */
function killGroup(pid: number) {
  kill(-pid);
  kill(pid);
}

function kill(target: number) {
  try {
    process.kill(target, "SIGKILL");
  } catch {
    // gone already
  }
}

/**
 * A folder whose content nobody else can read. PostgreSQL, which root runs as another user, passes through it to its own data, and
 * cannot list the rest.
 */
export function makePrivate(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
}

function beganAt(pid: number): string | undefined {
  try {
    if (process.platform !== "linux")
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
