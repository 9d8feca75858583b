import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Duplex } from "node:stream";
import { Endpoints } from "../emulators/endpoints";
import { clientsOf, Use } from "../engine/clients";
import type { Recipe } from "../docker/builder";
import { messageOf, Problem } from "../problem";
import { BuildSpec, PHASES, readBuildSpec } from "./buildspec";
import { carry, CHANNEL, endAll, handOver, keepsApart, runShut, Shut, Stranger, stranger } from "./enclosure";
import { Asked, answerRequests } from "./docker-requests";
import { Credentials, environmentOf, trustedIn, variablesOf } from "./environment";
import { BuildLog } from "./log";
import { now, PhaseRecord, Phases, Status } from "./phases";
import { BuildProject } from "./project";
import { exportedIn, phaseScript } from "./script";

export interface BuildOptions {
  id: string;
  arn: string;
  project: BuildProject;
  /** MiniStack, with root's keys. */
  use: Use;
  endpoints: Endpoints;
  /** Its own folder, which does not exist yet. */
  folder: string;
  /** The rights of the project's role. */
  assume: (role: string, session: string) => Promise<Credentials>;
  /** Puts the commands that builds find beside the machine's own into a folder. Returns the folders that these read. */
  equip: (bin: string, log: (line: string) => void) => Promise<string[]>;
  /** For a build that is an action of a pipeline. */
  handed?: Handed;
  /** What no build may see. */
  hidden: string[];
  /** Takes over an image that the build has pushed, and the name of the last one that Docker built for it. */
  keep: (image: string, docker?: string) => Promise<void>;
  /** Builds an image by this machine's Docker, if there is one, and returns its name there and its content's. */
  docker?: (recipe: Omit<Recipe, "project">) => Promise<{ name: string; content: string }>;
  note: (line: string) => void;
}

/** What a pipeline passes to a build, and takes from it; with the rights of the project's role. */
export interface Handed {
  /** Downloads the source into a folder, and returns its buildspec. */
  bring: (folder: string, use: Use) => Promise<string>;
  /** Takes the artifacts that the buildspec names. */
  take: (folder: string, files: string[], use: Use) => Promise<void>;
}

const NOT_APART =
  "This machine cannot isolate builds in namespaces: a build could read everything that the person who started the sandbox may read.";

type Cut = "STOPPED" | "TIMED_OUT";

/** One build as CodeBuild would run it, by the commands of its buildspec. */
export class RunningBuild {
  private readonly progress = new Phases();
  status: Status = "IN_PROGRESS";
  /** The variables that the buildspec exports. */
  exported: { name: string; value: string }[] = [];
  readonly startTime = now();
  endTime?: number;
  /** The name of the last image that Docker built for it. */
  inDocker?: string;
  readonly done: Promise<void>;
  private readonly user: Stranger = stranger();
  private cut?: Cut;
  private end = () => {};

  constructor(private readonly options: BuildOptions) {
    this.done = this.carryOut();
  }

  get phases(): PhaseRecord[] {
    return this.progress.records;
  }

  get currentPhase(): string {
    return this.status === "IN_PROGRESS" ? (this.phases.at(-1)?.phaseType ?? "SUBMITTED") : "COMPLETED";
  }

  get logs(): { groupName: string; streamName: string } {
    const { id, project } = this.options;
    return { groupName: project.logGroup, streamName: id.split(":").at(-1)! };
  }

  async stop(why: Cut = "STOPPED"): Promise<void> {
    if (this.status !== "IN_PROGRESS") return;
    this.cut ??= why;
    this.end();
    await this.done;
  }

  /** Reads what it has built so far with the build's own rights, which reach no further than its commands: a tar of the image and its description. */
  readImage(): ChildProcess {
    return this.packed("../image image.json $(cd ../image && ls -d root 2> /dev/null)");
  }

  /** An archive of something in its folder, made with the build's own rights. */
  private packed(what: string, environment: Record<string, string> = {}): ChildProcess {
    const { folder, hidden } = this.options;
    return runShut(`exec tar -c -C ${what}`, {
      ...{ own: folder, cwd: path.join(folder, "src"), user: this.user, hidden },
      environment: { ...environment, PATH: process.env["PATH"]! },
    });
  }

