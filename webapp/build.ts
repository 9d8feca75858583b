import Fastify, { type FastifyInstance } from "fastify";
import app from "./app";
import type { Config } from "./config";
import { awsPorts } from "./database/aws";
import { loggerOptions, OneLine, requestId } from "./logging";
import type { Ports } from "./ports";

const BODY_BYTES = 1024 * 1024;
// Above the load balancer's 60 s: were this the shorter one, it would send requests into connections that close.
const KEEP_ALIVE_MS = 65_000;

function isDecodable(url: string): boolean {
  try {
    return !url.includes("%") || decodeURI(url.split("?", 1)[0]!) !== "";
  } catch {
    return false;
  }
}

/** The web app as a server that does not listen yet. */
export function build(config: Config, ports: Partial<Ports> = {}): FastifyInstance {
  const server = Fastify({
    logger: loggerOptions(config, ports.log),
    logController: new OneLine(),
    genReqId: requestId,
    trustProxy: (_address, hop) => hop < config.TRUSTED_PROXIES,
    bodyLimit: BODY_BYTES,
    // What cannot be decoded is a path that is not here, and answered like any other.
    rewriteUrl: ({ url = "/" }) => (isDecodable(url) ? url : url.replaceAll("%", "%25")),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Requests that still arrive on open connections are answered, and told to come by a new one next time.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    // A number is not a name: nothing is converted. The failing value and schema make the messages. Checking the schemas
    // themselves against JSON schema's own would be a tenth of the start.
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, verbose: true, validateSchema: false },
    },
  });
  void server.register(app, {
    config,
    ports: {
      secrets: awsPorts(config),
      metrics: (line) => void process.stdout.write(line),
      ...ports,
    },
  });
  // A connection that is idle only after its last answer would otherwise hold the close for all of its keep-alive.
  server.addHook("preClose", async () => void (server.server.keepAliveTimeout = 1));
  return server;
}
