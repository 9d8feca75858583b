import * as fs from "node:fs";
import * as path from "node:path";
import { forgetLastServer } from "../database-files";
import { EmulatorProxy } from "../emulator-proxy";
import { Endpoints } from "../emulators/endpoints";
import { Use } from "../engine/clients";
import type { Remembered } from "../fleet/remembered";
import { Router } from "../fleet/router";
import { Address } from "../fleet/translation";
import { Paths } from "../paths";
import { freePort } from "../ports";
import { until } from "../problem";
import { AgentConfig, Held, isDatabaseNode, leaseIn, leaseKey, NodeDescription, nodeIn } from "../program";
import type { Stage, Tell } from "../failures/timeline";
import { endTree, Processes, Started } from "../processes";
import { stopAll } from "../stopping";
import { ec2Proxy } from "./ec2-proxy";
import { keptSecret, missingTools, writeMachine } from "./machine";
import { DatabaseInstallation, databaseInstallation, socketFolder } from "./installation";

export interface NodesOptions {
  use: Use;
  /** For what is read at each look. */
  declared: Pick<Remembered, "use" | "look">;
  endpoints: Endpoints;
  processes: Processes;
  paths: Paths;
  note: (line: string) => void;
  tell: Tell;
}

interface Node {
  port: number;
  started: Started;
}

/** Called with changes of the lease. */
const WORDS: Partial<Record<Held["phase"], { stage: Stage; words: string }>> = {
  fencing: { stage: "detection", words: "takes the lease over: the other one's has ended" },
  starting: { stage: "replacement", words: "starts PostgreSQL" },
  active: { stage: "replacement", words: "is the writer" },
};

/** The program's database nodes: the real agent, guard and PostgreSQL of each, on a port of this machine. */
export class DatabaseNodes {
  private readonly nodes = new Map<string, Node>();
  private readonly ec2: EmulatorProxy;
  private readonly installation: DatabaseInstallation;
  private ready?: Promise<{ ec2: string; address: Address; agent: Uint8Array }>;
  private router?: Router;
  private config?: AgentConfig;
  private lease?: Held;
  private secretArn = "";

  constructor(private readonly options: NodesOptions) {
    this.installation = databaseInstallation(options.paths);
    this.ec2 = ec2Proxy(
      options.endpoints.moto,
      {
        stop: (id) => this.end(id),
        routed: async () => {
          await this.options.declared.look("moto");
          await this.router?.follow();
        },
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

  /** A node's current activity, in one word; undefined if it is not a node. */
  stateOf(id: string): Exclude<Held["phase"], ""> | "passive" | undefined {
    if (!this.nodes.has(id)) return undefined;
    return this.lease?.holder === id ? this.lease.phase || "passive" : "passive";
  }

  async boot(
    id: string,
    userData: string,
    environment: Record<string, string>,
  ): Promise<{ started: Started; port: number }> {
    const { processes, paths } = this.options;
    const node = nodeIn(userData);
    this.ready ??= this.prepare(node);
    const { ec2, agent } = await this.ready;
    const port = await freePort();
    const log = path.join(paths.logs, id);
    const machine = writeMachine({
      id,
      node,
      sockets: socketFolder(paths, this.installation, id),
      installation: this.installation,
      port,
      agent,
      log,
    });
    const [command, ...words] = machine.command;
    const started = processes.start(`database ${id}`, command!, words, {
      cwd: this.installation.nodes,
      env: { ...environment, AWS_ENDPOINT_URL_EC2: ec2, ...machine.environment },
      log: `${log}.log`,
    });
    this.nodes.set(id, { port, started });
    return { started, port };
  }

  /** Checks where the virtual IP leads and who holds the lease. */
  async follow(): Promise<void> {
    if (!this.config) return;
    await this.router!.follow();
    const dynamodb = await this.options.use("dynamodb");
    const { Item } = await dynamodb.getItem({ TableName: this.config.table, Key: leaseKey(this.config) });
    const before = this.lease;
    this.lease = leaseIn(Item);
    const { holder, phase } = this.lease;
    const news = phase && WORDS[phase];
    if (news && (before?.holder !== holder || before.phase !== phase))
      this.options.tell(news.stage, `the database node ${holder} ${news.words}`);
  }

  /** Waits until one node is active, if there are any. */
  async serving(): Promise<void> {
    if (!this.config) return;
    await until(
      "The start of a database node",
      async () => {
        await this.follow();
        return this.lease?.phase === "active";
      },
      {
        seconds: 60,
        advice: () => `see ${this.options.paths.logs}, or start with --fresh, which forgets the database`,
      },
    );
    await this.keepSecret();
  }

  /** AWS keeps a secret as long as the data; the emulators forget it with each run. */
  async keepSecret(): Promise<void> {
    if (!this.secretArn) return;
    const secrets = await this.options.use("secretsmanager");
    const { SecretString } = await secrets.getSecretValue({ SecretId: this.secretArn });
    if (SecretString) fs.writeFileSync(keptSecret(this.installation), SecretString, { mode: 0o600 });
  }

  async stop(): Promise<void> {
    await stopAll([
      () => this.keepSecret().catch(() => {}), // the emulator may have died before
      () => this.router?.stop(),
      () => this.ec2.stop(),
      () => fs.rmSync(this.installation.nodes, { recursive: true, force: true, maxRetries: 5 }),
    ]);
  }

  /** Ends an instance like a power cut. */
  private async end(id: string): Promise<void> {
    const node = this.nodes.get(id);
    if (!node) return;
    this.options.tell("detection", `${id} is switched off by the other node, so that only one writes`);
    await endTree(node.started);
  }

  private async prepare({ config, agent, secretArn }: NodeDescription) {
    this.config = config;
    this.secretArn = secretArn;
    const shared = path.join(this.installation.folder, "shared");
    forgetLastServer(path.join(shared, "postgresql"));
    // The former holder of the data: the lease went with the emulators, and no node of an earlier start is left.
    fs.rmSync(path.join(shared, "epoch"), { force: true });
    this.router = new Router(this.options.declared.use, config.virtualIp, (id) => {
      const node = this.nodes.get(id);
      return node && { host: "127.0.0.1", port: node.port };
    });
    const s3 = await this.options.use("s3");
    const [ec2, address, object] = await Promise.all([
      this.ec2.start(),
      this.router.start(),
      s3.getObject({ Bucket: agent.bucket, Key: agent.key }),
      this.restoreSecret(),
    ]);
    return { ec2, address, agent: await object.Body!.transformToByteArray() };
  }

  private async restoreSecret(): Promise<void> {
    const file = keptSecret(this.installation);
    if (fs.existsSync(file)) {
      const secrets = await this.options.use("secretsmanager");
      const SecretString = fs.readFileSync(file, "utf8");
      await secrets.putSecretValue({ SecretId: this.secretArn, SecretString });
    } else fs.rmSync(path.join(this.installation.folder, "shared"), { recursive: true, force: true }); // nobody could read it any more
  }
}