  /** Builds an image outside of the build, on a copy of the files that it names: Docker's socket is nothing for a stranger. */
  private async byDocker({ context, dockerfile, args }: Asked, log: BuildLog, signal: AbortSignal) {
    const own = `${this.options.folder}-context`;
    const copy = path.join(own, "files");
    const user = stranger();
    try {
      fs.mkdirSync(copy, { recursive: true, mode: 0o700 });
      handOver(own, user);
      await carry(this.packed('"$CONTEXT" .', { CONTEXT: context }), own, user, copy);
      const heard = (text: string) => log.write(text);
      const built = await this.options.docker!({ context: copy, dockerfile, args, heard, signal });
      this.inDocker = built.name;
      return built.content;
    } finally {
      fs.rmSync(own, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  private async carryOut(): Promise<void> {
    const { folder, project, note, id } = this.options;
    const timer = setTimeout(() => void this.stop("TIMED_OUT"), project.timeoutMinutes * 60_000);
    try {
      this.status = await this.inItsFolder();
    } catch (error) {
      note(`The build ${id} could not be carried out: ${messageOf(error)}`);
      this.progress.fail(error, this.cut ?? "FAULT");
      this.status = this.cut ?? "FAULT";
    } finally {
      clearTimeout(timer);
      this.endTime = now();
      this.progress.begin("COMPLETED");
      await fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  private async inItsFolder(): Promise<Status> {
    const { id, arn, project, folder, endpoints, assume, equip, note } = this.options;
    this.progress.begin("PROVISIONING");
    const credentials = await assume(project.role, id.split(":").at(-1)!);
    const use = clientsOf({ region: endpoints.region, credentials, endpoint: endpoints.ministack });
    const log = await BuildLog.open(this.options.use, this.logs, note);
    try {
      const at = (name: string) => path.join(folder, name);
      for (const name of ["bin", "home", "tmp", "src"]) fs.mkdirSync(at(name), { recursive: true });
      this.progress.begin("DOWNLOAD_SOURCE");
      const spec = readBuildSpec((await this.options.handed?.bring(at("src"), use)) ?? project.buildspec);
      const shown = await equip(at("bin"), (line) => log.say(line));
      if (!keepsApart()) log.say(NOT_APART);
      const docker = this.options.docker !== undefined;
      const environment = {
        ...trustedIn(folder),
        ...(await variablesOf(project, spec, use, (line) => log.hide(line))),
        ...environmentOf({ id, arn, folder, credentials, endpoints, docker }),
      };
      fs.chmodSync(folder, 0o700);
      handOver(folder, this.user);
      const shut = {
        own: folder,
        cwd: at("src"),
        user: this.user,
        environment,
        shown,
        hidden: this.options.hidden,
      };
      const status = await this.runPhases(spec, shut, at("state"), log);
      this.exported = exportedIn(at("state"), spec.exported);
      if (status === "SUCCEEDED") await this.handOn(spec, shut, use);
      this.progress.finish();
      return status;
    } catch (error) {
      log.say(messageOf(error));
      throw error;
    } finally {
      await log.close();
    }
  }

  private async runPhases(spec: BuildSpec, shut: Shut, state: string, log: BuildLog): Promise<Status> {
    let failed = false;
    for (const name of PHASES) {
      // What follows a failed build; nothing else runs.
      if (this.cut || (failed && !(name === "post_build" && this.progress.failed("BUILD")))) break;
      this.progress.begin(name.toUpperCase());
      const { commands = [], finally: last = [], goesOn = false } = spec.phases[name] ?? {};
      log.say(`Entering phase ${name.toUpperCase()}`);
      const codes = [];
      for (const each of [commands, last])
        if (each.length > 0 && !this.cut) codes.push(await this.run(phaseScript(each, state), shut, log));
      const wrong = codes.find((code) => code !== 0);
      log.say(
        `Phase complete: ${name.toUpperCase()} State: ${this.cut ?? (wrong === undefined ? "SUCCEEDED" : "FAILED")}`,
      );
      if (wrong === undefined || this.cut) continue;
      this.progress.fail(
        new Problem(`Error while executing command. Reason: exit status ${wrong}`),
        "FAILED",
      );
      failed ||= !goesOn;
    }
    if (this.cut) {
      this.progress.fail(new Problem(this.cut === "STOPPED" ? "Build stopped" : "Build timed out"), this.cut);
      log.say(this.cut === "STOPPED" ? "The build was stopped." : "The build took too long.");
      return this.cut;
    }
    this.progress.begin("FINALIZING");
    const image = path.join(this.options.folder, "image");
    if (!failed && fs.existsSync(image)) await this.options.keep(image, this.inDocker);
    return failed ? "FAILED" : "SUCCEEDED";
  }

  /** Gives a pipeline what it asked for. */
  private async handOn({ artifacts }: BuildSpec, shut: Shut, use: Use): Promise<void> {
    const { handed } = this.options;
    if (!handed || !artifacts) return;
    this.progress.begin("UPLOAD_ARTIFACTS");
    const folder = fs.realpathSync(path.join(shut.cwd, artifacts.folder));
    if (!`${folder}/`.startsWith(`${fs.realpathSync(shut.cwd)}/`))
      throw new Problem(`The artifacts' folder ${artifacts.folder} is not in the source.`);
    await handed.take(folder, artifacts.files, use);
  }

  /** Runs a script to its end, or until the build is stopped; nothing that it started outlives it. Returns its exit code. */
  private async run(script: string, shut: Shut, log: BuildLog): Promise<number> {
    const child = runShut(script, { ...shut, ...(this.options.docker && { asks: CHANNEL }) });
    const asking = new AbortController();
    this.end = () => {
      asking.abort();
      endAll(child, shut.user);
    };
    const channel = child.stdio[CHANNEL] as Duplex | undefined;
    const answered = channel && answerRequests(channel, (asked) => this.byDocker(asked, log, asking.signal));
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding("utf8").on("data", (text: string) => log.write(text));
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => {
        this.end(); // else what it left behind keeps its output open
        child.once("close", () => resolve(code ?? 1));
      });
    });
    this.end = () => {};
    await answered;
    return code;
  }
}
