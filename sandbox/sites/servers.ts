import { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { Stack } from "@aws-sdk/client-cloudformation";
import { endAll, handOver, runShut, Stranger, stranger } from "../builds/enclosure";
import { Image, Images } from "../builds/images";
import { BuildLog } from "../builds/log";
import { Use } from "../engine/clients";
import type { Machine } from "../fleet/view";
import { freePort } from "../ports";
import { messageOf, sleep } from "../problem";

type Values = Record<"made" | "variables" | "secrets", Record<string, string>>;

const LOOPBACK = path.join(__dirname, "loopback.cjs");
/** As systemd waits before it starts a project's container again. */
const AGAIN_MS = 5_000;
const LOOK_MS = 200;

interface Running {
  stack: string;
  image: Image;
  /** The secret with what its program finds in its environment. */
  valuesArn: string;
  port: number;
  user: Stranger;
  child?: ChildProcess;
  listens: boolean;
  log?: BuildLog;
  over: boolean;
}

/** Runs what builds have pushed: on each machine of a project's group a process in place of the container. */
export class ProjectServers {
  private readonly running = new Map<string, Running>();
  private readonly repositories = new Map<string, string | undefined>();

  constructor(
    /** MiniStack, with root's keys. */
    private readonly use: Use,
    private readonly images: Images,
    /** The sandbox's own folder, which no server may see. */
    private readonly hidden: string,
    private readonly note: (line: string) => void,
  ) {}

  /** The image of a project's stack, if its build has pushed one. */
  async imageOf(stack: string): Promise<Image | undefined> {
    if (!this.repositories.has(stack)) this.repositories.set(stack, await this.repositoryOf(stack));
    const repository = this.repositories.get(stack);
    return repository === undefined ? undefined : this.images.of(repository);
  }

  /** Where the servers of a stack listen. */
  portsOf(stack: string): number[] {
    return [...this.running.values()]
      .filter((one) => one.stack === stack && one.listens)
      .map(({ port }) => port);
  }

  /** Follows the machines that there are now, and what their stacks say. */
  async follow(machines: Machine[], stacks: Stack[]): Promise<void> {
    const valuesOf = (name: string) =>
      stacks
        .find(({ StackName }) => StackName === name)
        ?.Parameters?.find(({ ParameterKey }) => ParameterKey === "ValuesArn")?.ParameterValue ?? "";
    const wanted = new Set<string>();
    for (const { id, state, tags } of machines) {
      const stack = tags["groundwork:stack"];
      const image = state === "running" && stack ? await this.imageOf(stack) : undefined;
      if (!stack || !image || image.needs) continue;
      wanted.add(id);
      const before = this.running.get(id);
      const valuesArn = valuesOf(stack);
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
      one.log = await BuildLog.open(this.use, place, this.note);
    } catch (error) {
      this.note(`The server of ${stack} has no log: ${messageOf(error)}`);
    }
    void this.keepUp(one);
  }

  private async keepUp(one: Running): Promise<void> {
    const { folder: made, workdir, command, environment } = one.image;
    const folder = `${made}.${one.port}`;
    const home = path.join(folder, "home");
    while (!one.over) {
      const values = await this.valuesIn(one);
      // What a container wrote goes with it.
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      await fs.promises.cp(made, folder, { recursive: true, verbatimSymlinks: true });
      fs.mkdirSync(home, { recursive: true });
      fs.copyFileSync(LOOPBACK, path.join(folder, "loopback.cjs"));
      fs.chmodSync(folder, 0o700);
      handOver(folder, one.user);
      const child = runShut(command, {
        own: folder,
        cwd: path.join(folder, "root", path.posix.resolve("/", workdir)),
        hidden: [this.hidden],
        user: one.user,
        environment: {
          ...environment,
          ...values,
          PATH: [path.dirname(process.execPath), process.env["PATH"]].join(path.delimiter),
          HOME: home,
          TMPDIR: home,
          LANG: "C.UTF-8",
          PORT: String(one.port),
          GROUNDWORK_PORT: String(one.port),
          NODE_OPTIONS: `--require ${JSON.stringify(path.join(folder, "loopback.cjs"))}`,
        },
      });
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

  /** As the machine's own script puts them together: what the kind made, the variables, the secrets. */
  private async valuesIn({ stack, valuesArn }: Running): Promise<Record<string, string>> {
    if (!valuesArn) return {};
    try {
      const secrets = await this.use("secretsmanager");
      const { SecretString } = await secrets.getSecretValue({ SecretId: valuesArn });
      const { made, variables, secrets: given } = JSON.parse(SecretString!) as Values;
      return { ...made, ...variables, ...given };
    } catch (error) {
      this.note(`The server of ${stack} starts without its variables: ${messageOf(error)}`);
      return {};
    }
  }

  /** Nobody is sent to a server that does not listen yet. */
  private async awaitListening(one: Running, child: ChildProcess): Promise<void> {
    while (!one.over && one.child === child && !(one.listens = await accepts(one.port))) await sleep(LOOK_MS);
  }

  private async end(one: Running): Promise<void> {
    one.over = true;
    if (one.child) endAll(one.child, one.user);
    await one.log?.close();
  }

  private async repositoryOf(StackName: string): Promise<string | undefined> {
    const cloudformation = await this.use("cloudformation");
    const { StackResources = [] } = await cloudformation.describeStackResources({ StackName });
    return StackResources.find(({ ResourceType }) => ResourceType === "AWS::ECR::Repository")
      ?.PhysicalResourceId;
  }
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
