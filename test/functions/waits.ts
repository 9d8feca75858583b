/** An answer that must come soon: without it a test would wait for ever. */
export async function soon<T>(answer: Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const never = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error("there was no answer within 5 seconds")), 5_000);
  });
  return Promise.race([answer, never]).finally(() => clearTimeout(late));
}

/** Does what waits by the clock without waiting. Tells how long it would have waited each time, in milliseconds. */
export async function waitsOf<T>(work: () => Promise<T>): Promise<{ answer: T; waits: number[] }> {
  const waits: number[] = [];
  const { setTimeout } = globalThis;
  globalThis.setTimeout = ((then: () => void, ms = 0) => {
    waits.push(ms);
    if (waits.length > 1000) throw new Error("it waits without end");
    return setImmediate(then);
  }) as unknown as typeof setTimeout;
  try {
    return { answer: await work(), waits };
  } finally {
    globalThis.setTimeout = setTimeout;
  }
}
