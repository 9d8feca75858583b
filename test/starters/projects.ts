// Projects whose kind needs Docker: images built by a real one as CodeBuild is told, and run as a project's machine runs them, on a database that
// takes TLS only.
import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { ignoredBy, images } from "../../functions/provisioner/builds";
import { Kind, kinds } from "../../functions/provisioner/catalogue";
import { pathsOf } from "../../sandbox/paths";
import { freePort } from "../../sandbox/ports";
import { until } from "../../sandbox/problem";
import { Processes } from "../../sandbox/processes";
import { ProjectDatabases } from "../../sandbox/sites/databases";
import { containerOf } from "../../sandbox/sites/start-script";
import { build, Files, filesIn, substituted } from "../components/provisioner/build-runner";
import { readTemplate } from "../components/provisioner/template-files";
import { newFolder } from "../folder";
import { PYTHON } from "../python";
import { skip } from "../skip";
import { Database, LOGIN, mariadb } from "./mariadb";

const STARTERS = path.join(__dirname, "../../examples/projects");
const AUTHORITY = "/etc/project/database-ca.pem";

const MONGO = "public.ecr.aws/docker/library/mongo:8";

const docker = (...args: string[]) =>
  execFileSync("docker", args, { encoding: "utf8", stdio: "pipe" }).trim();
const works = (...args: string[]) => spawnSync("docker", args, { stdio: "ignore" }).status === 0;

/** Runs a command in a folder of this machine as Docker may, whoever runs the tests. */
function asRoot(folder: string, tag: string, command: string): void {
  const here = ["--volume", `${folder}:/folder`, "--workdir", "/folder"];
  const shell = ["--user", "0", "--entrypoint", "sh", tag, "-c", command];
  docker("run", "--rm", "--network", "none", ...here, ...shell);
}

/** Whatever has become of it, with the volumes that its image asked for. */
const removed = (container: string) =>
  spawnSync("docker", ["rm", "--force", "--volumes", container], { stdio: "ignore" });

export const starter = (name: string): Files => filesIn(path.join(STARTERS, name));

/** The catalogue's entry of a kind that is built by this name in `builds.ts`. */
const kindOf = (framework: string): Kind =>
  Object.values(kinds).flatMap((frameworks) => (frameworks[framework] ? [frameworks[framework]] : []))[0]!;

/** As browsers write it, and so programs that compare. */
const addressAt = (port: number): string => new URL(`http://127.0.0.1:${port}`).origin;

/** Builds projects and runs their servers, for one file of tests. */
export class Projects {
  private readonly folder = newFolder("images");
  private readonly processes: Processes;
  private readonly databases: ProjectDatabases;
  private readonly tags: string[] = [];
  private readonly containers: string[] = [];
  private readonly uploads: [folder: string, tag: string][] = [];
  private mysql: Promise<Database> | undefined;

  private constructor() {
    fs.chmodSync(this.folder, 0o755); // databases go through it, which root runs as somebody else
    this.processes = new Processes(this.at("processes.json"));
    this.databases = new ProjectDatabases(this.processes, pathsOf(this.at("run")));
  }

  static ready(hook: Mocha.Context): Projects {
    if (!process.env["KINDS"]) skip(hook, "asked for", "set KINDS=1 to build images of starters by Docker");
    if (!works("info")) skip(hook, "docker", "no Docker daemon answers");
    return new Projects();
  }

  async close(): Promise<void> {
    this.containers.forEach(removed);
    for (const [folder, tag] of this.uploads) asRoot(folder, tag, "rm -rf *");
    for (const tag of this.tags) spawnSync("docker", ["rmi", "--force", tag], { stdio: "ignore" });
    await this.databases.stop();
    await this.processes.close();
  }

  at(name: string): string {
    return path.join(this.folder, name);
  }

  /** Skips where the image's base or the database is not to be had. */
  needs(test: Mocha.Context, framework: string): void {
    const [, base] = /^FROM (\S+)/.exec(images[framework]!.dockerfile)!;
    for (const image of [base!, ...(kindOf(framework).needs ? [MONGO] : [])])
      if (!works("image", "inspect", image) && !works("pull", image))
        skip(test, "docker", `${image} is not here and cannot be fetched (see test/starters/stand-ins)`);
    if (kindOf(framework).engine === "mysql" && spawnSync("mariadbd", ["--version"]).error)
      skip(test, "docker", "mariadbd is not installed");
  }

  /** Builds an image of these files as the build of a project would, and returns its tag. */
  build(framework: string, name: string, files: Files): string {
    const kind = images[framework]!;
    const { dockerfile } = kind;
    const built = build(
      "server",
      {},
      {
        ...{ DOCKERFILE: dockerfile, IGNORED: ignoredBy(kind), VARIABLES: "{}", GROUP: "g" },
        ...{ REGISTRY: "starters", IMAGES: name, MIN_HEALTHY: "0", IMAGES_BEFORE: "0" },
        ...{ ACCESS_TOKEN: "", PRIVATE_KEY: "" },
        ...Object.fromEntries(
          ["DOCKER_HOST", "DOCKER_BUILDKIT"].flatMap((one) =>
            process.env[one] ? [[one, process.env[one]]] : [],
          ),
        ),
      },
      files,
      { real: true },
    );
    assert.equal(built.status, 0, built.log);
    const tag = `starters/${name}:latest`;
    this.tags.push(tag);
    return tag;
  }

