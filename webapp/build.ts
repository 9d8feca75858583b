import Fastify, { type FastifyInstance } from "fastify";
import app from "./app";
import type { Config } from "./config";
import { awsPorts } from "./database/aws";
import { loggerOptions, OneLine, requestId } from "./logging";
import type { Ports } from "./ports";

const BODY_BYTES = 1024 * 1024;
// Above the load balancer's 60 s: otherwise it would send requests into connections that are closing.
const KEEP_ALIVE_MS = 65_000;

function isDecodable(url: string): boolean {
  try {
    return !url.includes("%") || decodeURI(url.split("?", 1)[0]!) !== "";
  } catch {
    return false;
  }
}

/** The web app as a server that is not listening yet. */
export function build(config: Config, ports: Partial<Ports> = {}): FastifyInstance {
  const server = Fastify({
    logger: loggerOptions(config, ports.log),
    logController: new OneLine(),
    genReqId: requestId,
    trustProxy: (_address, hop) => hop < config.TRUSTED_PROXIES,
    bodyLimit: BODY_BYTES,
    // A path that cannot be decoded does not exist here, and gets the same answer as any other such path.
    rewriteUrl: ({ url = "/" }) => (isDecodable(url) ? url : url.replaceAll("%", "%25")),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Requests that still arrive on open connections are answered, and told to use a new connection next time.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    // A number is not a name: nothing is converted. Error messages need the failing value and schema. Validating the
    // schemas themselves against JSON schema's own would take a tenth of the start.
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
  // A connection that turns idle only after its last answer would otherwise delay the close by its whole keep-alive.
  server.addHook("preClose", async () => void (server.server.keepAliveTimeout = 1));
  return server;
}
