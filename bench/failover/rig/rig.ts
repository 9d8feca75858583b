import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { agentFile } from "../../../components/database/agent-file";
import { monotonicMs } from "../../../components/database/agent/config";
import { LeaseStore } from "../../../components/database/agent/lease-store";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { startEmulators } from "../../../sandbox/emulators/emulators";
import { installEmulators } from "../../../sandbox/emulators/install";
import { placesOf } from "../../../sandbox/places";
import { Processes } from "../../../sandbox/processes";
import { Aws } from "./aws";
import { Host } from "./host";
import { Ledger } from "./ledger";
import { Net } from "./net";
import { Storage } from "./storage";
import { sweep } from "./sweep";
import { Watchdog } from "./watchdog";

const root = path.resolve(__dirname, "../../..");
const table = "database-lease";
const region = "eu-west-1";

/** Two database hosts, a web host and a router on this machine, with real PostgreSQL, the real agent, and emulators as AWS. */
export class Rig {
  readonly net = new Net();
  readonly hosts: Host[] = [];
  readonly ledger: Ledger;
  aws!: Aws;
  storage!: Storage;
  lease!: LeaseStore;
  watchdog!: Watchdog;
  folder = "";
  private cleanups: (() => unknown)[] = [];
  private audited = 0;

  constructor() {
    this.ledger = new Ledger(this.net);
  }

  async up(options: { skewMs?: number } = {}): Promise<void> {
    mkdirSync(path.join(root, ".test"), { recursive: true });
    await sweep(path.join(root, ".test"));
    this.folder = mkdtempSync(path.join(root, ".test/rig-"));
    this.cleanups.push(() => rmSync(this.folder, { recursive: true, force: true }));
    const places = placesOf(path.join(this.folder, "aws"));
    const processes = new Processes(places.processes);
    const emulators = await startEmulators(await installEmulators(), processes, places, region);
    this.cleanups.push(() => emulators.stop());

    this.storage = new Storage(this.folder);
    this.cleanups.push(() => this.storage.down());
    this.storage.up();
    this.cleanups.push(() => this.net.down());
    this.net.up(["db1", "db2", "web"]);

    const plane = {
      stopped: async (id: string) => this.hostOf(id)?.kill(),
      routed: (id: string | undefined) => this.net.route(this.hostOf(id)?.name),
    };
    this.aws = new Aws(emulators.endpoints, plane, emulators.environment);
    this.cleanups.push(() => this.aws.down());
    await this.aws.up(this.net.outside);
    await this.aws.createTable(table);
    const credentials = {
      accessKeyId: emulators.environment.AWS_ACCESS_KEY_ID!,
      secretAccessKey: emulators.environment.AWS_SECRET_ACCESS_KEY!,
    };
    const client = new DynamoDBClient({ region, endpoint: emulators.endpoints.ministack, credentials });
    this.cleanups.push(() => client.destroy());
    this.lease = new LeaseStore(client, table, "database", 5000);

    const environment = {
      ...emulators.environment,
      AWS_ENDPOINT_URL_EC2: this.aws.endpoints.ec2,
      AWS_ENDPOINT_URL_DYNAMODB: this.aws.endpoints.dynamodb,
    };
    const ids = await this.aws.createInstances(2);
    this.watchdog = new Watchdog({
      region,
      endpoint: emulators.endpoints.ministack,
      credentials,
      ec2Endpoint: this.aws.endpoints.ec2,
      table,
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
    };
    for (const [i, id] of ids.entries())
      this.hosts.push(new Host(`db${i + 1}`, id, { ...common, skewMs: i === 1 ? options.skewMs : 0 }));
    this.cleanups.push(() => Promise.all(this.hosts.map((host) => host.kill())));
    await Promise.all(this.hosts.map((host) => host.boot()));
    this.watchdog.start();
    this.cleanups.push(() => this.ledger.stop());
    await this.sides();
    this.ledger.start(this.storage.secret());
    await this.ledger.until("the first write", () => true);
  }

  async down(): Promise<void> {
    for (const cleanup of this.cleanups.reverse()) await cleanup();
    this.cleanups = [];
  }

  hostOf(instance: string | undefined): Host | undefined {
    return this.hosts.find((host) => host.instance === instance);
  }

  /** The host whose PostgreSQL serves at present, and the other one, ready to take over. */
  async sides(): Promise<{ active: Host; passive: Host }> {
    for (const end = monotonicMs() + 60_000; monotonicMs() < end; await sleep(30)) {
      const lease = await this.lease.read();
      const active = this.hostOf(lease?.holder);
      if (lease?.phase !== "active" || !active?.find("postmaster")) continue;
      return { active, passive: this.hosts.find((host) => host !== active)! };
    }
    throw new Error("no node was active within 60 s");
  }

  /** Waits until another node than this one holds the lease. */
  async leaseMoves(from: string): Promise<void> {
    for (const end = monotonicMs() + 30_000; monotonicMs() < end; await sleep(10)) {
      const holder = (await this.lease.read())?.holder;
      if (holder && holder !== from) return;
    }
    throw new Error(`${from} still held the lease after 30 s`);
  }

  /** Puts back what a fault took away: AWS, disk, hosts; ends when one node is active and the other one up. */
  async heal(): Promise<void> {
    this.aws.away.clear();
    this.aws.stopDelayMs = 0;
    this.storage.empty();
    await this.sides();
    for (const host of this.hosts) {
      if (host.up) continue;
      await this.aws.startInstance(host.instance);
      await host.boot();
    }
    await this.sides();
  }

  /** What the shared data says against what the writer was told since the last audit, or ever. */
  async audit(all = false): Promise<Audit> {
    const from = all ? 0 : this.audited;
    const client = await this.connect();
    try {
      const acknowledged = this.ledger.acks.slice(from).map((ack) => ack.id);
      const { rows } = await client.query<{ id: string; count: string }>(
        "SELECT id, count(*) AS count FROM ledger WHERE id >= $1 GROUP BY id",
        [acknowledged[0] ?? 0],
      );
      this.audited = from + acknowledged.length;
      const there = new Map(rows.map((row) => [Number(row.id), Number(row.count)]));
      return {
        acknowledged: acknowledged.length,
        lost: acknowledged.filter((id) => !there.has(id)),
        twice: [...there].filter(([, count]) => count > 1).map(([id]) => id),
        overlaps: this.storage.postmasters().filter((postmaster) => !postmaster.alone).length,
      };
    } finally {
      await client.end();
    }
  }

  private async connect(): Promise<Client> {
    for (let tries = 100; ; tries--) {
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

export interface Audit {
  acknowledged: number;
  lost: number[];
  twice: number[];
  overlaps: number;
}
