import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

/**
 * Answers, or refuses, no sooner than after a fixed time: where there is no account nothing is looked up and nothing is mailed, and the
 * sooner answer would tell.
 */
export async function inEvenTime<T>({ config }: FastifyInstance, work: () => Promise<T>): Promise<T> {
  const [done] = await Promise.allSettled([work(), sleep(config.ACCOUNT_ANSWER_MS)]);
  if (done.status === "rejected") throw done.reason;
  return done.value;
}
