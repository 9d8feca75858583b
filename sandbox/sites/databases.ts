import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { DATABASE } from "../docker/networks";
import { databaseInstallation, DatabaseInstallation } from "../nodes/installation";
import { Paths } from "../paths";
import { freePort } from "../ports";
import { Problem, until } from "../problem";
import { Processes, Started } from "../processes";

const run = promisify(execFile);
/** The template's name of the database; its owner is the login that CloudFormation created. */
export const NAME = "project";
const ADMIN = "groundwork";

export interface ProjectDatabase {
  /** On this machine's loopback. */
  port: number;
  /** Where the containers in its project's network find it, if it is one of them. */
  inside?: { host: string; port: number };
  /** The authority that signed for it: the counterpart of AWS's trust store. */
  ca: string;
}

/**
 * A PostgreSQL for each project that has one on AWS, as RDS provides it: a separate server that accepts only TLS, with a login that owns
 * the project's database but has no rights on the server. It starts empty with its stack, and ends with it.
 */
export class ProjectDatabases {
  private readonly all = new Map<string, { database: Promise<ProjectDatabase>; started?: Started }>();
  private installation?: DatabaseInstallation;

  constructor(
    private readonly processes: Processes,
    private readonly paths: Paths,
  ) {}

  /** A stack's database; the first caller creates it. */
  of(stack: string, login: { username: string; password: string }): Promise<ProjectDatabase> {
    const known = this.all.get(stack);
    if (known) return known.database;
    const database = this.make(stack, login);
    this.all.set(stack, { database });
    database.catch(() => this.all.delete(stack)); // the next caller tries again
    return database;
  }

  /** Ends those of stacks that are gone. */
  async keepOnly(stacks: (string | undefined)[]): Promise<void> {
    for (const stack of this.all.keys()) if (!stacks.includes(stack)) await this.end(stack);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.all.keys()].map((stack) => this.end(stack)));
    if (this.installation) fs.rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  private async end(stack: string): Promise<void> {
    const { database, started } = this.all.get(stack)!;
    await database.catch(() => {});
    this.all.delete(stack);
    if (started) await this.processes.stop(started);
    fs.rmSync(path.join(this.home, stack), { recursive: true, force: true, maxRetries: 5 });
  }

  /** Beside the data of the platform's own. */
  private get home(): string {
    this.installation ??= databaseInstallation(this.paths);
    return path.join(path.dirname(this.installation.folder), "project-databases");
  }

  private async make(stack: string, login: { username: string; password: string }): Promise<ProjectDatabase> {
    const folder = path.join(this.home, stack);
    const { bin, user } = this.installation!;
    const at = (name: string) => path.join(folder, name);
    const own = (file: string) => {
      if (user.uid !== undefined) fs.chownSync(file, user.uid, user.gid!);
    };
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(this.home, { recursive: true, mode: 0o711 });
    fs.mkdirSync(folder, { mode: 0o700 });
    own(folder);
    const admin = randomBytes(16).toString("hex");
    fs.writeFileSync(at("password"), admin, { mode: 0o600 });
    own(at("password"));
    certify(folder);
    for (const name of ["server.key", "server.pem"]) own(at(name));
    const flags = ["-E", "UTF8", "--locale=C", "--no-sync", "-U", ADMIN, "--auth=scram-sha-256"];
    await run(path.join(bin, "initdb"), ["-D", at("data"), `--pwfile=${at("password")}`, ...flags], {
      ...user,
      cwd: folder,
    });
    fs.writeFileSync(at("data/pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n");
    const port = await freePort();
    const settings = {
      port,
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      ssl: "on",
      ssl_cert_file: at("server.pem"),
      ssl_key_file: at("server.key"),
      shared_buffers: "16MB",
      max_connections: 50,
      fsync: "off", // it ends with the sandbox
    };
    const started = this.processes.start(
      `database-${stack}`,
      path.join(bin, "postgres"),
      ["-D", at("data"), ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
      { log: path.join(this.paths.logs, `database-${stack}.log`), cwd: folder, ...user },
    );
    this.all.get(stack)!.started = started;
    const ca = fs.readFileSync(at("ca.pem"), "utf8");
    const postgres = await until(`The start of ${stack}'s database`, async () => {
      if (started.child.exitCode !== null) throw new Problem(`The database of ${stack} ended at once.`);
      return connected({
        host: "127.0.0.1",
        port,
        user: ADMIN,
        password: admin,
        database: "postgres",
        ssl: { ca },
      });
    });
    try {
      const [role, password] = [
        postgres.escapeIdentifier(login.username),
        postgres.escapeLiteral(login.password),
      ];
      await postgres.query(`CREATE ROLE ${role} LOGIN PASSWORD ${password}`);
      await postgres.query(`CREATE DATABASE ${NAME} OWNER ${role}`);
      await postgres.query("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC");
    } finally {
      await postgres.end();
    }
    return { port, ca };
  }
}

async function connected(options: ConstructorParameters<typeof Client>[0]): Promise<Client | undefined> {
  const postgres = new Client(options);
  postgres.on("error", () => {});
  return postgres.connect().then(
    () => postgres,
    () => undefined,
  );
}

/** A certificate for this machine's address, signed by an authority whose key is not kept. */
export function certify(folder: string): void {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const of = (name: string) => ["-keyout", `${name}.key`, "-days", "365", "-subj", `/CN=${name}`];
  openssl("req", "-x509", ...key, ...of("authority"), "-out", "ca.pem");
  openssl("req", "-new", ...key, ...of("server"), "-out", "server.csr");
  fs.writeFileSync(path.join(folder, "names"), `subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:${DATABASE}\n`);
  const signed = ["-CA", "ca.pem", "-CAkey", "authority.key", "-CAcreateserial", "-extfile", "names"];
  openssl("x509", "-req", "-in", "server.csr", ...signed, "-days", "365", "-out", "server.pem");
  fs.rmSync(path.join(folder, "authority.key"));
  fs.chmodSync(path.join(folder, "server.key"), 0o600);
}
