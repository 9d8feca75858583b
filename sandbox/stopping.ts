import { messageOf } from "./problem";

/** Takes parts down one after the other; one that fails does not keep the others from it, and is reported at the end. */
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
