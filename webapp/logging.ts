import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { LogController, type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from "fastify";
import type { Config } from "./config";

/** One line per request, when it is answered: success at debug level, because the load balancer's access log has it. */
export class OneLine extends LogController {
  override incomingRequest(): void {}
  override routeNotFound(): void {}
  override defaultErrorLog(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const { statusCode } = reply;
    if (statusCode < 400 && !error) {
      // Building a line that nobody writes would cost as much as the request.
      if (isEnabled(request.log, "debug")) request.log.debug(line(request, reply), "answered");
    } else if (statusCode < 500 && !error) request.log.info(line(request, reply), "refused");
    else request.log.error({ ...line(request, reply), ...(error && { err: error }) }, "failed");
  }
}

const isEnabled = (log: FastifyBaseLogger, level: string): boolean =>
  (log as FastifyBaseLogger & { isLevelEnabled(level: string): boolean }).isLevelEnabled(level);

// Without the query: it may contain what a user would not want in a log.
const line = (request: FastifyRequest, reply: FastifyReply) => ({
  method: request.method,
  path: request.url.split("?", 1)[0],
  statusCode: reply.statusCode,
  milliseconds: Math.round(reply.elapsedTime * 10) / 10,
  address: request.ip,
});

/** Where log lines go: standard output, which the instance's agent ships. */
export interface LogStream {
  write(line: string): void;
}

export function loggerOptions(config: Config, stream?: LogStream) {
  return {
    level: config.LOG_LEVEL,
    base: { instance: config.INSTANCE_NAME },
    serializers: { err: describeError },
    ...(stream && { stream }),
  };
}

interface DescribedError {
  type: string;
  message: string;
  stack: string;
  [key: string]: unknown;
}

/** An error for the log, without PostgreSQL's detail and parameters, which quote users' rows. */
export function describeError(error: Error & { code?: string }): DescribedError {
  return {
    type: error.name,
    message: error.message,
    ...(error.code && { code: error.code }),
    stack: error.stack ?? "",
    ...(error.cause instanceof Error && { cause: describeError(error.cause) }),
  };
}

const ACCEPTED = /^[\w.=;:/+-]{1,128}$/;
const process = randomBytes(6).toString("base64url");
let requests = 0;

/** The load balancer's trace id, if present, so that its log and ours can be matched. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers["x-amzn-trace-id"] ?? request.headers["x-request-id"];
  if (typeof given === "string" && ACCEPTED.test(given)) return given;
  return `${process}-${(requests += 1).toString(36)}`;
}
