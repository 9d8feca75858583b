import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { build } from "../../webapp/build";
import { readConfig } from "../../webapp/config";
import { freshDatabase } from "../webapp/helper";

export interface WebApp {
  app: FastifyInstance;
  url: string;
  close(): Promise<void>;
}

/** The web app on a port, with the rights of the web servers' role and no others. */
export async function startWebApp(
  rig: { webEnvironment(): Promise<Record<string, string>> },
  environment: Record<string, string> = {},
  port = 0,
): Promise<WebApp> {
  const before = { ...process.env };
  const own = await rig.webEnvironment();
  Object.assign(process.env, own);
  const log = { write: () => {} };
  const config = readConfig({
    ...own,
    ...(await freshDatabase()),
    RATE_LIMIT_PER_MINUTE: "100000",
    SIGN_IN_TRIES_PER_MINUTE: "100000",
    ACCOUNT_ANSWER_MS: "0",
    ...environment,
  });
  const app = build(config, { log });
  await app.listen({ port, host: "127.0.0.1" });
  return {
    app,
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    async close() {
      await app.close();
      for (const name of Object.keys(own))
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
    },
  };
}

/** What the page shows as wrong. */
export async function problemOf(response: Response): Promise<string | undefined> {
  return /role="alert">([^<]*)</.exec(await response.text())?.[1];
}
