import type { Config } from "../config";
import type { PlatformPorts } from "../identity/settings";
import { Refusal } from "../refusal";
import { renewing } from "../renewing";
import { TRACE_HEADER } from "../traces/header";
import type { RequestTrace } from "../traces/traces";

export interface ApiRequest {
  method: string;
  /** Relative to the API's address, with its query. */
  path: string;
  body?: unknown;
  /** The API treats requests with the same key as one. */
  idempotencyKey?: string;
  /** The API's calls become part of it. */
  trace?: RequestTrace;
}

/** Calls the provisioner's API with the token of the signed-in person. Its answers, including refusals, are meant for that person. */
export type AskProjects = (token: string, request: ApiRequest) => Promise<{ status: number; body: unknown }>;

/** API Gateway does not wait longer either. */
const TIMEOUT_MS = 29_000;

/** How soon a running server learns of an API that was created anew. */
const FRESH_MS = 60_000;

/**
 * Reads the API's address until there is one: the first servers of a new stack run before the API exists. Then it reads it once a
 * minute. It follows no redirect, because a token must go to that address only.
 */
export function projectsApi(
  config: Config,
  ports: Pick<PlatformPorts, "parameters">,
  onFailed: (error: Error) => void = () => undefined,
): AskProjects {
  const name = config.PROVISIONER_PARAMETER!;
  const read = async () => {
    const known = (await ports.parameters([name]))[name];
    if (!known) throw new Refusal(503, "this stack cannot take projects yet, try again in a few minutes");
    return known;
  };
  const address = renewing(read, FRESH_MS, onFailed);
  return async (token, { method, path, body, idempotencyKey, trace }) => {
    const at = `${await address()}${path}`;
    const call = trace?.call("provisioner", method, at.split("?", 1)[0]!);
    let status: number | undefined;
    try {
      const response = await fetch(at, {
        method,
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          Authorization: token,
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }),
          ...(call && { [TRACE_HEADER]: call.header }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      status = response.status;
      return { status, body: await response.json() };
    } finally {
      call?.end(status);
    }
  };
}
