import type { FastifyInstance } from "fastify";
import { build } from "../../webapp/build";
import type { Ports } from "../../webapp/ports";
import { readConfig } from "../../webapp/config";
import { sharedPostgres } from "../postgres";

/** The app with this environment, closed after the test; what it logs is kept in `lines`. */
export interface Running {
  app: FastifyInstance;
  lines: Record<string, unknown>[];
}

const open: FastifyInstance[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()));
});

export async function start(
  environment: Record<string, string> = {},
  ports: Partial<Ports> = {},
): Promise<Running> {
  const lines: Record<string, unknown>[] = [];
  const log = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  const config = readConfig({ INSTANCE_NAME: "web-1", RATE_LIMIT_PER_MINUTE: "100000", ...environment });
  const app = build(config, { log, ...ports });
  open.push(app);
  await app.ready();
  return { app, lines };
}

/** The environment of a fresh database. */
export async function freshDatabase(): Promise<Record<string, string>> {
  const server = await sharedPostgres();
  return { DATABASE_URL: server.url(await server.createDatabase()), DATABASE_TLS: "off" };
}

export const startWithDatabase = async (environment: Record<string, string> = {}): Promise<Running> =>
  start({ ...(await freshDatabase()), ...environment });
