import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { endAll, handOver, runShut, Stranger, stranger } from "../builds/enclosure";
import { Images } from "../builds/images";
import { Fleet } from "../fleet/fleet";
import { App } from "../fleet/web-apps";
import { Paths } from "../paths";
import { Problem } from "../problem";
import { atPort, imageIn, WEB_UNIT, webUnitFiles } from "../program";
import { bodyOf, LocalServer, Refusal, targetOf } from "../server";

const ASK = path.join(__dirname, "tools", "ask.sh");

interface Known {
  id: string;
  folder: string;
  user: Stranger;
  /** The image that it was started with. */
  firstImage: string;
  /** Where its current release was unpacked. */
  release?: string;
}

/**
 * The web servers as a release's hooks find them: a separate folder for the unit's files, and commands named systemctl and docker, which
 * make the sandbox start and stop the unit.
 */
export class ReleaseServers {
  private readonly known = new Map<string, Known>();
  private readonly tokens = new Map<string, string>();
  private readonly server: LocalServer;

  constructor(
    private readonly fleet: () => Fleet,
    private readonly images: Images,
    private readonly paths: Pick<Paths, "servers" | "run">,
    note: (line: string) => void,
  ) {
    this.server = new LocalServer("hooks", (request, response) => this.answer(request, response), note);
  }

  async start(): Promise<void> {
    await this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Where a release is unpacked on a server. */
  folderFor(id: string, deployment: string): string {
    return path.join(this.of(id).folder, deployment);
  }

  /** A server's current release; undefined before its first one. */
  releaseOf(id: string): string | undefined {
    return this.of(id).release;
  }

  /** The server runs what was unpacked there, and keeps only that. */
  keep(id: string, release: string): void {
    const one = this.of(id);
    if (one.release && one.release !== release) fs.rmSync(one.release, { recursive: true, force: true });
    one.release = release;
  }

  /** Runs a hook's script. Returns its exit code, or undefined if it took too long. */
  async run(
    id: string,
    script: string,
    seconds: number,
    environment: Record<string, string>,
    say: (text: string) => void,
  ): Promise<number | undefined> {
    const { folder, user } = this.of(id);
    const token = randomUUID();
    this.tokens.set(token, id);
    handOver(folder, user);
    const child = runShut(`exec '${script}'`, {
      own: folder,
      cwd: folder,
      user,
      hidden: [this.paths.run],
      environment: {
        PATH: [path.join(folder, "bin"), process.env["PATH"]].join(path.delimiter),
        HOME: folder,
        LANG: "C.UTF-8",
        ...environment,
        ...WEB_UNIT.patience,
        [WEB_UNIT.folderVariable]: path.join(folder, "etc"),
        SANDBOX_SERVER: `http://127.0.0.1:${this.server.port}/${token}`,
      },
    });
    for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding("utf8").on("data", say);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      endAll(child, user);
    }, seconds * 1000);
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (ended) => {
        endAll(child, user); // else what it left behind keeps its output open
        child.once("close", () => resolve(ended ?? 1));
      });
    }).finally(() => {
      clearTimeout(timer);
      this.tokens.delete(token);
    });
    return late ? undefined : code;
  }

  private of(id: string): Known {
    const before = this.known.get(id);
    const web = this.fleet().web.webOf(id);
    if (before) {
      if (web) tellPort(path.join(before.folder, "etc"), web.port);
      return before;
    }
    if (!web) throw new Problem(`${id} is no web server any more.`);
    const folder = path.join(this.paths.servers, id);
    for (const name of ["etc", "bin"]) fs.mkdirSync(path.join(folder, name), { recursive: true });
    fs.chmodSync(folder, 0o700);
    const files = webUnitFiles(web.userData, web.port);
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, "etc", name), text);
    for (const name of ["systemctl", "docker"]) {
      fs.copyFileSync(ASK, path.join(folder, "bin", name));
      fs.chmodSync(path.join(folder, "bin", name), 0o755);
    }
    const one = { id, folder, user: stranger(), firstImage: imageIn(files[WEB_UNIT.image] ?? "") };
    this.known.set(id, one);
    return one;
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const id = this.tokens.get(targetOf(request).path.slice(1));
    if (!id || request.method !== "POST") throw new Refusal(404, "Only a release's hooks ask here.");
    const command = new URLSearchParams((await bodyOf(request)).toString()).get("command") ?? "";
    await this.carryOut(this.of(id), command);
    response.end();
  }

  private async carryOut(one: Known, command: string): Promise<void> {
    const [program, verb, ...words] = command.split(/\s+/);
    const what = words.at(-1) ?? "";
    if (program === "systemctl" && what === WEB_UNIT.name) {
      const { web } = this.fleet();
      if (verb === "stop") return web.restWeb(one.id);
      if (verb === "start" || verb === "restart") return web.runWeb(one.id, this.appOf(one));
    }
    if (program === "systemctl" && what === "docker") return;
    if (program === "docker" && verb === "pull") return void this.imageOf(what);
    if (program === "docker" && verb === "image" && words[0] === "prune") return;
    throw new Refusal(400, `The sandbox's servers do not know the command ${command}.`);
  }

  /** The unit file's image; undefined for the image that the server was started with. */
  private appOf({ folder, firstImage }: Known): App | undefined {
    const reference = imageIn(fs.readFileSync(path.join(folder, "etc", WEB_UNIT.image), "utf8"));
    if (reference === firstImage) return undefined;
    const image = this.imageOf(reference);
    const nodes = [path.dirname(process.execPath), process.env["PATH"]].join(path.delimiter);
    return {
      command: "bash",
      args: ["-c", `PATH=${JSON.stringify(nodes)} exec ${image.command}`],
      cwd: path.join(image.folder, "root", path.posix.resolve("/", image.workdir)),
      environment: {
        ...image.environment,
        NODE_OPTIONS: `--require ${JSON.stringify(this.fleet().web.accessCheck)}`,
      },
    };
  }

  private imageOf(reference: string) {
    const image = this.images.named(reference);
    if (!image) throw new Refusal(404, `There is no image ${reference}.`);
    if (image.needs)
      throw new Refusal(400, `The image ${reference} stands on ${image.needs}: it needs Docker.`);
    return image;
  }
}

/** An edit of the web app gives a server a process on another port. */
function tellPort(folder: string, port: number): void {
  for (const file of fs.readdirSync(folder).map((name) => path.join(folder, name)))
    fs.writeFileSync(file, atPort(fs.readFileSync(file, "utf8"), port));
}
