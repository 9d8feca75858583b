import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Client } from "pg";
import { agentFile } from "../../../components/database/agent-file";
import {
  archiveScript,
  backupConfig,
  pgbackrestConf,
  restoreScript,
} from "../../../components/database/backup-files";
import { startScript } from "../../../components/database/start-script";
import type { BackupConfig } from "../../../functions/database/backup/config";
import { health } from "../../../functions/database/agent/health";
import { healthBeside } from "../../../functions/database/backup/restoring";
import { unprivileged } from "../../../sandbox/nodes/installation";
import { until } from "../../../sandbox/problem";
import { tool } from "../../../scripts/tools/index.cjs";
import type { S3ByTls } from "./s3-by-tls";
import { newFolder } from "../../folder";

export interface SiteOptions {
  bucketName: string;
  region: string;
  s3: S3ByTls;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/** pgBackRest and a PostgreSQL that it knows, as the machine's release has them. */
export interface Programs {
  pgbackrest: string;
  bin: string;
}

/** Why they cannot be had here; undefined when they can. */
export function missingPrograms(): string | undefined {
  if (process.platform !== "linux" || process.getuid!() !== 0)
    return "a node's start script needs Linux and root";
  try {
    const { bin } = programs();
    const { status } = spawnSync(path.join(bin, "postgres"), ["--version"]);
    return status === 0 ? undefined : "the PostgreSQL of this machine's release does not run here";
  } catch (error) {
    return (error as Error).message;
  }
}

export function programs(): Programs {
  const bin = execFileSync(tool("postgresql"), { encoding: "utf8" }).trim();
  return { pgbackrest: tool("pgbackrest"), bin };
}

/** What a database node has of PostgreSQL and its backups, in a folder of this machine: its own scripts and configuration. */
export class Site {
  readonly folder = newFolder("groundwork-backup");
  readonly config: BackupConfig;
  readonly data = this.at("mount/postgresql");
  readonly log = this.at("postgres.log");
  private readonly user = unprivileged() as { uid: number; gid: number };
  private server?: ChildProcess;
  private readonly programs = programs();

  constructor(
    options: SiteOptions,
    private readonly port: number,
  ) {
    const { uid, gid } = this.user;
    fs.chmodSync(this.folder, 0o755);
    for (const name of ["mount", "run", "drills", "bin"]) {
      fs.mkdirSync(this.at(name));
      fs.chownSync(this.at(name), uid, gid);
    }
    const place = {
      region: options.region,
      version: 15,
      table: "lease",
      namespace: "Groundwork/Database",
      runDir: this.at("run"),
      dataFolder: this.data,
      uid,
      bin: this.at("bin"),
      agent: agentFile().path,
    };
    const backup = { bucketName: options.bucketName, retentionDays: 7, archiveSeconds: 60, drillDays: 1 };
    fs.writeFileSync(this.at("authority.pem"), options.s3.authority);
    fs.writeFileSync(
      this.at("pgbackrest.conf"),
      pgbackrestConf(options.bucketName, backup, place, {
        "repo1-s3-key-type": "shared",
        "repo1-s3-key": options.credentials.accessKeyId,
        "repo1-s3-key-secret": options.credentials.secretAccessKey,
        "repo1-s3-uri-style": "path",
        "repo1-s3-endpoint": "localhost",
        "repo1-storage-port": String(options.s3.port),
        "repo1-storage-ca-file": this.at("authority.pem"),
      }).replace(/pg1-port=\d+/, `pg1-port=${port}`),
    );
    const command = [this.programs.pgbackrest, `--config=${this.at("pgbackrest.conf")}`, "--stanza=database"];
    const postgres = path.join(this.programs.bin, "postgres");
    const made = backupConfig(backup, place);
    const drill = { ...made.drill, folder: this.at("drills/drill"), postgres, uid, gid };
    this.config = { ...made, repository: command, source: command, port, drill };
    fs.writeFileSync(this.at("backup.json"), JSON.stringify(this.config));
    const script = (name: string, text: string) => fs.writeFileSync(this.at(name), text, { mode: 0o755 });
    script("start", startScript);
    script("bin/pgbackrest-archive", archiveScript(command));
    // The agent lies in the checkout, which the user that PostgreSQL runs as may not reach.
    fs.copyFileSync(agentFile().path, this.at("agent.cjs"));
    fs.chmodSync(this.at("agent.cjs"), 0o644);
    script("bin/restore", restoreScript(process.execPath, this.at("agent.cjs"), this.at("backup.json")));
    script("bin/aws", AWS);
  }

