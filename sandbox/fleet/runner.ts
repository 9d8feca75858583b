import * as fs from "node:fs";
import * as path from "node:path";
import { Use } from "../engine/clients";
import { root } from "../paths";
import { freePort } from "../ports";
import { Problem, sleep, until } from "../problem";
import { WEBAPP, webListens, webVariables } from "../program";
import type { Tell } from "../failures/timeline";
import { Processes, Started } from "../processes";
import { DatabaseNodes } from "../nodes/nodes";
import { Metadata } from "./metadata";
import { Translate } from "./translation";
import { Group, Machine, View } from "./view";

/** As systemd waits before it starts the web app again. */
const AGAIN_MS = 2_000;
/** A request that was sent to the old process has arrived by then. */
const ARRIVED_MS = 200;
const START_SECONDS = 30;

/** How a web server's program is started. */
export interface App {
  command: string;
  args: string[];
  cwd: string;
  environment?: Record<string, string>;
  /** Where a debugger gets in. */
  inspector?: number;
}

export interface RunnerOptions {
  use: Use;
  processes: Processes;
  metadata: Metadata;
  logs: string;
  /** The web app as `node FILE` starts it. */
  webapp: string;
  /** Whether browsers ask for each file of a page again. */
  uncached: boolean;
  /** Whether web servers are started from their sources, with a port for a debugger. */
  inspect: boolean;
  /** Why a server on that port would not pass the instance's health checks. */
  checks: (instanceId: string, port: number) => Promise<string | undefined>;
  /** What leads an SDK to the emulators. */
  environment: Record<string, string>;
  translate: Translate;
  nodes: DatabaseNodes;
  /** Servers on which a deployment works: theirs to start and to end. */
  held: Set<string>;
  /** Resolves when nobody sends to the instance any more. */
  drained: (instanceId: string) => Promise<void>;
  tell: Tell;
}

/** The process that stands for an instance. */
export interface Server {
  id: string;
  role: "web" | "database";
  port: number;
  pid: number;
  alive: boolean;
  startedAt: Date;
  log: string;
  lost: boolean;
  /** Where a debugger gets in. */
  inspector?: number;
}

interface Running extends Server {
  started: Started;
  userData: string;
  environment: Record<string, string>;
  /** Told to end, on a machine that lives on. */
  rests: boolean;
}

/**
 * Runs every instance whose user data makes it a web server or a database node as processes on a port of its own. An instance
 * that is stopped or terminated loses its processes; one whose process dies is an instance whose machine died.
 */
export class Runner {
  private readonly running = new Map<string, Running>();
  private readonly looked = new Set<string>();
  private webapp: string;

  constructor(private readonly options: RunnerOptions) {
    this.webapp = options.webapp;
  }

  get servers(): Server[] {
    return [...this.running.values()];
  }

  portOf(instanceId: string): number | undefined {
    return this.running.get(instanceId)?.port;
  }

  /** What a web server's own scripts would find on it; undefined for any other machine. */
  webOf(id: string): Pick<Running, "userData" | "environment" | "port"> | undefined {
    const server = this.running.get(id);
    return server?.role === "web" && !server.lost ? server : undefined;
  }

  /** Ends a web server's program, as its service manager does: its machine lives on. */
  async restWeb(id: string): Promise<void> {
    const server = this.running.get(id);
    if (!server || server.lost) return;
    server.rests = true;
    await this.options.processes.stop(server.started, 20_000);
  }

  /** Runs a program as the web server's, in the place of the one before. @param app without, the one of the first image */
  async runWeb(id: string, app?: App): Promise<void> {
    await this.restWeb(id);
    const chosen = app ?? (await this.firstApp());
    const server = this.running.get(id);
    if (server && !server.lost) this.begin(server, chosen);
  }

