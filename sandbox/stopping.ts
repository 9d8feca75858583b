import { messageOf } from "./problem";

/** Takes parts down one after the other; one that fails keeps none of the others, and is told at the end. */
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
