import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import * as path from "node:path";
import { Client } from "pg";
import { agentFile } from "../../../components/database/agent-file";
import { monotonicMs } from "../../../functions/database/agent/config";
import { LeaseStore } from "../../../functions/database/agent/lease-store";
import { defaultTiming } from "../../../functions/database/lease";
import { sleep, until } from "../../../sandbox/problem";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { startEmulators } from "../../../sandbox/emulators/emulators";
import { installEmulators } from "../../../sandbox/emulators/install";
import { pathsOf } from "../../../sandbox/paths";
import { Processes } from "../../../sandbox/processes";
import { patienceMs } from "./acks";
import { Aws } from "./aws";
import { Host } from "./host";
import { Ledger } from "./ledger";
import { Net } from "./net";
import { DatabaseSecret } from "./secret";
import { Storage } from "./storage";
import { sweep } from "./sweep";
import { Watchdog } from "./watchdog";
import { WebApp } from "./web-app";

const root = path.resolve(__dirname, "../../..");
const table = "database-lease";
const region = "eu-west-1";

/** Two database hosts, a web host and a router on this machine, with real PostgreSQL, the real agent, and emulators as AWS. */
export class Rig {
  readonly net = new Net();
  readonly hosts: Host[] = [];
  readonly ledger: Ledger;
  readonly web: WebApp;
  secret!: DatabaseSecret;
  aws!: Aws;
  storage!: Storage;
  lease!: LeaseStore;
  watchdog!: Watchdog;
  folder = "";
  /** Hosts that were stopped by force although nothing kept them from saying that they are done. */
  readonly healthyStopped: string[] = [];
  private cleanups: (() => unknown)[] = [];
  private audited = { ledger: 0, web: 0 };

  /** With the shortest lease that may be set, a round is short, and a busy machine strikes harder than any fault. */
  constructor(
    readonly leaseMs = 2000,
    private readonly confirmMs = 0,
  ) {
    this.ledger = new Ledger(this.net);
    this.web = new WebApp(this.net);
  }

  /** With `mountDaemons` each database host reaches the data through one of its own; needs bindfs. */
  async up(options: { skewMs?: number; mountDaemons?: boolean } = {}): Promise<void> {
    mkdirSync(path.join(root, ".test"), { recursive: true });
    await sweep(path.join(root, ".test"));
    this.folder = mkdtempSync(path.join(root, ".test/rig-"));
    this.cleanups.push(() => rmSync(this.folder, { recursive: true, force: true }));
    const paths = pathsOf(path.join(this.folder, "aws"));
    const processes = new Processes(paths.processes);
    const python = await installEmulators();
    const hosts = [this.net.outside];
    const emulators = await startEmulators(python, processes, paths, region, { hosts });
    this.cleanups.push(() => emulators.stop());

    const { credentials } = emulators.endpoints;
    const toMinistack = { region, endpoint: emulators.endpoints.ministack, credentials };
    const secrets = new SecretsManagerClient(toMinistack);
    this.cleanups.push(() => secrets.destroy());
    this.secret = new DatabaseSecret(secrets);
    await this.secret.create();

    this.storage = new Storage(this.folder, this.secret.arn, options.mountDaemons ?? false);
    this.cleanups.push(() => this.storage.down());
    this.storage.up();
    this.cleanups.push(() => this.net.down());
    this.net.up(["db1", "db2", "web"]);

    const plane = {
      stopping: (id: string) => this.judgeStop(id),
      stopped: async (id: string) => this.hostOf(id)?.kill(),
      routed: (id: string | undefined) => this.net.route(this.hostOf(id)?.name),
    };
    this.aws = new Aws(emulators.endpoints, plane, emulators.environment);
    this.cleanups.push(() => this.aws.down());
    this.aws.confirmMs = this.aws.usualConfirmMs = this.confirmMs;
    await this.aws.up(this.net.outside);
    const tableArn = await this.aws.createTable(table);
    const client = new DynamoDBClient(toMinistack);
    this.cleanups.push(() => client.destroy());
    this.lease = new LeaseStore(client, table, "database", 5000);

    const environment = {
      ...emulators.environment,
      AWS_ENDPOINT_URL_EC2: this.aws.endpoints.ec2,
      AWS_ENDPOINT_URL_DYNAMODB: this.aws.endpoints.dynamodb,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: this.aws.endpoints.secretsmanager,
    };
    const ids = await this.aws.createInstances(2);
    this.watchdog = new Watchdog({
      region,
      endpoint: emulators.endpoints.ministack,
      environment: emulators.environment,
      credentials,
      ec2Endpoint: this.aws.endpoints["ec2 of the function"],
      table,
      tableArn,
      routeTable: this.aws.routeTable,
      vpc: this.aws.vpc,
    });
    this.cleanups.push(() => this.watchdog.stop());
    await this.watchdog.up();
    const common = {
      net: this.net,
      storage: this.storage,
      folder: this.folder,
      agentFile: agentFile().path,
      environment,
      table,
      region,
      vpc: this.aws.vpc,
      secretArn: this.secret.arn,
      leaseMs: this.leaseMs,
    };
    for (const [i, id] of ids.entries())
      this.hosts.push(new Host(`db${i + 1}`, id, { ...common, skewMs: i === 1 ? options.skewMs : 0 }));
    this.cleanups.push(() => Promise.all(this.hosts.map((host) => host.kill())));
    await Promise.all(this.hosts.map((host) => host.boot()));
    this.watchdog.start();
    this.cleanups.push(() => this.ledger.stop());
    await this.sides();
    this.ledger.start(this.folder, await this.secret.read());
    this.cleanups.push(() => this.web.stop());
    await this.web.start(this.folder, { ...environment, DATABASE_SECRET_ARN: this.secret.arn });
    await Promise.all([
      this.ledger.until("the first write", () => true),
      this.web.until("the web app's first write", () => true),
    ]);
  }

