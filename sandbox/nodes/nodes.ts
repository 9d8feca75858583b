import * as fs from "node:fs";
import * as path from "node:path";
import type { AgentConfig } from "../../functions/database/agent/config";
import { forgetLastServer } from "../database-files";
import { Door } from "../door";
import { Endpoints } from "../emulators/endpoints";
import { Use } from "../engine/clients";
import { Router } from "../fleet/router";
import { Address } from "../fleet/translation";
import { Places } from "../places";
import { freePort } from "../ports";
import { until } from "../problem";
import { endTree, Processes, Started } from "../processes";
import { stopAll } from "../stopping";
import { ec2Door } from "./door";
import { agentIn, isDatabaseNode, keptSecret, missingTools, nodeConfig, writeMachine } from "./machine";
import { DatabasePlace, databasePlace, socketFolder } from "./place";

export interface NodesOptions {
  use: Use;
  endpoints: Endpoints;
  processes: Processes;
  places: Places;
  note: (line: string) => void;
}

interface Node {
  port: number;
  started: Started;
}

/** The program's database nodes: the real agent, guard and PostgreSQL of each, on a port of this machine. */
export class DatabaseNodes {
  private readonly nodes = new Map<string, Node>();
  private readonly door: Door;
  private readonly place: DatabasePlace;
  private ready?: Promise<{ ec2: string; address: Address; agent: Uint8Array }>;
  private router?: Router;
  private config?: AgentConfig;
  private lease?: { holder: string; phase: string };
  private secretArn = "";

  constructor(private readonly options: NodesOptions) {
    this.place = databasePlace(options.places);
    this.door = ec2Door(
      options.endpoints.moto,
      {
        stop: (id) => this.end(id),
        routed: async () => this.router?.follow(),
      },
      options.note,
    );
  }

  /** Whether this machine can run what the user data describes. */
  takes(userData: string): boolean {
    return isDatabaseNode(userData) && missingTools().length === 0;
  }

  /** Where clients find the virtual IP; undefined for a program without nodes. */
  get address(): Promise<Address | undefined> {
    return this.ready ? this.ready.then(({ address }) => address) : Promise.resolve(undefined);
  }

  /** What a node does at present, in one word; undefined for what is none. */
  stateOf(id: string): string | undefined {
    if (!this.nodes.has(id)) return undefined;
    return this.lease?.holder === id ? this.lease.phase || "passive" : "passive";
  }

  async boot(
    id: string,
    userData: string,
    environment: Record<string, string>,
  ): Promise<{ started: Started; port: number }> {
    const { processes, places } = this.options;
    this.ready ??= this.prepare(userData);
    const { ec2, agent } = await this.ready;
    const port = await freePort();
    const log = path.join(places.logs, id);
    const machine = writeMachine({
      id,
      userData,
      sockets: socketFolder(places, this.place, id),
      place: this.place,
      port,
      agent,
      log,
    });
    const [command, ...words] = machine.command;
    const started = processes.start(`database ${id}`, command!, words, {
      cwd: this.place.nodes,
      env: { ...environment, AWS_ENDPOINT_URL_EC2: ec2, ...machine.environment },
      log: `${log}.log`,
    });
    this.nodes.set(id, { port, started });
    return { started, port };
  }

  /** Looks where the virtual IP leads and who holds the lease. */
  async follow(): Promise<void> {
    if (!this.config) return;
    await this.router!.follow();
    const dynamodb = await this.options.use("dynamodb");
    const { table, key } = this.config;
    const { Item } = await dynamodb.getItem({ TableName: table, Key: { pk: { S: key } } });
    this.lease = { holder: Item?.["holder"]?.S ?? "", phase: Item?.["phase"]?.S ?? "" };
  }

  /** Waits until one node is active, where there is any. */
  async serving(): Promise<void> {
    if (!this.config) return;
    await until(
      "The start of a database node",
      async () => {
        await this.follow();
        return this.lease?.phase === "active" || undefined;
      },
      {
        seconds: 60,
        advice: () => `see ${this.options.places.logs}, or start with --fresh, which forgets the database`,
      },
    );
    await this.keepSecret();
  }

  /** AWS keeps a secret as long as the data; the emulators forget it with each run. */
  async keepSecret(): Promise<void> {
    if (!this.secretArn) return;
    const secrets = await this.options.use("secretsmanager");
    const { SecretString } = await secrets.getSecretValue({ SecretId: this.secretArn });
    if (SecretString) fs.writeFileSync(keptSecret(this.place), SecretString, { mode: 0o600 });
  }

  async stop(): Promise<void> {
    await stopAll([
      () => this.keepSecret().catch(() => {}), // the emulator may have died before
      () => this.router?.stop(),
      () => this.door.stop(),
      () => fs.rmSync(this.place.nodes, { recursive: true, force: true, maxRetries: 5 }),
    ]);
  }

  /** Pulls an instance's plug. */
  private async end(id: string): Promise<void> {
    const node = this.nodes.get(id);
    if (node) await endTree(node.started);
  }

  private async prepare(userData: string) {
    this.config = nodeConfig(userData);
    forgetLastServer(path.join(this.place.folder, "shared", "postgresql"));
    this.router = new Router(this.options.use, this.config.virtualIp, (id) => {
      const node = this.nodes.get(id);
      return node && { host: "127.0.0.1", port: node.port };
    });
    const { bucket, key } = agentIn(userData);
    const s3 = await this.options.use("s3");
    const [ec2, address, object] = await Promise.all([
      this.door.start(),
      this.router.start(),
      s3.getObject({ Bucket: bucket, Key: key }),
      this.restoreSecret(userData),
    ]);
    return { ec2, address, agent: await object.Body!.transformToByteArray() };
  }

  private async restoreSecret(userData: string): Promise<void> {
    const file = keptSecret(this.place);
    this.secretArn = /SECRET_ARN=(\S+)/.exec(userData)![1]!;
    if (fs.existsSync(file)) {
      const secrets = await this.options.use("secretsmanager");
      const SecretString = fs.readFileSync(file, "utf8");
      await secrets.putSecretValue({ SecretId: this.secretArn, SecretString });
    } else fs.rmSync(path.join(this.place.folder, "shared"), { recursive: true, force: true }); // nobody could read it any more
  }
}
