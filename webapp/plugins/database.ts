import type { FastifyInstance } from "fastify";
import fp from "fastify-plugin";
import { awsToken } from "../database/aws";
import {
  type CredentialSource,
  iamCredentials,
  SecretCredentials,
  urlCredentials,
} from "../database/credentials";
import { Database } from "../database/database";
import { tlsOptions } from "../database/tls";
import { Refusal } from "../refusal";

declare module "fastify" {
  interface FastifyInstance {
    /** Absent if none is configured. */
    database?: Database;
  }
}

/** The database connection, closed after the last request. */
export default fp(async function database(server: FastifyInstance) {
  const { config } = server;
  const source = credentialSource(server);
  if (!source) return void server.decorate("database", undefined);

  const opened = new Database(source, {
    tls: tlsOptions(config),
    poolSize: config.DATABASE_POOL_SIZE,
    readHost: config.DATABASE_READ_HOST,
    onLost: (error) => server.log.warn({ err: error }, "lost the database, reconnecting"),
  });
  server.decorate("database", opened);
  server.addHook("onClose", () => opened.close());
});

/** The database, or a refusal if there is none. */
export function requireDatabase({ database }: FastifyInstance): Database {
  if (!database) throw new Refusal(503, "no database is configured: set DATABASE_SECRET_ARN");
  return database;
}

function credentialSource({ config, ports }: FastifyInstance): CredentialSource | undefined {
  if (config.DATABASE_SECRET_ARN) return new SecretCredentials(config, ports.secrets);
  if (config.DATABASE_IAM_USER) return iamCredentials(config, ports.databaseToken ?? awsToken(config));
  return config.DATABASE_URL ? urlCredentials(config.DATABASE_URL) : undefined;
}
