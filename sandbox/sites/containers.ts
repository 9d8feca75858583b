import * as fs from "node:fs";
import * as path from "node:path";
import { installAwsCli, writePythonCommands } from "../builds/aws-cli";
import { handOver, Shut, Stranger } from "../builds/enclosure";
import { Image } from "../builds/images";
import { Use } from "../engine/clients";
import type { Entry } from "../docker/tar";
import { ProjectDatabase, ProjectDatabases } from "./databases";
import { MysqlDatabases } from "./mysql";
import { StackParts } from "./stack-parts";
import { Container, containerOf, secretsOf } from "./start-script";

/** How each runtime keeps a program on its own port. */
const LOOPBACK = { node: path.join(__dirname, "loopback.cjs"), python: path.join(__dirname, "local.py") };
const AUTHORITY = "/etc/project/database-ca.pem";

interface Login {
  username: string;
  password: string;
}

interface ContainersOptions {
  /** MiniStack, with root's keys. */
  use: Use;
  databases: ProjectDatabases;
  /** If there is a Docker for them. */
  mysql?: MysqlDatabases;
  /** What no server may see: the sandbox's own folder, the socket of Docker. */
  hidden: string[];
}

/** A project's stack, with what its server needs to know. */
export interface Place {
  stack: string;
  host: string;
  engine: string;
  /** Where its container listens. */
  port: number;
  /** Where it says that it is well. */
  health: string;
  /** Where it keeps what is uploaded, and the number of that folder's owner. */
  uploads?: { folder: string; owner: number };
  /** The port of the proxy in front of all projects. */
  sitesPort: number;
}

interface Wanted {
  /** Whether it is the release command that runs. */
  releases?: boolean;
  /** Where a container reaches its database; a process does so on the loopback. */
  reach?: (database: ProjectDatabase) => Promise<{ host: string; port: number }>;
}

/** What a container finds, and how a process stands for it: its environment and folder. */
export class Containers {
  constructor(
    private readonly options: ContainersOptions,
    private readonly parts: StackParts,
  ) {}

  /** What a program finds in the folder of its image, and the user it runs as. */
  async shut(
    { image, user, port }: { image: Image; user: Stranger; port: number },
    folder: string,
    given: Record<string, string>,
  ): Promise<Shut> {
    const [home, tools] = [path.join(folder, "home"), path.join(folder, "tools")];
    for (const each of [home, tools]) fs.mkdirSync(each, { recursive: true });
    const { interpreter, prefix } = await installAwsCli(() => {});
    if (image.base === "python") writePythonCommands(tools, interpreter);
    fs.copyFileSync(LOOPBACK.node, path.join(tools, "loopback.cjs"));
    fs.copyFileSync(LOOPBACK.python, path.join(tools, "sitecustomize.py"));
    fs.chmodSync(folder, 0o700);
    handOver(folder, user);
    const packages = path.join(folder, "root", ".python");
    const ways = [tools, path.join(packages, "bin"), path.dirname(process.execPath), process.env["PATH"]];
    return {
      own: folder,
      cwd: path.join(folder, "root", path.posix.resolve("/", image.workdir)),
      hidden: this.options.hidden,
      shown: [prefix],
      user,
      environment: {
        ...image.environment,
        ...given,
        PATH: ways.join(path.delimiter),
        HOME: home,
        TMPDIR: home,
        LANG: "C.UTF-8",
        PORT: String(port),
        GROUNDWORK_PORT: String(port),
        NODE_OPTIONS: `--require ${JSON.stringify(path.join(tools, "loopback.cjs"))}`,
        PYTHONUSERBASE: packages,
        PYTHONPATH: tools,
        PYTHONUNBUFFERED: "1",
      },
    };
  }

  /** The Docker options of a container, from the start script of its machine, and the files that it finds beside its image. */
  async of(
    { stack, host, engine, sitesPort }: Place,
    folder: string,
    { releases, reach }: Wanted,
  ): Promise<Container & { authority: Entry[] }> {
    const { use } = this.options;
    const userData = await this.parts.userDataOf(stack);
    const secrets: Record<string, string> = {};
    const manager = await use("secretsmanager");
    for (const SecretId of secretsOf(userData))
      secrets[SecretId] = (await manager.getSecretValue({ SecretId })).SecretString!;
    const instead: [string, string][] = host ? [[`"http://${host}"`, `"http://${host}:${sitesPort}"`]] : [];
    const there = await this.parts.databaseOf(stack);
    const server = engine === "mysql" ? this.options.mysql : this.options.databases;
    const authority: Entry[] = [];
    if (there && server) {
      const database = await server.of(stack, JSON.parse(secrets[there.secret]!) as Login);
      const at = reach ? await reach(database) : { host: "127.0.0.1", port: database.port };
      instead.push(
        [`${there.address}:${there.port}`, `${at.host}:${at.port}`],
        [there.address, at.host],
        [`DATABASE_PORT="${there.port}"`, `DATABASE_PORT="${at.port}"`],
      );
      if (reach)
        authority.push(
          { name: `${path.dirname(AUTHORITY).slice(1)}/`, mode: 0o755 },
          { name: AUTHORITY.slice(1), content: database.ca, mode: 0o644 },
        );
      else {
        const file = path.join(folder, "database-ca.pem");
        fs.writeFileSync(file, database.ca);
        instead.push([AUTHORITY, file]);
      }
    }
    const { interpreter } = await installAwsCli(() => {});
    const container = await containerOf({
      ...{ userData, instead, secrets, folder: `${folder}.start`, python: interpreter },
      ...(releases && { image: "coming" }),
    });
    return { ...container, authority };
  }
}