  /** The database that a kind comes with, if it comes with one. */
  private async databaseOf(framework: string): Promise<Database | undefined> {
    const { engine } = kindOf(framework);
    if (engine === "mysql") return (this.mysql ??= mariadb(this.processes, this.at("mysql")));
    return engine && { scheme: "postgresql", ...(await this.databases.of(framework, LOGIN)) };
  }

  /** A MongoDB, which the platform itself makes none of. */
  async mongo(): Promise<string> {
    const port = await freePort();
    const name = `starter-mongo-${process.pid}`;
    this.containers.push(name);
    docker(
      ...["run", "--detach", "--rm", "--name", name, "--network", "host", MONGO, "--port", String(port)],
    );
    return `mongodb://127.0.0.1:${port}/project`;
  }

  /** A server of a project, with its database and a folder for what is uploaded. */
  async server(framework: string, tag: string, secrets: Record<string, string> = {}): Promise<Server> {
    const kind = images[framework]!;
    const { made = [], uploads } = kindOf(framework);
    const database = await this.databaseOf(framework);
    // A program with a port of its own listens there, whatever it is told.
    const port = kind.served || framework === "ghost" ? kind.port : await freePort();
    const data = readTemplate("server").Resources["ServerTemplate"]!.Properties.LaunchTemplateData.UserData;
    const [text] = data["Fn::Base64"]["!Sub"] as [string];
    const values: Record<string, string> = {
      ...{ "AWS::Region": "eu-west-1", Registry: "registry", Store: "store", AppLog: "log", Uploads: "" },
      ...{ FileSystemId: "", FolderId: "", TargetAddress: "", ReleaseCommand: "" },
      Url: addressAt(port),
      AppPort: String(port),
      AppEnvironment: JSON.stringify(kind.environment ?? {}),
      ValuesArn: "values",
      DatabaseSecret: database ? "database" : "",
      DatabaseScheme: database?.scheme ?? "",
      DatabaseHost: "127.0.0.1",
      DatabasePort: String(database?.port ?? ""),
    };
    const { environment } = await containerOf({
      userData: substituted(text, values),
      instead: [],
      secrets: {
        ...(database && { database: JSON.stringify(LOGIN) }),
        values: JSON.stringify({
          made: Object.fromEntries(made.map((name) => [name, `made-${name}`])),
          secrets,
        }),
      },
      folder: this.at("start"),
      python: PYTHON,
    });
    const volumes: string[] = [];
    if (database) {
      const authority = this.at(`${framework}-ca.pem`);
      fs.writeFileSync(authority, database.ca);
      volumes.push(`${authority}:${AUTHORITY}:ro`);
    }
    if (uploads) {
      const folder = this.at(`${framework}-uploads`);
      fs.mkdirSync(folder);
      volumes.push(`${folder}:${uploads.folder}`);
      this.uploads.push([folder, tag]);
      // As an access point of EFS creates it.
      asRoot(folder, tag, `chown ${uploads.owner}:${uploads.owner} . && chmod 755 .`);
    }
    return new Server(`starter-${framework}-${process.pid}`, tag, port, environment, volumes);
  }
}

/** The container of a server, which begins anew whenever it is started. */
export class Server {
  constructor(
    private readonly name: string,
    private readonly tag: string,
    private readonly port: number,
    private readonly environment: Record<string, string>,
    private readonly volumes: string[],
  ) {}

  get address(): string {
    return addressAt(this.port);
  }

  start(more: Record<string, string> = {}): void {
    docker(
      ...["run", "--detach", "--name", this.name, "--network", "host"],
      ...this.volumes.map((volume) => `--volume=${volume}`),
      ...Object.entries({ ...this.environment, ...more }).map(([key, value]) => `--env=${key}=${value}`),
      this.tag,
    );
  }

  stop(): void {
    docker("stop", "--time", "2", this.name);
    this.remove();
  }

  remove(): void {
    removed(this.name);
  }

  private runs(): boolean {
    return docker("inspect", "--format", "{{.State.Running}}", this.name) === "true";
  }

  ask(where: string, init?: RequestInit): Promise<Response | undefined> {
    return fetch(`${this.address}${where}`, init).catch(() => undefined);
  }

  /** The answer once it is the wanted one. */
  async answers(where: string, status = 200): Promise<Response> {
    const log = () => {
      const { stdout, stderr } = spawnSync("docker", ["logs", "--tail", "40", this.name], {
        encoding: "utf8",
      });
      return stdout + stderr;
    };
    const answer = await until(`The answer of ${this.tag}`, () => this.ask(where), {
      wanted: (got) => got?.status === status || !this.runs(),
      seconds: 120,
      advice: log,
    });
    assert.ok(this.runs(), log());
    return answer!;
  }
}
