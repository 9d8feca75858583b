import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { Container } from "../docker/container";
import type { Docker } from "../docker/docker";
import { DATABASE } from "../docker/networks";
import { freePort } from "../ports";
import { Problem, until } from "../problem";
import { certify, NAME, ProjectDatabase } from "./databases";

/** The version that the template asks of RDS. */
const IMAGE = "public.ecr.aws/docker/library/mysql:8.4";
const PORT = 3306;
const FILES = "/etc/project";
/** The first byte of its protocol's greeting, after the packet's head of four. */
const VERSION = 10;
const START_SECONDS = 120;

interface Entry {
  database: Promise<ProjectDatabase>;
  container?: Container;
}

/**
 * A MySQL for each project that has one on AWS, in Docker: a container in the project's network that accepts only TLS, with a login that
 * owns the project's database. It starts empty with the project's first server, and ends with its stack.
 */
export class MysqlDatabases {
  private readonly all = new Map<string, Entry>();

  constructor(
    private readonly docker: Docker,
    private readonly note: (line: string) => void,
  ) {}

  /** A stack's database; the first caller creates it. */
  of(stack: string, login: { username: string; password: string }): Promise<ProjectDatabase> {
    const known = this.all.get(stack);
    if (known) return known.database;
    const entry: Partial<Entry> = {};
    const database = this.make(stack, login, entry);
    this.all.set(stack, Object.assign(entry, { database }));
    database.catch(() => this.end(stack)); // the next caller tries again
    return database;
  }

  async keepOnly(stacks: (string | undefined)[]): Promise<void> {
    for (const stack of this.all.keys()) if (!stacks.includes(stack)) await this.end(stack);
  }

  private async end(stack: string): Promise<void> {
    const entry = this.all.get(stack);
    this.all.delete(stack);
    await entry?.database.catch(() => {});
    await entry?.container?.end();
  }

  private async make(
    stack: string,
    login: { username: string; password: string },
    entry: Partial<Entry>,
  ): Promise<ProjectDatabase> {
    this.note(`Fetching ${IMAGE} for ${stack}, unless it is here.`);
    await this.docker.fetch(IMAGE);
    const network = await this.docker.networks.of(stack);
    const port = await freePort();
    const { ca, files } = certificates();
    let said = "";
    const container = await this.docker.start(
      {
        image: IMAGE,
        environment: {
          MYSQL_DATABASE: NAME,
          MYSQL_ROOT_PASSWORD: randomBytes(16).toString("hex"),
          MYSQL_ROOT_HOST: "localhost",
        },
        command: [
          "--require-secure-transport=ON",
          ...["ca=ca.pem", "cert=server.pem", "key=server.key"].map((one) => {
            const [name, file] = one.split("=") as [string, string];
            return `--ssl-${name}=${FILES}/${file}`;
          }),
        ],
        // The image's own variables for a login do not quote it.
        files: [...files, { name: FIRST, content: firstWords(login), mode: 0o644 }],
        network,
        alias: DATABASE,
        port: { inside: PORT, here: port },
      },
      (text) => (said = (said + text).slice(-2_000)),
    );
    entry.container = container;
    let over = false;
    void container.ended.then(
      () => (over = true),
      () => (over = true),
    );
    await until(
      `The start of ${stack}'s database`,
      () => {
        if (over) throw new Problem(`The database of ${stack} ended at once: ${said}`);
        return greets(port);
      },
      { seconds: START_SECONDS },
    );
    return { port, ca, inside: { host: DATABASE, port: PORT } };
  }
}

/** What the image runs once, before it listens. */
const FIRST = "docker-entrypoint-initdb.d/login.sql";

export const firstWords = ({ username, password }: { username: string; password: string }): string =>
  `CREATE USER ${quoted(username)}@'%' IDENTIFIED BY ${quoted(password)};\n` +
  `GRANT ALL ON ${NAME}.* TO ${quoted(username)}@'%';\n`;

const quoted = (text: string) => `'${text.replace(/['\\]/g, (one) => `\\${one}`)}'`;

/** Its certificate, and the files that it reads as a user whose number depends on the image. */
function certificates() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "groundwork-"));
  try {
    certify(folder);
    const content = (name: string) => fs.readFileSync(path.join(folder, name), "utf8");
    const files = ["ca.pem", "server.pem", "server.key"].map((name) => ({
      ...{ name: `${FILES.slice(1)}/${name}`, content: content(name), mode: 0o644 },
    }));
    return { ca: content("ca.pem"), files: [{ name: `${FILES.slice(1)}/`, mode: 0o755 }, ...files] };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a MySQL speaks at this port: Docker itself accepts connections before there is one. */
const greets = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.setTimeout(2_000, () => socket.destroy());
    socket.once("data", (greeting) => {
      resolve(greeting[4] === VERSION);
      socket.destroy();
    });
    socket.once("error", () => resolve(false)).once("close", () => resolve(false));
  });
