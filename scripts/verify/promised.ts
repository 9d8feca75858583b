import type { Answer } from "./ask";
import { shown } from "./ask";
import type { Made } from "./made";
import type { Stage } from "./stage";

type Waits = <T>(what: string, seconds: number, ask: () => Promise<T | undefined | false>) => Promise<T>;

/** What a promise is checked with. */
export interface Context {
  stage: Stage;
  made: Made;
  /** An id token of the signed-in person, for the stack's APIs. */
  token(): Promise<string>;
  /** For somebody who may roll back, if there is one: in the sandbox its admin, on AWS the signed-in person. */
  adminToken(): Promise<string>;
  /** Asks the person at the terminal. */
  question(what: string): Promise<string>;
  /** A user in the site's list, added once per run. */
  user(): Promise<{ username: string; email: string }>;
  /** Repeats the question until the answer is the wanted one; stops when the run is interrupted. */
  until: Waits;
  /** The same for removals, which an interruption does not stop. */
  untilGone: Waits;
  /** Progress, for whoever watches. */
  say(line: string): void;
}

/** Something that a running stack promises. */
export interface Promised {
  name: string;
  expected: string;
  /** The option that selects it: for what takes minutes, and what ends or moves something that runs. @default each run checks it */
  by?: "slow" | "faults";
  /** What others notice of it. */
  notice?: string;
  /** About how long it takes, in seconds. On AWS: an estimate that nobody has measured yet. */
  takes: { sandbox: number; AWS: number };
  /** What it costs on AWS, roughly. */
  usd: number;
  /** Why this stack cannot be checked, if so. */
  missing(stage: Stage): string | undefined;
  /** Returns what was seen; throws `Broken` with what came instead, or `NotAsked` if only the check shows that it is impossible. */
  run(context: Context): Promise<string>;
}

/** A broken promise, in one sentence. */
export class Broken extends Error {}

/** Why a promise could not be checked after all. */
export class NotAsked extends Error {}

export function expectStatus(what: string, answer: Answer, ...wanted: number[]): Answer {
  if (!wanted.includes(answer.status))
    throw new Broken(`${what} answered ${shown(answer)}, not ${wanted.join(" or ")}`);
  return answer;
}

/** The outputs that a promise needs; returns which are missing. */
export const needs =
  (...outputs: string[]) =>
  ({ outputs: there }: Stage): string | undefined => {
    const gone = outputs.filter((name) => !there[name]);
    return gone.length > 0 ? `the stack has no output ${gone.join(" or ")}` : undefined;
  };
