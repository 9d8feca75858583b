/**
 * Lets callers that ask the same at the same time share one answer. A caller that asks during a read gets the result of
 * the next read, which begins after the question. So nobody misses a change that was confirmed before they asked.
 */
export function shareReads<Answer>(read: (key: string) => Promise<Answer>): (key: string) => Promise<Answer> {
  const running = new Map<string, Promise<Answer>>();
  const next = new Map<string, Promise<Answer>>();

  const start = (key: string): Promise<Answer> => {
    const answer = read(key).finally(() => running.delete(key));
    running.set(key, answer);
    return answer;
  };

  return (key) => {
    const current = running.get(key);
    if (!current) return start(key);
    const waiting =
      next.get(key) ??
      current.then(ignore, ignore).then(() => {
        next.delete(key);
        return start(key);
      });
    next.set(key, waiting);
    return waiting;
  };
}

const ignore = (): void => undefined;
