import { messageOf } from "./problem";

/** Takes note that a part is to be stopped, before those that were noted earlier, and returns it. */
export type Keep = <T extends { stop(): unknown }>(part: T) => T;

/** Stops parts one after the other; a failure does not prevent the others, and is reported at the end. */
export async function stopAll(parts: (() => unknown)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const stop of parts) {
    try {
      await stop();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, errors.map(messageOf).join("; "));
}
