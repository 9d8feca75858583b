import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

/**
 * Answers, or refuses, no sooner than after a fixed time: without an account nothing is looked up or mailed, and a faster answer would
 * reveal that.
 */
export async function inEvenTime<T>({ config }: FastifyInstance, work: () => Promise<T>): Promise<T> {
  const [done] = await Promise.allSettled([work(), sleep(config.ACCOUNT_ANSWER_MS)]);
  if (done.status === "rejected") throw done.reason;
  return done.value;
}