  async down(): Promise<void> {
    for (const cleanup of this.cleanups.reverse()) await cleanup();
    this.cleanups = [];
  }

  /** Puts the logs where the rig's end does not take them away; the folder. */
  keepLogs(name: string): string {
    const folder = path.join(root, ".test", name);
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(this.folder))
      if (file.endsWith(".log") || file === "postmasters")
        copyFileSync(path.join(this.folder, file), path.join(folder, file));
    return folder;
  }

  /** The end of each host's log, for a report that is read where the logs cannot be. */
  lastLines(): string {
    const tail = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n").slice(-12);
    return this.hosts.flatMap(({ name, log }) => tail(log).map((line) => `${name}: ${line}`)).join("\n");
  }

  private judgeStop(instance: string): void {
    const wellMs = monotonicMs() - (this.hostOf(instance)?.wellSince() ?? Infinity);
    if (wellMs > defaultTiming.confessMs) this.healthyStopped.push(instance);
  }

  hostOf(instance: string | undefined): Host | undefined {
    return this.hosts.find((host) => host.instance === instance);
  }

  /** The host whose PostgreSQL serves at present, and the other one, ready to take over. */
  async sides(): Promise<{ active: Host; passive: Host }> {
    const active = await until(
      "An active node",
      async () => {
        const lease = await this.lease.read();
        const holder = this.hostOf(lease?.holder);
        return lease?.phase === "active" && holder?.find("postmaster") ? holder : undefined;
      },
      { seconds: patienceMs / 1000, everyMs: 30 },
    );
    return { active, passive: this.hosts.find((host) => host !== active)! };
  }

  get longerThanTheLease(): number {
    return 2 * this.leaseMs;
  }

  /** Waits until the start script of some node refuses the data. */
  async refused(): Promise<void> {
    const refusals = () =>
      this.hosts.reduce((n, { log }) => n + readFileSync(log, "utf8").split("groundwork refuses").length, 0);
    const before = refusals();
    await until("A refusal of the data", () => refusals() > before + 2, {
      seconds: patienceMs / 1000,
      everyMs: 50,
    });
  }

  /** Waits until another node than this one holds the lease. */
  async leaseMoves(from: string): Promise<void> {
    await until("Another holder of the lease", async () => (await this.lease.read())?.holder, {
      wanted: (holder) => Boolean(holder) && holder !== from,
      seconds: patienceMs / 1000,
      everyMs: 10,
    });
  }

  /** Puts back what a fault took away: AWS, disk, hosts; ends when one node is active and the other one up. */
  async heal(): Promise<void> {
    this.aws.heal();
    this.watchdog.start();
    this.storage.goOn();
    this.storage.empty();
    await this.sides();
    while (!this.hosts.every((host) => host.up)) {
      for (const host of this.hosts) await this.bring(host);
      await this.sides();
    }
  }

  /** Starts a host that is off, until it stays: EC2 may still be asked to stop it for what it was before. */
  async bring(host: Host): Promise<void> {
    for (let tries = 5; !host.up; tries--) {
      if (tries === 0) throw new Error(`${host.name} does not stay up: see ${host.log}`);
      await this.aws.startInstance(host.instance);
      await host.boot();
    }
  }

  /** What the shared data says against what the writers were told since the last audit, or ever. */
  async audit(all = false): Promise<Audit> {
    if (all) this.audited = { ledger: 0, web: 0 };
    for (let tries = 5; ; tries--) {
      const client = await this.connect();
      try {
        return await this.compareWith(client);
      } catch (error) {
        // A lease that ends late takes PostgreSQL away in the middle of the reading.
        if (tries === 0 || !/ECONNRESET|terminat/.test((error as Error).message)) throw error;
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }

  private async compareWith(client: Client): Promise<Audit> {
    // A unique index would answer for itself: what counts is what lies in the table.
    await client.query(
      "SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off",
    );
    const ledger = this.ledger.acks.slice(this.audited.ledger).map((ack) => ack.id);
    const web = this.web.acks.slice(this.audited.web).map((ack) => ack.id);
    const visitors = `SELECT n AS id, count(*) AS count FROM (SELECT substr(username, 9)::bigint AS n FROM users
      WHERE username LIKE 'visitor-%') AS visitors WHERE n >= $1 GROUP BY 1`;
    const byLedger = await compare(client, rowsOfLedger, ledger);
    const byWeb = await compare(client, visitors, web);
    this.audited.ledger += ledger.length;
    this.audited.web += web.length;
    return {
      acknowledged: ledger.length,
      acknowledgedByWeb: web.length,
      lost: [...byLedger.lost, ...byWeb.lost],
      twice: [...byLedger.twice, ...byWeb.twice, ...this.web.repeated],
      overlaps: this.storage.postmasters().filter((postmaster) => !postmaster.alone).length,
      healthyStopped: this.healthyStopped.length,
    };
  }

  /** As the superuser, on the socket of the node that serves. */
  async connect(): Promise<Client> {
    for (let tries = 300; ; tries--) {
      const { active } = await this.sides();
      const host = path.join(this.folder, active.name);
      const client = new Client({ host, user: "postgres", database: "app" });
      client.on("error", () => undefined);
      try {
        await client.connect();
        return client;
      } catch (error) {
        if (tries === 0) throw error;
        await sleep(100);
      }
    }
  }
}

export const rowsOfLedger = "SELECT id, count(*) AS count FROM ledger WHERE id >= $1 GROUP BY 1";

/** Which of the acknowledged numbers are not there, and which are there more than once. */
export async function compare(client: Client, sql: string, acknowledged: number[]) {
  // The web app's answers come in another order than its requests.
  const first = acknowledged.reduce((least, id) => Math.min(least, id), Infinity);
  if (first === Infinity) return { lost: [], twice: [] };
  const { rows } = await client.query<{ id: string; count: string }>(sql, [first]);
  const there = new Map(rows.map((row) => [Number(row.id), Number(row.count)]));
  return {
    lost: acknowledged.filter((id) => !there.has(id)),
    twice: [...there].filter(([, count]) => count > 1).map(([id]) => id),
  };
}

export interface Audit {
  /** By the writer that speaks to PostgreSQL itself. */
  acknowledged: number;
  /** By the web app, with 201. */
  acknowledgedByWeb: number;
  lost: number[];
  twice: number[];
  overlaps: number;
  healthyStopped: number;
}
