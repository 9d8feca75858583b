import * as fs from "node:fs";
import * as path from "node:path";
import { Stack } from "@aws-sdk/client-cloudformation";
import { handOver, Stranger, stranger } from "../builds/enclosure";
import { Image, Images } from "../builds/images";
import { BuildLog } from "../builds/log";
import type { Docker } from "../docker/docker";
import { Use } from "../engine/clients";
import type { Machine } from "../fleet/view";
import { freePort } from "../ports";
import { messageOf, sleep } from "../problem";
import { Containers, Place } from "./containers";
import { ProjectDatabases } from "./databases";
import { MysqlDatabases } from "./mysql";
import { Program, Programs } from "./programs";
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
  program?: Program;
  listens: boolean;
  log?: BuildLog;
  over: boolean;
}

export interface ServersOptions {
  /** MiniStack, with root's keys. */
  use: Use;
  images: Images;
  databases: ProjectDatabases;
  /** This machine's Docker, if it is used. */
  docker?: Docker;
  /** What no server may see: the sandbox's own folder, the socket of Docker. */
  hidden: string[];
  /** Where release commands run, beside the images. */
  folder: string;
  note: (line: string) => void;
}

/** Runs what builds have pushed: for each machine of a project's group, a process instead of the container, or the container itself. */
export class ProjectServers {
  /** The port of the proxy in front of all projects, which their addresses include. */
  sitesPort = 0;
  private readonly running = new Map<string, Running>();
  private readonly repositories = new Map<string, string | undefined>();
  private stacks: Stack[] = [];

  private readonly parts: StackParts;
  private readonly mysql?: MysqlDatabases;
  private readonly programs: Programs;

  constructor(private readonly options: ServersOptions) {
    this.parts = new StackParts(options.use);
    const { docker, note } = options;
    this.mysql = docker && new MysqlDatabases(docker, note);
    this.programs = new Programs(new Containers({ ...options, mysql: this.mysql }, this.parts), docker);
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
    const of = (name: string) => this.parameterOf(stack, name);
    return {
      ...{ stack, host: of("Host"), engine: of("Engine"), sitesPort: this.sitesPort },
      ...{ port: Number(of("AppPort")), health: of("HealthPath") || "/" },
      ...(of("Uploads") && { uploads: { folder: of("Uploads"), owner: Number(of("UploadsOwner")) } }),
    };
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
    await this.keepOnly(stacks.map(({ StackName }) => StackName));
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

  /** Removes what only stacks that are gone had. */
  private async keepOnly(stacks: (string | undefined)[]): Promise<void> {
    await this.options.databases.keepOnly(stacks);
    await this.mysql?.keepOnly(stacks);
    await this.options.docker?.keepOnly(stacks);
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
    const { image, stack, port, user } = one;
    const folder = `${image.folder}.${port}`;
    const heard = (text: string) => one.log?.write(text);
    while (!one.over) {
      // A container's output is deleted with it.
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      await fs.promises.cp(image.folder, folder, { recursive: true, verbatimSymlinks: true });
      const program = await this.programs
        .start({ place: this.placeOf(stack), image, folder, user, port, heard })
        .catch((error: unknown) => {
          if (one.over) return;
          one.log?.say(`The server does not start: ${messageOf(error)}`);
          this.options.note(`The server of ${stack} does not start: ${messageOf(error)}`);
        });
      if (program) await this.attend(one, program);
      if (!one.over) await sleep(AGAIN_MS);
    }
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Watches over a program until it is gone. */
  private async attend(one: Running, program: Program): Promise<void> {
    if (one.over) return program.end();
    one.program = program;
    void this.awaitListening(one, program);
    await program.ended.catch((error: unknown) => {
      if (!one.over) this.options.note(`The server of ${one.stack}: ${messageOf(error)}`);
    });
    one.program = undefined;
    one.listens = false;
    await program.end();
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
    let program: Program | undefined;
    try {
      fs.mkdirSync(this.options.folder, { recursive: true, mode: 0o711 });
      fs.mkdirSync(folder, { mode: 0o700 });
      handOver(folder, user);
      const image = await bring(folder, user);
      if (image.needs) {
        heard(`The sandbox uses no Docker: on ${image.needs} the release command was not run.\n`);
        return 0;
      }
      const place = this.placeOf(stack);
      program = await this.programs.start({ place, image, folder, user, port, heard, releases: true });
      return await program.ended;
    } finally {
      await program?.end();
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  /** A server gets no requests until it listens. */
  private async awaitListening(one: Running, program: Program): Promise<void> {
    while (!one.over && one.program === program && !(one.listens = await program.listens()))
      await sleep(LOOK_MS);
  }

  private async end(one: Running): Promise<void> {
    one.over = true;
    await one.program?.end();
    await one.log?.close();
  }
}
