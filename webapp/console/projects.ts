import type { Config } from "../config";
import type { PlatformPorts } from "../identity/settings";
import { Refusal } from "../refusal";

export interface ApiRequest {
  method: string;
  /** Below the API's address, with its query. */
  path: string;
  body?: unknown;
  /** The API takes requests with the same key as one. */
  idempotencyKey?: string;
}

/** Asks the provisioner's API with the token of whoever is signed in. Its answers, refusals too, are meant for that person. */
export type AskProjects = (token: string, request: ApiRequest) => Promise<{ status: number; body: unknown }>;

/** API Gateway waits no longer either. */
const TIMEOUT_MS = 29_000;

/**
 * Reads the API's address until there is one: the first servers of a new stack run before the API exists. Follows no redirect,
 * because a token goes to that address only.
 */
export function projectsApi(config: Config, ports: Pick<PlatformPorts, "parameters">): AskProjects {
  let known: string | undefined;
  const address = async () => {
    const name = config.PROVISIONER_PARAMETER!;
    known ??= (await ports.parameters([name]))[name];
    if (!known) throw new Refusal(503, "this stack cannot take projects yet, try again in a few minutes");
    return known;
  };
  return async (token, { method, path, body, idempotencyKey }) => {
    const response = await fetch(`${await address()}${path}`, {
      method,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        Authorization: token,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
}
