import * as fs from "node:fs";
import * as path from "node:path";
import { Use } from "../engine/clients";
import { Problem, sleep, until } from "../problem";
import { webVariables } from "../program";
import type { Tell } from "../failures/timeline";
import { Started } from "../processes";
import { DatabaseNodes } from "../nodes/nodes";
import { profileOf, userDataOf } from "./machines";
import { Metadata } from "./metadata";
import { Translate } from "./translation";
import { Group, Machine, View } from "./view";
import { App, WebApps, WebAppsOptions } from "./web-apps";

/** systemd's wait before it starts the web app again. */
const AGAIN_MS = 2_000;
/** By then, a request that was sent to the old process has arrived. */
const ARRIVED_MS = 200;
const START_SECONDS = 30;

export interface RunnerOptions extends WebAppsOptions {
  use: Use;
  metadata: Metadata;
  /** Why a server on that port would fail the instance's health checks. */
  checks: (instanceId: string, port: number) => Promise<string | undefined>;
  /** The variables that point an SDK at the emulators. */
  environment: Record<string, string>;
  translate: Translate;
  nodes: DatabaseNodes;
  /** Servers that a deployment is working on: only it starts and ends them. */
  held: Set<string>;
  /** Resolves when nobody sends requests to the instance any more. */
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
  /** The debugger's port. */
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
 * Runs every instance whose user data makes it a web server or a database node, as processes on a separate port. A stopped or
 * terminated instance loses its processes; one whose process dies counts as an instance whose machine died.
 */
export class Runner {
  private readonly running = new Map<string, Running>();
  private readonly looked = new Set<string>();
  private readonly apps: WebApps;

  constructor(private readonly options: RunnerOptions) {
    this.apps = new WebApps(options);
  }

  /** What a web server loads before its program: webapp-access.ts. */
  get accessCheck(): string {
    return this.apps.accessCheck;
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
    const chosen = app ?? (await this.apps.first());
    const server = this.running.get(id);
    if (server && !server.lost) this.begin(server, chosen);
  }

  async follow({ machines, groups }: View): Promise<void> {
    const up = machines.filter(({ state }) => state === "running");
    const fresh = up.filter(({ id }) => !this.looked.has(id));
    for (const { id } of fresh) this.looked.add(id);
    const known = await Promise.all(
      fresh.map(async (machine) => ({ machine, userData: await userDataOf(this.options.use, machine) })),
    );
    const [nodes, others] = [true, false].map((wanted) =>
      known.filter(({ userData }) => this.options.nodes.takes(userData) === wanted),
    );
    // Databases first: the other servers need their address.
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

  private async launch(machine: Machine, userData: string, groups: Group[]): Promise<void> {
    const { id } = machine;
    const { nodes, metadata, logs } = this.options;
    const variables = webVariables(userData);
    const isNode = nodes.takes(userData);
    if (!isNode && !variables) return;

    const profile =
      machine.profile ??
      (await profileOf(
        this.options.use,
        groups.find(({ name }) => name === machine.group),
      ));
    const ofMachine = {
      PATH: process.env["PATH"]!,
      ...withoutKeys(this.options.environment),
      ...(profile ? await metadata.environmentOf(id, profile) : {}),
    };
    const environment = isNode ? ofMachine : { ...ofMachine, ...(await this.options.translate(variables!)) };
    const app = isNode ? undefined : await this.apps.first();
    const { started, port } = app
      ? await this.apps.startAnywhere(id, app, environment)
      : await nodes.boot(id, userData, ofMachine);
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
      inspector: app?.inspector,
    };
    this.running.set(id, server);
    const { zone = "?" } = machine;
    this.options.tell("replacement", `${id} starts in ${zone}, as a ${server.role} server`);
    this.watch(server, app);
  }

  /**
   * Gives each web server another bundle of the web app, one after the other: the new process passes the health checks before requests go to it, and
   * the old one finishes its own. If one does not start, all keep the old bundle. Servers that a deployment is working on are left to it.
   */
  async renew(webapp: string): Promise<number> {
    const old = this.apps.bundle;
    this.apps.bundle = webapp; // for later launches
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
      this.apps.bundle = old;
      for (const server of done) await this.replaceProcess(server);
      throw error;
    }
    return servers.length;
  }

  private async replaceProcess(server: Running): Promise<void> {
    const { processes, checks } = this.options;
    const app = await this.apps.first();
    const { started, port } = await this.apps.startAnywhere(server.id, app, server.environment);
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

  /** How its machine's service manager treats a program that ends by itself: it does nothing here, unless a deployment is working on it. */
  private watch(server: Running, app?: App): void {
    const { started } = server;
    void started.gone.then(async () => {
      const isOver = () => server.started !== started || server.rests || server.lost;
      if (isOver()) return;
      if (!app || !this.options.held.has(server.id)) {
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
    server.started = this.apps.start(id, port, app, environment);
    Object.assign(server, {
      pid: server.started.child.pid,
      alive: true,
      startedAt: new Date(),
      rests: false,
      inspector: app.inspector,
    });
    this.watch(server, app);
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

/** The last words of a process about why it ended. */
function lastWords(log: string): string {
  const lines = fs.readFileSync(log, "utf8").trimEnd().split("\n").slice(-30);
  return lines.findLast((line) => /Error/.test(line))?.trim() ?? `see ${log}`;
}
