import type { Config } from "../config";
import type { PlatformPorts } from "../identity/settings";
import { Refusal } from "../refusal";

export interface Asked {
  method: string;
  /** Under the API's address, with its query. */
  path: string;
  body?: unknown;
  /** Makes a repeated request the same request. */
  once?: string;
}

/** Asks the provisioner's API with the token of whoever is signed in; what it answers, refusals too, is meant for them. */
export type AskProjects = (token: string, asked: Asked) => Promise<{ status: number; body: unknown }>;

const TIMEOUT_MS = 29_000; // API Gateway waits no longer

/**
 * The API's address is looked for until it is there: the first servers of a new stack run before it has one. Not redirected:
 * a token goes to that address only.
 */
export function projectsApi(config: Config, ports: Pick<PlatformPorts, "parameters">): AskProjects {
  let known: string | undefined;
  const address = async () => {
    const name = config.PROVISIONER_PARAMETER!;
    known ??= (await ports.parameters([name]))[name];
    if (!known) throw new Refusal(503, "this stack has no projects yet, try again in a moment");
    return known;
  };
  return async (token, { method, path, body, once }) => {
    const response = await fetch(`${await address()}${path}`, {
      method,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        Authorization: token,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(once === undefined ? {} : { "Idempotency-Key": once }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
}
