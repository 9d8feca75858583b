import * as fs from "node:fs";
import * as path from "node:path";
import { installAwsCli, writePythonCommands } from "../builds/aws-cli";
import { handOver, Shut, Stranger } from "../builds/enclosure";
import { Image } from "../builds/images";
import { Use } from "../engine/clients";
import { ProjectDatabases } from "./databases";
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
  /** The sandbox's own folder, which no server may see. */
  hidden: string;
}

/** A project's stack, with what its server needs to know. */
export interface Place {
  stack: string;
  host: string;
  engine: string;
  /** The port of the proxy in front of all projects. */
  sitesPort: number;
}

/** The stand-in for a container: a process's environment and folder. */
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
    const { python } = await installAwsCli(() => {});
    if (image.base === "python") writePythonCommands(tools, python);
    fs.copyFileSync(LOOPBACK.node, path.join(tools, "loopback.cjs"));
    fs.copyFileSync(LOOPBACK.python, path.join(tools, "sitecustomize.py"));
    fs.chmodSync(folder, 0o700);
    handOver(folder, user);
    const packages = path.join(folder, "root", ".python");
    const ways = [tools, path.join(packages, "bin"), path.dirname(process.execPath), process.env["PATH"]];
    return {
      own: folder,
      cwd: path.join(folder, "root", path.posix.resolve("/", image.workdir)),
      hidden: [this.options.hidden],
      shown: [python.prefix],
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

  /** The Docker options of a container, from the start script of its machine. */
  async of({ stack, host, engine, sitesPort }: Place, folder: string, image?: string): Promise<Container> {
    const { use, databases } = this.options;
    const userData = await this.parts.userDataOf(stack);
    const secrets: Record<string, string> = {};
    const manager = await use("secretsmanager");
    for (const SecretId of secretsOf(userData))
      secrets[SecretId] = (await manager.getSecretValue({ SecretId })).SecretString!;
    const instead: [string, string][] = host ? [[`"http://${host}"`, `"http://${host}:${sitesPort}"`]] : [];
    const there = await this.parts.databaseOf(stack);
    if (there && engine === "postgres") {
      const database = await databases.of(stack, JSON.parse(secrets[there.secret]!) as Login);
      const authority = path.join(folder, "database-ca.pem");
      fs.writeFileSync(authority, database.ca);
      instead.push(
        [`${there.address}:${there.port}`, `127.0.0.1:${database.port}`],
        [there.address, "127.0.0.1"],
        [`DATABASE_PORT="${there.port}"`, `DATABASE_PORT="${database.port}"`],
        [AUTHORITY, authority],
      );
    }
    const { python } = await installAwsCli(() => {});
    const place = `${folder}.start`;
    return containerOf({ userData, instead, secrets, folder: place, python: python.executable, image });
  }
}
