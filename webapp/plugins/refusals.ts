import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { FastifyError, FastifyInstance, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { DatabaseUnavailable } from "../database/errors";
import { prefersHtml } from "../accept";
import { Busy } from "../load/primes";
import { refusalPage } from "../pages/refusal";
import { Refusal } from "../refusal";
import { visitorOf } from "./visitor";

interface ValidationError {
  keyword: string;
  instancePath: string;
  params: { missingProperty?: string; additionalProperty?: string };
  data?: unknown;
  parentSchema?: PropertySchema & { properties?: Record<string, PropertySchema> };
}

interface PropertySchema {
  description?: string;
  /** A password or a code: messages do not repeat it. */
  writeOnly?: boolean;
}

/** Turns every failure into an answer for the caller; internal details go to the log only. */
export default fp(async function refusals(server: FastifyInstance) {
  server.setErrorHandler(async (error: FastifyError, request, reply) => {
    if (error.statusCode === 413) await arrived(request.raw);
    const refusal = asRefusal(error, request);
    if (error instanceof DatabaseUnavailable) request.log.warn({ reason: reasonOf(error) }, refusal.message);
    else if (refusal.statusCode === 500) request.log.error({ err: error }, refusal.message);
    if (refusal.retryAfterSeconds) reply.header("retry-after", refusal.retryAfterSeconds);
    reply.code(refusal.statusCode);
    // Scripts ask for JSON; a request for a page comes from a person with a browser.
    if (!prefersHtml(request.headers.accept)) return reply.send(refusal.body(request.id));
    reply.header("vary", "accept").type("text/html; charset=utf-8");
    return reply.send(refusalPage(refusal, request.id, await visitorOf(request, reply)));
  });
});

const MOST_DRAINED_BYTES = 25 * 1024 * 1024;
const DRAIN_MS = 10_000;

/** Waits for the rest of a body: if the connection closed while it is still being sent, a load balancer would answer 502. */
async function arrived(body: Readable): Promise<void> {
  let bytes = 0;
  const done = new AbortController();
  body.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes > MOST_DRAINED_BYTES) done.abort();
  });
  body.resume();
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(DRAIN_MS)]);
  await finished(body, { writable: false, signal }).catch(() => undefined);
}

// A failover causes many of these, so each is one line without a stack trace.
function reasonOf({ cause }: Error): string {
  const { code, message } = cause as { code?: string; message?: string };
  return [code, message].filter(Boolean).join(" ");
}

function asRefusal(error: FastifyError, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof DatabaseUnavailable) {
    return new Refusal(503, "the database is not available, try again in a moment", { retryAfterSeconds: 2 });
  }
  if (error instanceof Busy) {
    return new Refusal(503, "every core is busy and the queue is full, try again in a moment", {
      retryAfterSeconds: 1,
    });
  }
  if (error.validation) {
    return invalid(error.validation[0] as unknown as ValidationError, error.validationContext ?? "request");
  }
  if (error.statusCode === 413) return new Refusal(413, "body must be at most 1 MB", { field: "body" });
  if (error.code === "FST_INVALID_MULTIPART_CONTENT_TYPE")
    return new Refusal(
      415,
      "body must be a multipart form, sent as multipart/form-data, got something else",
      {
        field: "body",
      },
    );
  if (error.code?.startsWith("FST_ERR_CTP_")) {
    const type = request.headers["content-type"];
    const got =
      type === undefined || type.startsWith("application/json") ? "something else" : `${type.slice(0, 80)}`;
    return new Refusal(400, `body must be JSON, sent as application/json, got ${got}`, { field: "body" });
  }
  if (error.statusCode && error.statusCode >= 400 && error.statusCode < 500)
    return new Refusal(error.statusCode, error.message);
  return new Refusal(500, "something went wrong on the server; its log has the details under this requestId");
}

/** Reports what a schema refused, using its description: `<field> must be <description>, got <value>`. */
function invalid(
  { keyword, instancePath, params, data, parentSchema }: ValidationError,
  context: string,
): Refusal {
  if (keyword === "required") {
    const field = params.missingProperty!;
    const rule = parentSchema?.properties?.[field]?.description;
    return new Refusal(400, `${field} is missing: it must be ${rule}`, { field });
  }
  if (keyword === "additionalProperties") {
    const field = params.additionalProperty!.slice(0, 80);
    const known = Object.keys(parentSchema?.properties ?? {}).join(", ");
    return new Refusal(400, `${field} is not known, accepted: ${known}`, { field });
  }
  const field = instancePath.slice(1) || context;
  const got = parentSchema?.writeOnly ? "something else" : quoted(data);
  return new Refusal(400, `${field} must be ${parentSchema?.description ?? "valid"}, got ${got}`, { field });
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 80
    ? text
    : typeof value === "string"
      ? `${[...value].length} characters`
      : "something longer";
}
