import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Client, ClientConfig } from "pg";
import { forgetLastServer } from "./database-files";
import { Endpoints } from "./emulators/endpoints";
import { rootClients } from "./engine/clients";
import { StandIn } from "./fleet/translation";
import { databaseInstallation, User } from "./nodes/installation";
import { Paths } from "./paths";
import { freePort } from "./ports";
import { Problem, until } from "./problem";
import { Processes, Started } from "./processes";

export interface PlainDatabase extends StandIn {
  started: Started;
}

/** A real PostgreSQL for a program that declares no database, or one that this machine does not run. */
export async function startPlainDatabase(
  processes: Processes,
  paths: Paths,
  endpoints: Endpoints,
): Promise<PlainDatabase> {
  const { folder, bin, user } = databaseInstallation(paths);
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
    { log: path.join(paths.logs, "postgres.log"), cwd: folder, ...user },
  );
  const url = `postgresql://groundwork:${password}@127.0.0.1:${port}/postgres`;
  await until("The start of PostgreSQL", async () => {
    if (started.child.exitCode !== null)
      throw new Problem(
        `PostgreSQL ended at once: see ${path.join(paths.logs, "postgres.log")}, or start with --fresh.`,
      );
    return answers(url);
  });
  return {
    url,
    host: "127.0.0.1",
    port,
    started,
    async writeTo(SecretId) {
      const secrets = await rootClients(endpoints)("secretsmanager");
      const SecretString = JSON.stringify({ username: "groundwork", password });
      return secrets.putSecretValue({ SecretId, SecretString }).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Error && error.name === "ResourceNotFoundException") return false;
          throw error;
        },
      );
    },
  };
}

function initialise(bin: string, folder: string, user: User): string {
  const secret = path.join(folder, "password");
  if (fs.existsSync(path.join(folder, "data", "PG_VERSION"))) {
    forgetLastServer(path.join(folder, "data"));
    return fs.readFileSync(secret, "utf8");
  }
  fs.rmSync(path.join(folder, "data"), { recursive: true, force: true }); // the remains of a start that was cut off
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

export async function answers(options: string | ClientConfig): Promise<boolean> {
  const client = new Client(options);
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