  async follow({ machines, groups }: View): Promise<void> {
    const up = machines.filter(({ state }) => state === "running");
    const fresh = up.filter(({ id }) => !this.looked.has(id));
    for (const { id } of fresh) this.looked.add(id);
    const known = await Promise.all(
      fresh.map(async (machine) => ({ machine, userData: await this.userDataOf(machine) })),
    );
    const [nodes, others] = [true, false].map((wanted) =>
      known.filter(({ userData }) => this.options.nodes.takes(userData) === wanted),
    );
    // Databases first: with them comes the address that the others are told.
    for (const kind of [nodes!, others!])
      await Promise.all(kind.map(({ machine, userData }) => this.launch(machine, userData, groups)));
    const wanted = new Set(up.map(({ id }) => id));
    for (const server of this.running.values()) if (!wanted.has(server.id)) void this.end(server);
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.running.values()].map(({ started, role }) =>
        this.options.processes.stop(started, role === "web" ? 1_000 : 5_000),
      ),
    );
  }

  private async userDataOf({ id }: Machine): Promise<string> {
    const ec2 = await this.options.use("ec2");
    const { UserData } = await ec2.describeInstanceAttribute({ InstanceId: id, Attribute: "userData" });
    return Buffer.from(UserData?.Value ?? "", "base64").toString();
  }

  private async launch(machine: Machine, userData: string, groups: Group[]): Promise<void> {
    const { id } = machine;
    const { nodes, metadata, logs } = this.options;
    const variables = webVariables(userData);
    const isNode = nodes.takes(userData);
    if (!isNode && !variables) return;

    const profile =
      machine.profile ?? (await this.profileOf(groups.find(({ name }) => name === machine.group)));
    const ofMachine = {
      PATH: process.env["PATH"]!,
      ...withoutKeys(this.options.environment),
      ...(profile ? await metadata.environmentOf(id, profile) : {}),
    };
    const environment = isNode ? ofMachine : { ...ofMachine, ...(await this.options.translate(variables!)) };
    const app = await this.firstApp();
    const { started, port } = isNode
      ? await nodes.boot(id, userData, ofMachine)
      : await this.startWeb(id, app, environment);
    const server: Running = {
      id,
      role: isNode ? "database" : "web",
      port,
      pid: started.child.pid!,
      alive: true,
      startedAt: new Date(),
      log: path.join(logs, `${id}.log`),
      lost: false,
      started,
      userData,
      environment,
      rests: false,
      inspector: isNode ? undefined : app.inspector,
    };
    this.running.set(id, server);
    const { zone = "?" } = machine;
    this.options.tell("replacement", `${id} starts in ${zone}, as a ${server.role} server`);
    this.watch(server, app);
  }

  /**
   * Gives each web server another bundle of the web app, one after the other: the new process passes the health checks before requests go to
   * it, and the old one answers what it has. Where one does not start, all have the old bundle. What a deployment works on is left to it.
   */
  async renew(webapp: string): Promise<number> {
    const old = this.webapp;
    this.webapp = webapp; // for what is launched meanwhile
    const servers = [...this.running.values()].filter(
      ({ id, role, lost, alive }) => role === "web" && !lost && alive && !this.options.held.has(id),
    );
    const done: Running[] = [];
    try {
      for (const server of servers) {
        await this.replaceProcess(server);
        done.push(server);
      }
    } catch (error) {
      this.webapp = old;
      for (const server of done) await this.replaceProcess(server);
      throw error;
    }
    return servers.length;
  }

  private async replaceProcess(server: Running): Promise<void> {
    const { processes, checks } = this.options;
    const app = await this.firstApp();
    const { started, port } = await this.startWeb(server.id, app, server.environment);
    let ended: number | string | undefined;
    void started.gone.then((code) => (ended = code));
    try {
      await until(
        "A web server's first good answer",
        async () => {
          if (ended !== undefined)
            throw new Problem(`the new web server ended at once (${ended}): ${lastWords(server.log)}`);
          return (await checks(server.id, port)) === undefined;
        },
        { seconds: START_SECONDS, advice: () => `see ${server.log}` },
      );
    } catch (error) {
      await processes.stop(started);
      throw error;
    }
    if (server.lost || server.rests) return processes.stop(started); // its machine, or a deployment, went another way meanwhile
    const before = server.started;
    const { inspector } = app;
    Object.assign(server, {
      ...{ started, port, inspector },
      ...{ pid: started.child.pid!, alive: true, startedAt: new Date() },
    });
    this.watch(server, app);
    await sleep(ARRIVED_MS);
    void processes.stop(before, 20_000);
  }

  /** What its machine's service manager does with a program that ends by itself: nothing here, where no deployment works on it. */
  private watch(server: Running, app: App): void {
    const { started } = server;
    void started.gone.then(async () => {
      const isOver = () => server.started !== started || server.rests || server.lost;
      if (isOver()) return;
      if (!this.options.held.has(server.id)) {
        server.alive = false;
        this.options.tell("failure", `the ${server.role} server ${server.id} is gone`);
        return;
      }
      await sleep(AGAIN_MS);
      if (!isOver()) this.begin(server, app);
    });
  }

  private begin(server: Running, app: App): void {
    const { id, port, environment } = server;
    server.started = this.spawn(id, port, app, environment);
    Object.assign(server, {
      pid: server.started.child.pid,
      alive: true,
      startedAt: new Date(),
      rests: false,
      inspector: app.inspector,
    });
    this.watch(server, app);
  }

  private async startWeb(id: string, app: App, environment: Record<string, string>) {
    const port = await freePort();
    return { started: this.spawn(id, port, app, environment), port };
  }

  /** The bundle; for a debugger the sources themselves, whose lines a person knows. */
  private async firstApp(): Promise<App> {
    const command = process.execPath;
    const check = ["--require", this.accessCheck];
    if (!this.options.inspect)
      return { command, args: [...check, this.webapp], cwd: path.dirname(this.webapp) };
    const inspector = await freePort();
    const sources = ["--require", "ts-node/register/transpile-only", ...check, WEBAPP.entry];
    return { command, args: [`--inspect=127.0.0.1:${inspector}`, ...sources], cwd: root, inspector };
  }

  /** What a web server loads before its program: webapp-access.ts. */
  get accessCheck(): string {
    return path.join(path.dirname(this.webapp), "access.js");
  }

  private spawn(id: string, port: number, app: App, environment: Record<string, string>): Started {
    const { processes, logs, uncached } = this.options;
    return processes.start(`web ${id}`, app.command, app.args, {
      cwd: app.cwd,
      env: {
        ...app.environment,
        ...environment,
        ...webListens(id, port),
        ...(uncached && { GROUNDWORK_UNCACHED: "1" }),
      },
      log: path.join(logs, `${id}.log`),
    });
  }

  /** moto's groups start instances without the profile that their launch template names. */
  private async profileOf(group: Group | undefined): Promise<string | undefined> {
    if (!group?.template?.LaunchTemplateId) return undefined;
    const ec2 = await this.options.use("ec2");
    const { LaunchTemplateVersions } = await ec2.describeLaunchTemplateVersions({
      LaunchTemplateId: group.template.LaunchTemplateId,
      Versions: [group.template.Version ?? "$Latest"],
    });
    const profile = LaunchTemplateVersions?.[0]?.LaunchTemplateData?.IamInstanceProfile;
    return profile?.Name ?? profile?.Arn?.split("/").at(-1);
  }

  private async end(server: Running): Promise<void> {
    if (server.lost) return;
    server.lost = true;
    if (server.role === "web") await this.options.drained(server.id);
    await this.options.processes.stop(server.started, 20_000);
    this.running.delete(server.id);
  }
}

/** An instance has its role's credentials, never root's. */
function withoutKeys({
  AWS_ACCESS_KEY_ID: _id,
  AWS_SECRET_ACCESS_KEY: _key,
  ...rest
}: Record<string, string>) {
  return rest;
}

/** What a process said last of why it ended. */
function lastWords(log: string): string {
  const lines = fs.readFileSync(log, "utf8").trimEnd().split("\n").slice(-30);
  return lines.findLast((line) => /Error/.test(line))?.trim() ?? `see ${log}`;
}
