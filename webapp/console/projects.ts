import type { Config } from "../config";
import type { PlatformPorts } from "../identity/settings";
import { Refusal } from "../refusal";
import { renewing } from "../renewing";
import { TRACE_HEADER } from "../traces/header";
import type { RequestTrace } from "../traces/traces";

export interface ApiRequest {
  method: string;
  /** Below the API's address, with its query. */
  path: string;
  body?: unknown;
  /** The API takes requests with the same key as one. */
  idempotencyKey?: string;
  /** What the API does becomes part of it. */
  trace?: RequestTrace;
}

/** Asks the provisioner's API with the token of whoever is signed in. Its answers, refusals too, are meant for that person. */
export type AskProjects = (token: string, request: ApiRequest) => Promise<{ status: number; body: unknown }>;

/** API Gateway waits no longer either. */
const TIMEOUT_MS = 29_000;

/** How soon a server that runs knows of an API that was made anew. */
const FRESH_MS = 60_000;

/**
 * Reads the API's address until there is one: the first servers of a new stack run before the API exists. From then on it is read once
 * a minute. Follows no redirect, because a token goes to that address only.
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
