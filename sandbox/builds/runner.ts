import * as fs from "node:fs";
import * as path from "node:path";
import { EnvironmentVariable } from "@aws-sdk/client-codebuild";
import { Endpoints } from "../emulators/endpoints";
import { Use } from "../engine/clients";
import type { Docker } from "../docker/docker";
import { Paths } from "../paths";
import { installAwsCli, writeAwsCommand, writePythonCommands } from "./aws-cli";
import { BuildOptions, RunningBuild } from "./build";
import { Credentials } from "./environment";
import { Images } from "./images";
import { BuildProject, buildProject, withVariables } from "./project";

const DOCKER = path.join(__dirname, "tools", "docker.cjs");

export interface RunnerOptions {
  /** MiniStack, with root's keys. */
  use: Use;
  endpoints: Endpoints;
  paths: Paths;
  /** The folder of the emulators' Python packages, which the AWS CLI shares. */
  packages: string;
  images: Images;
  /** This machine's, if it is used. */
  docker?: Docker;
  /** The endpoints of builds' `aws`, by the beginning of a command, if not MiniStack: set before the first build. */
  elsewhere?: Record<string, string>;
  note: (line: string) => void;
}

/** How a pipeline's build differs from a project's. */
export interface Differing extends Pick<BuildOptions, "handed"> {
  /** The endpoints of its `aws`. */
  endpoint: string;
  /** Puts further commands into a folder. Returns the folders that these read. */
  equip: (bin: string) => string[];
}

/** Executes builds: the projects', which MiniStack only records, and the pipelines'. */
export class BuildRunner {
  private readonly builds = new Map<string, RunningBuild>();
  private stopped = false;

  constructor(private readonly options: RunnerOptions) {}

  /** @param given variables that this build has instead of its project's or beside them */
  async start(id: string, arn: string, given: EnvironmentVariable[] = []): Promise<void> {
    if (this.stopped) return;
    this.begin(id, arn, withVariables(await buildProject(this.options.use, id.split(":")[0]!), given));
  }

  begin(id: string, arn: string, project: BuildProject, differing?: Differing): RunningBuild {
    const { use, endpoints, paths, note, docker } = this.options;
    const build = new RunningBuild({
      id,
      arn,
      project,
      use,
      endpoints,
      folder: path.join(paths.builds, id.split(":").at(-1)!),
      hidden: [paths.run, ...(docker ? [docker.engine.socket] : [])],
      assume: (role, session) => this.assume(role, session),
      equip: (bin, log) => this.equip(bin, log, differing),
      handed: differing?.handed,
      keep: (image, built) => this.options.images.keep(image, id, built),
      // A release of the platform's own runs as a process, whatever it was built by.
      ...(docker &&
        !differing && { docker: (recipe) => docker.build(id, { ...recipe, project: project.name }) }),
      note,
    });
    this.builds.set(id, build);
    return build;
  }

  /** A build that it is running or has run. */
  get(id: string): RunningBuild | undefined {
    return this.builds.get(id);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.builds.values()].map((build) => build.stop()));
    fs.rmSync(this.options.paths.builds, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Keys of a role, valid for as long as on AWS. */
  async assume(RoleArn: string, RoleSessionName: string): Promise<Credentials> {
    const sts = await this.options.use("sts");
    const { Credentials } = await sts.assumeRole({ RoleArn, RoleSessionName });
    return {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
  }

  private async equip(bin: string, log: (line: string) => void, differing?: Differing): Promise<string[]> {
    const { packages, interpreter, prefix } = await installAwsCli(log);
    fs.writeFileSync(path.join(bin, "docker"), `#!/usr/bin/env node\n${fs.readFileSync(DOCKER, "utf8")}`, {
      mode: 0o755,
    });
    writePythonCommands(bin, interpreter);
    const all = [packages, this.options.packages];
    const { endpoints, elsewhere } = this.options;
    writeAwsCommand(bin, interpreter, all, differing?.endpoint ?? endpoints.ministack, elsewhere);
    return [...all, prefix, ...(differing?.equip(bin) ?? [])];
  }
}
