import { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { Stack } from "@aws-sdk/client-cloudformation";
import { endAll, exitOf, handOver, runShut, Stranger, stranger } from "../builds/enclosure";
import { Image, Images } from "../builds/images";
import { BuildLog } from "../builds/log";
import { Use } from "../engine/clients";
import type { Machine } from "../fleet/view";
import { freePort } from "../ports";
import { messageOf, sleep } from "../problem";
import { Containers, Place } from "./containers";
import { ProjectDatabases } from "./databases";
import { StackParts } from "./stack-parts";

/** systemd's wait before it starts a project's container again. */
const AGAIN_MS = 5_000;
const LOOK_MS = 200;

interface Running {
  /** Of the machine. */
  id: string;
  stack: string;
  image: Image;
  /** The secret with its program's environment. */
  valuesArn: string;
  port: number;
  user: Stranger;
  child?: ChildProcess;
  listens: boolean;
  log?: BuildLog;
  over: boolean;
}

export interface ServersOptions {
  /** MiniStack, with root's keys. */
  use: Use;
  images: Images;
  databases: ProjectDatabases;
  /** The sandbox's own folder, which no server may see. */
  hidden: string;
  /** Where release commands run, beside the images. */
  folder: string;
  note: (line: string) => void;
}

/** Runs what builds have pushed: on each machine of a project's group, a process instead of the container. */
export class ProjectServers {
  /** The port of the proxy in front of all projects, which their addresses include. */
  sitesPort = 0;
  private readonly running = new Map<string, Running>();
  private readonly repositories = new Map<string, string | undefined>();
  private stacks: Stack[] = [];

  private readonly parts: StackParts;
  private readonly containers: Containers;

  constructor(private readonly options: ServersOptions) {
    this.parts = new StackParts(options.use);
    this.containers = new Containers(options, this.parts);
  }

  /** The image of a project's stack, if its build has pushed one. */
  async imageOf(stack: string): Promise<Image | undefined> {
    if (!this.repositories.has(stack)) this.repositories.set(stack, await this.parts.of(stack, "Images"));
    const repository = this.repositories.get(stack);
    return repository === undefined ? undefined : this.options.images.of(repository);
  }

  /** The project's stack that a group belongs to, and where its images are. */
  async stackOf(group: string): Promise<{ stack: string; repository: string } | undefined> {
    const stack = this.stacks.find(({ StackName }) => group.startsWith(`${StackName}-`))?.StackName;
    const repository = stack && (await this.parts.of(stack, "Images"));
    return repository ? { stack, repository } : undefined;
  }

  /** The machines of a stack whose server listens, and where. */
  listeningFor(stack: string): { id: string; port: number }[] {
    return [...this.running.values()].filter((one) => one.stack === stack && one.listens);
  }

  /** The parameters of a project's stack. */
  parameterOf(stack: string, name: string): string {
    const found = this.stacks.find(({ StackName }) => StackName === stack);
    return found?.Parameters?.find(({ ParameterKey }) => ParameterKey === name)?.ParameterValue ?? "";
  }

  private placeOf(stack: string): Place {
    const [host, engine] = [this.parameterOf(stack, "Host"), this.parameterOf(stack, "Engine")];
    return { stack, host, engine, sitesPort: this.sitesPort };
  }

  /** The platform's name of the project whose stack answers to this custom domain name. */
  behindOwnName(domain: string): string | undefined {
    const own = this.stacks.find(({ StackName }) => this.parameterOf(StackName!, "Domain") === domain);
    return own && this.parameterOf(own.StackName!, "Host");
  }

  /** Follows the machines that currently exist, and their stacks' parameters. */
  async follow(machines: Machine[], stacks: Stack[]): Promise<void> {
    this.stacks = stacks;
    await this.options.images.follow();
    await this.options.databases.keepOnly(stacks.map(({ StackName }) => StackName));
    const wanted = new Set<string>();
    const known = new Set(stacks.map(({ StackName }) => StackName));
    for (const { id, state, tags } of machines) {
      const tag = tags["groundwork:stack"];
      const stack = known.has(tag) ? tag : undefined;
      const image = state === "running" && stack ? await this.imageOf(stack) : undefined;
      if (!stack || !image || image.needs) continue;
      wanted.add(id);
      const before = this.running.get(id);
      const valuesArn = this.parameterOf(stack, "ValuesArn");
      if (before?.image === image && before.valuesArn === valuesArn) continue;
      if (before) void this.end(before);
      await this.start(id, stack, image, valuesArn);
    }
    for (const [id, one] of this.running)
      if (!wanted.has(id)) {
        void this.end(one);
        this.running.delete(id);
      }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((one) => this.end(one)));
    this.running.clear();
  }

  private async start(id: string, stack: string, image: Image, valuesArn: string): Promise<void> {
    const one: Running = {
      id,
      stack,
      image,
      valuesArn,
      port: await freePort(),
      user: stranger(),
      listens: false,
      over: false,
    };
    this.running.set(id, one);
    try {
      const place = { groupName: `/groundwork/${stack}/app`, streamName: `${id}-${one.port}` };
      one.log = await BuildLog.open(this.options.use, place, this.options.note);
    } catch (error) {
      this.options.note(`The server of ${stack} has no log: ${messageOf(error)}`);
    }
    void this.keepUp(one);
  }

  private async keepUp(one: Running): Promise<void> {
    const { folder: made, command } = one.image;
    const folder = `${made}.${one.port}`;
    while (!one.over) {
      // A container's output is deleted with it.
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      await fs.promises.cp(made, folder, { recursive: true, verbatimSymlinks: true });
      const given = await this.containers.of(this.placeOf(one.stack), folder).catch((error: unknown) => {
        one.log?.say(`The server does not start: ${messageOf(error)}`);
        this.options.note(`The server of ${one.stack} does not start: ${messageOf(error)}`);
        return undefined;
      });
      if (one.over) break;
      if (!given) {
        await sleep(AGAIN_MS);
        continue;
      }
      const child = runShut(command, await this.containers.shut(one, folder, given.environment));
      one.child = child;
      for (const stream of [child.stdout!, child.stderr!])
        stream.setEncoding("utf8").on("data", (text: string) => one.log?.write(text));
      const ended = new Promise((resolve) => child.once("exit", resolve).once("error", resolve));
      void this.awaitListening(one, child);
      await ended;
      one.child = undefined;
      one.listens = false;
      endAll(child, one.user);
      if (!one.over) await sleep(AGAIN_MS);
    }
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /**
   * Runs the release command of a stack in an image that does not serve yet, and answers how that ended.
   * @param bring puts the image into a folder, as the user to whom that belongs
   * @param heard takes what the command says
   */
  async release(
    stack: string,
    bring: (folder: string, user: Stranger) => Promise<Image>,
    heard: (text: string) => void,
  ): Promise<number> {
    const [user, port] = [stranger(), await freePort()];
    const folder = path.join(this.options.folder, `release-${port}`);
    let child: ChildProcess | undefined;
    try {
      fs.mkdirSync(this.options.folder, { recursive: true, mode: 0o711 });
      fs.mkdirSync(folder, { mode: 0o700 });
      handOver(folder, user);
      const image = await bring(folder, user);
      if (image.needs) {
        heard(`The sandbox runs without Docker: on ${image.needs} the release command was not run.\n`);
        return 0;
      }
      const { environment, command } = await this.containers.of(this.placeOf(stack), folder, "coming");
      child = runShut(command, await this.containers.shut({ image, user, port }, folder, environment));
      for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding("utf8").on("data", heard);
      return await exitOf(child);
    } finally {
      if (child) endAll(child, user);
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  /** A server gets no requests until it listens. */
  private async awaitListening(one: Running, child: ChildProcess): Promise<void> {
    while (!one.over && one.child === child && !(one.listens = await accepts(one.port))) await sleep(LOOK_MS);
  }

  private async end(one: Running): Promise<void> {
    one.over = true;
    if (one.child) endAll(one.child, one.user);
    await one.log?.close();
  }
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
