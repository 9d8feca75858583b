/** Something the person at the keyboard can fix: shown as one sentence, without a stack trace. */
export class Problem extends Error {}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface Waiting<T> {
  /** @default anything but undefined and false */
  wanted?: (answer: T) => boolean;
  seconds?: number;
  /** The initial pause; it grows with the wait. */
  everyMs?: number;
  /** What helps, once it is clear that it did not happen. */
  advice?: () => string;
}

/** What `until` waits for by default: any value. */
type Answer<T> = Exclude<T, undefined | false>;

/** Asks until the answer is the wanted one; on a timeout, reports what was awaited and what was seen last. */
export async function until<T>(
  what: string,
  ask: () => Promise<T> | T,
  { wanted = isThere, seconds = 30, everyMs = 50, advice = () => "" }: Waiting<T> = {},
): Promise<Answer<T>> {
  const began = performance.now();
  const end = began + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer as Answer<T>;
    if (performance.now() > end) {
      const seen = isThere(answer) ? `, ${shown(answer)} was seen last` : "";
      throw new Problem(
        `${what} did not happen within ${seconds} seconds${seen}${advice() && `: ${advice()}`}.`,
      );
    }
    await sleep(pauseMs(everyMs, performance.now() - began));
  }
}

/** After a long wait it does not ask twenty times a second any more: each question is work for whoever answers. */
const pauseMs = (everyMs: number, waitedMs: number): number =>
  Math.max(everyMs, Math.min(waitedMs / 30, LONGEST_PAUSE_MS));
const LONGEST_PAUSE_MS = 1_000;

const isThere = (answer: unknown): boolean => answer !== undefined && answer !== false;

function shown(answer: unknown): string {
  const text = answer instanceof Error ? answer.message : (JSON.stringify(answer) ?? String(answer));
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
