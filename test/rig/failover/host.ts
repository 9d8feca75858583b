import { ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { monotonicMs } from "../../../functions/database/agent/config";
import { until } from "../../../sandbox/problem";
import { patienceMs } from "./acks";
import { Net, virtualIp } from "./net";
import { commandOf, signal, startedAt, tree } from "./shell";
import { Storage } from "./storage";

export interface HostOptions {
  net: Net;
  storage: Storage;
  folder: string;
  agentFile: string;
  environment: Record<string, string>;
  table: string;
  region: string;
  vpc: string;
  secretArn: string;
  leaseMs: number;
  /** Added to the wall clock that the agent sees. @default 0 */
  skewMs?: number;
}

const roles = {
  agent: /^node \S+ agent /,
  guard: /^node \S+ guard /,
  postmaster: /bin\/postgres -D/,
  /** Where the rig has them: what the host reaches the data through. */
  mountDaemon: /^bindfs /,
};

/** A database host: namespaces of its own for network, processes, mounts and IPC, and the real agent and guard in it. */
export class Host {
  private child: ChildProcess | undefined;
  readonly log: string;
  private readonly run: string;
  /** Since when nothing of it is held up by us, of the machine's monotonic clock; Infinity while something is. */
  private goesSince = -Infinity;
  /** How far its monotonic clock is ahead of the machine's. */
  private aheadMs = 0;

  constructor(
    readonly name: string,
    readonly instance: string,
    private readonly options: HostOptions,
  ) {
    this.run = path.join(options.folder, name);
    this.log = path.join(options.folder, `${name}.log`);
    mkdirSync(this.run, { recursive: true });
    writeFileSync(path.join(options.folder, "skew.cjs"), skew);
    writeFileSync(this.log, "");
    this.setClock(options.skewMs ?? 0);
  }

  /** Boots it, with a monotonic clock that stands elsewhere than those of the other hosts; it is up then, or was stopped meanwhile. */
  async boot(): Promise<void> {
    const { storage, net, folder, agentFile } = this.options;
    const config = path.join(folder, `${this.name}.json`);
    const { table, region } = this.options;
    writeFileSync(
      config,
      JSON.stringify({
        node: this.instance,
        region,
        table,
        key: "database",
        virtualIp,
        vpc: this.options.vpc,
        runDir: this.run,
        user: "postgres",
        port: 5432,
        secretArn: this.options.secretArn,
        timing: { leaseMs: this.options.leaseMs },
        password: { changeMs: 365 * 86_400_000, formerMs: 86_400_000 },
        ...storage.commands(path.join(folder, `${this.name}-data`), this.run),
      }),
    );
    const log = openSync(this.log, "a");
    // The host ends with the rig, however that ends.
    const words = [
      "--pdeathsig",
      "KILL",
      "ip",
      "netns",
      "exec",
      net.ns(this.name),
      "unshare",
      "--pid",
      "--ipc",
      "--mount",
      "--fork",
    ];
    this.aheadMs = 1000 * Math.floor(Math.random() * 100_000);
    words.push("--time", "--monotonic", String(this.aheadMs / 1000));
    words.push("--kill-child=KILL", "--mount-proc", storage.hostInit, agentFile, config, this.run);
    this.child = spawn("setpriv", words, { stdio: ["ignore", log, log], env: this.env() });
    this.goesSince = -Infinity;
    const from = statSync(this.log).size;
    await this.until("-> passive", from);
  }

  get up(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Pulls the plug: every process of the host ends at once; resolves when the last one has. */
  async kill(): Promise<void> {
    if (!this.up) return;
    const gone = new Promise((resolve) => this.child!.once("exit", resolve));
    const init = tree(this.child!.pid!).find(
      (pid) => commandOf(pid).startsWith("/bin/sh") && this.isInit(pid),
    );
    if (init) signal(init, "SIGKILL");
    else signal(this.child!.pid!, "SIGKILL");
    await gone;
  }

  /** Shuts it down in order, as systemd would. */
  async shutdown(): Promise<void> {
    writeFileSync(path.join(this.run, "halt"), "");
    const agent = this.find("agent");
    if (agent) signal(agent, "SIGTERM");
    await until(`The end of the agent of ${this.name}`, () => !(this.up && this.find("agent")), {
      seconds: patienceMs / 1000,
      everyMs: 10,
    });
    await this.kill();
  }

  /** Since when nothing keeps it from doing what it must and saying so; Infinity while something does. */
  wellSince(): number {
    const { net, storage } = this.options;
    return Math.max(
      this.goesSince,
      net.reachesAwsSince(this.name),
      storage.answersSince,
      this.worksSince("agent", "agent starts"),
      this.worksSince("guard", "guard listens"),
    );
  }

  /** Since when one of its programs works, by what that says then: while it is being loaded it does nothing. */
  private worksSince(role: keyof typeof roles, message: string): number {
    const pid = this.find(role);
    const said = readFileSync(this.log, "utf8").match(new RegExp(`{"ms":\\d+,"message":"${message}"`, "g"));
    if (!pid || !said) return Infinity;
    const at = Number(/\d+/.exec(said.at(-1)!)![0]) - this.aheadMs;
    return at > startedAt(pid) ? at : Infinity;
  }

  freeze(): void {
    this.goesSince = Infinity;
    // Twice, for what was being forked while we went through.
    for (let i = 0; i < 2; i++) for (const pid of this.all()) signal(pid, "SIGSTOP");
  }

  hangPostgres(): void {
    const postmaster = this.find("postmaster");
    if (postmaster) for (const pid of tree(postmaster)) signal(pid, "SIGSTOP");
  }

  thaw(): void {
    for (const pid of this.all()) signal(pid, "SIGCONT");
    this.goesSince = monotonicMs();
  }

  hold(role: keyof typeof roles): void {
    const pid = this.find(role);
    if (!pid) throw new Error(`${this.name} has no ${role} that runs`);
    this.goesSince = Infinity;
    signal(pid, "SIGSTOP");
  }

  letGo(role: keyof typeof roles): void {
    const pid = this.find(role);
    if (pid) signal(pid, "SIGCONT");
    this.goesSince = monotonicMs();
  }

  /** A process of the host by its role. */
  find(role: keyof typeof roles): number | undefined {
    return this.all().find((pid) => roles[role].test(commandOf(pid)));
  }

  private all(): number[] {
    return this.up ? tree(this.child!.pid!).slice(1) : [];
  }

  private isInit(pid: number): boolean {
    const line = readFileSync(`/proc/${pid}/status`, "utf8").match(/^NSpid:\s+(.*)$/m);
    return line?.[1]?.split(/\s+/).at(-1) === "1";
  }

  private async until(text: string, from: number): Promise<void> {
    // A stop that was asked for before it booted may strike it now.
    const done = () => !this.up || readFileSync(this.log, "utf8").slice(from).includes(text);
    await until(`The boot of ${this.name}`, done, {
      seconds: patienceMs / 1000,
      everyMs: 20,
      advice: () => `see ${this.log}`,
    });
  }

  private env(): NodeJS.ProcessEnv {
    const search = `${this.options.storage.bin}:${process.env.PATH}`;
    const skewed = { NODE_OPTIONS: `--require ${path.join(this.options.folder, "skew.cjs")}` };
    return { PATH: search, ...this.options.environment, ...skewed, SKEW_FILE: this.skewFile };
  }

  private get skewFile(): string {
    return path.join(this.options.folder, `${this.name}.skew`);
  }

  /** Sets the wall clock that the agent and the guard see, so far off, at once. */
  setClock(skewMs: number): void {
    writeFileSync(this.skewFile, String(skewMs));
  }
}

/** A wall clock that is wrong, and jumps, for every program of ours on a host. */
const skew = `
const { readFileSync } = require("node:fs");
const read = () => (by = Number(readFileSync(process.env.SKEW_FILE, "utf8")));
let by = 0;
read();
setInterval(read, 100).unref();
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...words) { super(...(words.length ? words : [Real.now() + by])); }
  static now() { return Real.now() + by; }
};
`;
