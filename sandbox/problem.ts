/** Something the person at the keyboard can put right: shown as one sentence, without a stack. */
export class Problem extends Error {}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface Waiting {
  seconds?: number;
  everyMs?: number;
  /** What helps, once it is clear that it did not happen. */
  advice?: () => string;
}

/** Waits until `attempt` gives a value; says what was awaited when it never does. */
export async function until<T>(
  what: string,
  attempt: () => Promise<T | undefined> | T | undefined,
  { seconds = 30, everyMs = 50, advice = () => "" }: Waiting = {},
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const value = await attempt();
    if (value !== undefined) return value;
    if (performance.now() > end)
      throw new Problem(`${what} did not happen within ${seconds} seconds${advice() && `: ${advice()}`}.`);
    await sleep(everyMs);
  }
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
