import { messageOf, Problem } from "../../sandbox/problem";
import { contextOf } from "./context";
import { Made } from "./made";
import { Broken, Context, NotAsked, Promised } from "./promised";
import type { Report, Seen } from "./report";
import type { Tokens } from "./sign-in";
import type { Stage } from "./stage";

/** AWS's errors for a caller without a right. */
const NO_RIGHT = /^(AccessDenied(Exception)?|UnauthorizedOperation|AuthorizationError(Exception)?)$/;

interface Questioning {
  stage: Stage;
  tokens: Tokens;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Checks each promise, and removes what that created. */
export async function askAll(
  promises: Promised[],
  given: Questioning,
): Promise<Pick<Report, "promises" | "removed" | "stays">> {
  const { say, signal } = given;
  const made = new Made();
  const context = contextOf({ ...given, made });
  const seen: Seen[] = [];
  for (const promise of promises) {
    const one = signal.aborted
      ? notAsked(promise, "interrupted before")
      : await outcome(promise, context, signal);
    seen.push(one);
    say(lineOf(one));
  }
  if (made.count > 0) say(`removing ${made.count} things that were created`);
  return { promises: seen, removed: await made.removeAll(), stays: made.stays };
}

export const lineOf = ({ state, name, seconds, seen }: Seen): string =>
  `${state.padEnd(9)}  ${name} (${seconds.toFixed(1)} s): ${seen}`;

export const usdOf = (promises: Pick<Promised, "usd">[], seen: Seen[]): number =>
  promises.reduce((sum, { usd }, index) => sum + (seen[index]!.state === "not asked" ? 0 : usd), 0);

export const notAsked = ({ name, expected }: Promised, why: string): Seen => ({
  ...{ name, expected, state: "not asked", seen: why, seconds: 0 },
});

/** Checks one promise, and reports the result. */
export async function outcome(promise: Promised, context: Context, signal: AbortSignal): Promise<Seen> {
  const { name, expected } = promise;
  const missing = promise.missing(context.stage);
  if (missing) return notAsked(promise, missing);
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1000;
  try {
    const seen = await promise.run(context);
    return { name, expected, state: "kept", seen, seconds: seconds() };
  } catch (error) {
    if (signal.aborted) return { ...notAsked(promise, "interrupted"), seconds: seconds() };
    const why = whyNot(error);
    if (why) return { ...notAsked(promise, why), seconds: seconds() };
    const seen = error instanceof Broken || error instanceof Problem ? error.message : unexpected(error);
    return { name, expected, state: "broken", seen, seconds: seconds() };
  }
}

/** A caller without the right to look says nothing about a promise. */
function whyNot(error: unknown): string | undefined {
  if (error instanceof NotAsked) return error.message;
  const { name = "" } = error as { name?: string };
  return NO_RIGHT.test(name) ? `your credentials lack a permission: ${messageOf(error)}` : undefined;
}

function unexpected(error: unknown): string {
  if (process.env["DEBUG"] && error instanceof Error) console.error(error.stack);
  const { name = "Error", code } = error as { name?: string; code?: string };
  // If all of a name's addresses refuse the connection, the error has no message.
  return messageOf(error) || code || name;
}