  at(name: string): string {
    return path.join(this.folder, name);
  }

  /** What the node has told AWS: words of its command line, and what it was given to read. */
  told(): string {
    return fs.existsSync(this.at("told")) ? fs.readFileSync(this.at("told"), "utf8") : "";
  }

  /** Starts PostgreSQL as the guard does; `restoreFrom` as the setting says it. */
  start(restoreFrom = ""): void {
    const variables = {
      MOUNT: this.at("mount"),
      RUN_DIR: this.at("run"),
      PG_BIN: this.programs.bin,
      PG_UID: this.user.uid,
      PG_GID: this.user.gid,
      CLIENT_CIDR: "127.0.0.0/8",
      VIRTUAL_IP: "127.0.0.1",
      SECRET_ARN: "arn",
      ARCHIVE: this.at("bin/pgbackrest-archive"),
      ARCHIVE_SECONDS: 60,
      RESTORE: this.at("bin/restore"),
      RESTORE_FROM: restoreFrom,
    };
    const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
    fs.writeFileSync(this.at("variables"), lines.join(""));
    const log = fs.openSync(this.log, "a");
    // As the guard: the lock goes with the last process of it.
    const words = ["--pdeathsig", "KILL", "flock", "--no-fork", this.at("lock")];
    words.push("unshare", "--pid", "--fork", "--kill-child=KILL", this.at("start"), this.at("variables"));
    this.server = spawn("setpriv", words, {
      env: {
        PATH: `${this.at("bin")}:${process.env["PATH"]}`,
        GROUNDWORK_NODE: "i-1",
        GROUNDWORK_RECORD: "lease/1",
        GROUNDWORK_EPOCH: "1",
        GROUNDWORK_FREE: "",
        GROUNDWORK_INITIALISED: "",
        PGPORT: String(this.port),
        TOLD: this.at("told"),
      },
      stdio: ["ignore", log, log],
    });
    fs.closeSync(log);
  }

  /** What the agent would see. */
  health() {
    return healthBeside(this.at("run"), () => health(this.at("run"), this.port, "postgres"));
  }

  /** Everything that the agent saw until PostgreSQL took queries, each once. */
  async ready(seconds = 120): Promise<string[]> {
    const seen = new Set<string>();
    await until(
      "PostgreSQL's first answer",
      async () => {
        if (this.server!.exitCode !== null) throw new Error(fs.readFileSync(this.log, "utf8"));
        const found = await this.health();
        seen.add(found);
        return found === "ready" || undefined;
      },
      { everyMs: 20, seconds, advice: () => fs.readFileSync(this.log, "utf8") },
    );
    return [...seen];
  }

  /** As a power cut. */
  async kill(): Promise<void> {
    this.server?.kill("SIGKILL");
    const free = () => spawnSync("flock", ["-n", this.at("lock"), "true"]).status === 0 || undefined;
    await until("PostgreSQL's end", free, { everyMs: 20 });
  }

  destroyData(): void {
    fs.rmSync(this.data, { recursive: true });
  }

  client(database = "app"): Client {
    const client = new Client({ host: this.at("run"), port: this.port, user: "postgres", database });
    client.on("error", () => undefined);
    return client;
  }

  async query(sql: string, database = "app"): Promise<Record<string, unknown>[]> {
    const client = this.client(database);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** A role of the node's agent, as a person calls it. */
  agent(...words: string[]) {
    return spawn(process.execPath, [this.at("agent.cjs"), ...words], {
      env: { PATH: `${this.at("bin")}:${process.env["PATH"]}`, TOLD: this.at("told") },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async down(): Promise<void> {
    await this.kill();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Writes down what it is told; a password is what it is asked for. */
const AWS = `#!/bin/sh
echo "$*" >> "$TOLD"
case "$2" in
  get-random-password) echo word-of-the-first-start ;;
  put-secret-value) cat >> "$TOLD" ;;
esac
`;
