import type { FastifyInstance } from "fastify";
import fp from "fastify-plugin";
import type { Ports } from "./ports";
import type { Config } from "./config";
import assets from "./plugins/assets";
import database from "./plugins/database";
import documentation from "./plugins/documentation";
import metrics from "./plugins/metrics";
import notFound from "./plugins/not-found";
import primes from "./plugins/primes";
import rateLimit from "./plugins/rate-limit";
import refusals from "./plugins/refusals";
import security from "./plugins/security";
import session from "./plugins/session";
import traces from "./plugins/traces";
import account from "./routes/account";
import accountPasskeys from "./routes/account-passkeys";
import authenticator from "./routes/authenticator";
import consoleRoutes from "./routes/console";
import documentationRoutes from "./routes/documentation";
import health from "./routes/health";
import home from "./routes/home";
import load from "./routes/load";
import loginPasskey from "./routes/login-passkey";
import sessionRoute from "./routes/session";
import uploads from "./routes/uploads";
import users from "./routes/users";

export interface AppOptions {
  config: Config;
  ports: Ports;
}

declare module "fastify" {
  interface FastifyInstance {
    config: Config;
    ports: Ports;
  }
}

/** The web app: first the plugins that every route relies on, then the routes. */
export default fp(async function app(server: FastifyInstance, options: AppOptions) {
  server.decorate("config", options.config);
  server.decorate("ports", options.ports);

  for (const plugin of [
    traces,
    security,
    refusals,
    metrics,
    rateLimit,
    notFound,
    documentation,
    database,
    primes,
    assets,
    session,
  ]) {
    await server.register(plugin);
  }
  for (const route of [
    home,
    health,
    users,
    load,
    account,
    loginPasskey,
    authenticator,
    accountPasskeys,
    sessionRoute,
    uploads,
    consoleRoutes,
    documentationRoutes,
  ])
    await server.register(route);
});
