import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import { freePort } from "../../sandbox/ports";
import { until } from "../../sandbox/problem";
import type { Postgres } from "../../test/postgres";
import { peersFolder, python } from "./peers";

export const ROWS = 20;

/** A server under measurement, in a process of its own. */
export interface Server {
  name: string;
  url: string;
  process: ChildProcess;
}

export interface Servers {
  start(name: string, command: string, args: string[], environment?: Record<string, string>): Promise<Server>;
  stop(): void;
}

/** Starts servers, each on a database of its own with the same rows. */
export function serversOn(postgres: Postgres): Servers {
  const started: ChildProcess[] = [];
  return {
    async start(name, command, args, environment = {}) {
      const port = await freePort();
      const database = postgres.url(await databaseWithUsers(postgres));
      const env = {
        PATH: process.env.PATH,
        NODE_ENV: "production",
        PORT: `${port}`,
        HOST: "127.0.0.1",
        INSTANCE_NAME: "web-1",
        DATABASE_URL: database,
        ...environment,
      };
      const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "inherit"] });
      started.push(child);
      const url = `http://127.0.0.1:${port}`;
      await answers(name, child, url);
      return { name, url, process: child };
    },
    stop: () => started.forEach((child) => child.kill("SIGKILL")),
  };
}

export const startOurs = (servers: Servers, file: string): Promise<Server> =>
  servers.start("ours", process.execPath, [file], {
    DATABASE_TLS: "off",
    LOG_LEVEL: "info",
    METRICS_NAMESPACE: "Groundwork/Web",
    // Counting goes on; only nobody is refused.
    RATE_LIMIT_PER_MINUTE: "1000000000",
  });

export const startFastify = (servers: Servers, headers: Record<string, string>): Promise<Server> =>
  servers.start("Fastify with one route", process.execPath, [path.join(peersFolder, "fastify.cjs")], {
    HEADERS: JSON.stringify(headers),
  });

export const startExpress = (servers: Servers): Promise<Server> =>
  servers.start("Express", process.execPath, [path.join(peersFolder, "express.cjs")]);

export const startFlask = (servers: Servers): Promise<Server> =>
  servers.start("Flask", python, [path.join(peersFolder, "flask_app.py")]);

/** The processor time that a server has used, where Linux tells. */
export function cpuMilliseconds(server: Server): number | undefined {
  const file = `/proc/${server.process.pid}/stat`;
  if (os.platform() !== "linux" || !fs.existsSync(file)) return undefined;
  const fields = fs.readFileSync(file, "utf8").split(") ")[1]!.split(" ");
  // The kernel counts in hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function databaseWithUsers(postgres: Postgres): Promise<string> {
  const name = await postgres.createDatabase();
  const client = new Client({ connectionString: postgres.url(name) });
  await client.connect();
  await client.query(`CREATE TABLE users (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username varchar(80) NOT NULL CONSTRAINT users_username_unique UNIQUE,
    email varchar(120) NOT NULL CONSTRAINT users_email_unique UNIQUE
  )`);
  // Our migration finds its work done.
  await client.query("CREATE TABLE schema_version (version integer PRIMARY KEY)");
  await client.query("INSERT INTO schema_version VALUES (1)");
  await client.query(
    `INSERT INTO users (username, email) SELECT 'user ' || n, 'user' || n || '@example.com' FROM generate_series(1, ${ROWS}) n`,
  );
  await client.end();
  return name;
}

const answers = (name: string, child: ChildProcess, url: string) =>
  until(`The start of ${name}`, () => {
    if (child.exitCode !== null) throw new Error(`${name} ended at once with ${child.exitCode}`);
    return fetch(`${url}/`).catch(() => undefined);
  });
