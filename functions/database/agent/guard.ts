import { ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentConfig, guardSocket, log, monotonicMs, postgresLock } from "./config";
import { lines } from "./lines";
import type { Claim } from "../lease";

export type GuardCommand =
  | { do: "status" }
  | ({ do: "start"; epoch: number; until: number } & Claim)
  | { do: "extend"; epoch: number; until: number }
  | { do: "stop"; how: "clean" | "kill" };

export type GuardMessage = { id: number; epoch: number; error?: string } | { event: "exited"; epoch: number };

/** A planned stop gets this long before the guard kills PostgreSQL; the deadline may come earlier. */
const cleanStopMs = 15_000;
const attachMs = 10_000;

/**
 * The dead-man's switch: it owns PostgreSQL and kills it at the deadline unless the agent extends that in time. It knows
 * nothing of leases, so there is little in it that can hang; if the guard itself dies, the kernel kills PostgreSQL.
 */
export class Guard {
  private child: ChildProcess | undefined;
  private epoch = 0;
  /** The lease's record that the epoch belongs to: after a lease is lost, a new record counts from the beginning. */
  private record = "";
  private readonly formerRecords = new Set<string>();
  private until = 0;
  private timer: NodeJS.Timeout | undefined;
  private agent: Socket | undefined;
  /** Starts and stops run one after the other: an attach that is still in progress must not overtake a stop. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly config: AgentConfig) {}

  async listen(): Promise<void> {
    mkdirSync(this.config.runDir, { recursive: true });
    await this.untilLockIsFree();
    const path = guardSocket(this.config);
    rmSync(path, { force: true });
    const server = createServer((socket) => {
      // A restarted agent replaces the previous one.
      this.agent?.destroy();
      this.agent = socket;
      socket.on("error", () => socket.destroy());
      lines(socket, (line) => {
        const { id, ...command } = JSON.parse(line) as GuardCommand & { id: number };
        this.perform(command as GuardCommand).then(
          () => send(socket, { id, epoch: this.child ? this.epoch : 0 }),
          (error: Error) => send(socket, { id, epoch: this.child ? this.epoch : 0, error: error.message }),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    log("guard listens", { path });
  }

  private async perform(command: GuardCommand): Promise<void> {
    switch (command.do) {
      case "status":
        return;
      case "start":
        return this.inOrder(() => this.start(command.epoch, command.until, command));
      case "extend":
        if (command.epoch === this.epoch) this.arm(Math.max(this.until, command.until));
        return;
      case "stop":
        return this.inOrder(() => this.stop(command.how));
    }
  }

  private inOrder(work: () => Promise<void>): Promise<void> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async start(epoch: number, until: number, claim: Claim): Promise<void> {
    if (this.child) throw new Error(`PostgreSQL of epoch ${this.epoch} is still there`);
    this.refuseOlder(epoch, claim.record);
    this.epoch = epoch;
    this.arm(until);
    if (!(await this.run(this.config.attach))) throw new Error("the data could not be attached");
    if (monotonicMs() >= this.until) throw new Error("the lease has ended before the start");
    // Every process of PostgreSQL holds the lock, so it is free only when the last one is gone. The postmaster is
    // the first process of a PID namespace: when it dies, the kernel kills all its children at once.
    const user = process.getuid!() === 0 ? [] : ["--user", "--map-current-user"];
    const words = ["--pdeathsig", "KILL", "flock", "--no-fork", "-w", "5", postgresLock(this.config)];
    words.push("unshare", ...user, "--pid", "--fork", "--kill-child=KILL", ...this.config.start);
    const child = spawn("setpriv", words, {
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        GROUNDWORK_NODE: this.config.node,
        GROUNDWORK_EPOCH: String(epoch),
        GROUNDWORK_RECORD: claim.record,
        GROUNDWORK_FREE: claim.free,
        GROUNDWORK_INITIALISED: claim.initialised ? "yes" : "",
      },
    });
    this.child = child;
    child.on("error", (error) => log("PostgreSQL could not be started", { error: error.message }));
    child.on("close", (code, signal) => void this.gone(child, epoch, code, signal));
  }

  /** A delayed order must not start anything once a later order has arrived. */
  private refuseOlder(epoch: number, record: string): void {
    if (this.formerRecords.has(record))
      throw new Error(
        `the lease's record must be ${this.record} or a new one, got ${record}, which was lost`,
      );
    if (record === this.record && epoch < this.epoch)
      throw new Error(`epoch must be at least ${this.epoch}, got ${epoch}`);
    if (record !== this.record) this.formerRecords.add(this.record);
    this.record = record;
  }

  private async gone(child: ChildProcess, epoch: number, code: number | null, signal: string | null) {
    await this.untilLockIsFree();
    if (this.child === child) this.child = undefined;
    clearTimeout(this.timer);
    log("PostgreSQL is gone", { epoch, code, signal });
    if (this.agent) send(this.agent, { event: "exited", epoch });
  }

  private arm(until: number): void {
    this.until = until;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        if (monotonicMs() < this.until) return this.arm(this.until);
        if (this.child) log("the lease ends: PostgreSQL is killed", { epoch: this.epoch });
        this.kill();
      },
      Math.max(0, until - monotonicMs()),
    );
  }

  private kill(): void {
    const postmaster = this.postmaster();
    if (postmaster) process.kill(postmaster, "SIGKILL");
    else this.child?.kill("SIGKILL");
  }

  private async stop(how: "clean" | "kill"): Promise<void> {
    const end = monotonicMs() + cleanStopMs;
    for (let askAt = 0; this.child; await sleep(5)) {
      const now = monotonicMs();
      if (how === "kill" || now >= end) this.kill();
      else if (now >= askAt) {
        // SIGINT is PostgreSQL's fast shutdown: it disconnects clients and writes everything. It is sent repeatedly,
        // because the script that prepares the data before PostgreSQL ignores it.
        const postmaster = this.postmaster();
        if (postmaster) {
          askAt = now + 500;
          process.kill(postmaster, "SIGINT");
        }
      }
    }
    while (!(await this.run(this.config.detach))) await sleep(500);
  }

  private run(command: string[]): Promise<boolean> {
    return new Promise((resolve) => {
      // Ends everything that the script started: a mount that outlived it could succeed after a stop.
      const words = ["--signal=KILL", String(attachMs / 1000), ...command];
      const child = spawn("timeout", words, { stdio: ["ignore", "inherit", "inherit"] });
      child.on("error", (error) => {
        log(`${command[0]} failed`, { error: error.message });
        resolve(false);
      });
      child.on("close", (code) => resolve(code === 0));
    });
  }

  /** The first process of PostgreSQL's namespace, by its pid on the host. */
  private postmaster(): number | undefined {
    const pid = this.child?.pid;
    if (!pid) return undefined;
    try {
      const first = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ")[0];
      return first ? Number(first) : undefined;
    } catch {
      return undefined;
    }
  }

  private async untilLockIsFree(): Promise<void> {
    const free = () => spawnSync("flock", ["-n", postgresLock(this.config), "true"]).status === 0;
    while (!free()) await sleep(20);
  }
}

function send(socket: Socket, message: GuardMessage): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
}
