import type { Answer } from "./ask";
import { shown } from "./ask";
import type { Made } from "./made";
import type { Stage } from "./stage";

type Waits = <T>(what: string, seconds: number, ask: () => Promise<T | undefined | false>) => Promise<T>;

/** What a promise is asked with. */
export interface Context {
  stage: Stage;
  made: Made;
  /** An id token of whoever signed in, for the stack's APIs. */
  token(): Promise<string>;
  /** Of somebody who may roll back, as far as there is one: in the sandbox its admin, on AWS whoever signed in. */
  adminToken(): Promise<string>;
  /** Asks the person at the terminal. */
  question(what: string): Promise<string>;
  /** A user in the site's list, added once a run. */
  user(): Promise<{ username: string; email: string }>;
  /** Asks again until the answer is what was wanted; ends when the run is interrupted. */
  until: Waits;
  /** The same for removals, which an interruption does not end. */
  untilGone: Waits;
  /** What is happening, for who watches. */
  say(line: string): void;
}

/** Something that a running stack promises. */
export interface Promised {
  name: string;
  expected: string;
  /** The option that it is asked for by: what takes minutes, and what ends or moves something that runs. @default each run asks for it */
  by?: "slow" | "faults";
  /** What others notice of it. */
  notice?: string;
  /** Takes about so long, in seconds. On AWS: estimated, and by nobody measured yet. */
  takes: { sandbox: number; AWS: number };
  /** What it costs on AWS, about. */
  usd: number;
  /** Why this stack cannot be asked, if it cannot. */
  missing(stage: Stage): string | undefined;
  /** Answers what was seen; throws `Broken` with what came instead, or `NotAsked` where only the asking shows that it cannot be asked. */
  run(context: Context): Promise<string>;
}

/** A promise that was not kept, in one sentence. */
export class Broken extends Error {}

/** Why a promise could not be asked after all. */
export class NotAsked extends Error {}

export function expectStatus(what: string, answer: Answer, ...wanted: number[]): Answer {
  if (!wanted.includes(answer.status))
    throw new Broken(`${what} answered ${shown(answer)}, and not ${wanted.join(" or ")}`);
  return answer;
}

/** The outputs that a promise needs, as what is missing of them. */
export const needs =
  (...outputs: string[]) =>
  ({ outputs: there }: Stage): string | undefined => {
    const gone = outputs.filter((name) => !there[name]);
    return gone.length > 0 ? `the stack has no output ${gone.join(" or ")}` : undefined;
  };
