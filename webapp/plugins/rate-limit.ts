import limiter from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import fp from "fastify-plugin";
import { Refusal } from "../refusal";

/** The limit of routes that somebody could use to guess passwords or codes. */
export const signInTries = ({ config }: FastifyInstance) => ({
  rateLimit: { max: config.SIGN_IN_TRIES_PER_MINUTE, timeWindow: "1 minute" },
});

const CODES = 10;

declare module "fastify" {
  interface FastifyInstance {
    /** Counts the codes tried for an account, from any address, and refuses one too many. */
    countCode: (request: FastifyRequest) => Promise<void>;
  }
}

/** Limits requests per minute and address, counted in each instance. Routes that cost nothing opt out. */
export default fp(async function rateLimit(server: FastifyInstance) {
  const max = server.config.RATE_LIMIT_PER_MINUTE;
  await server.register(limiter, {
    max,
    timeWindow: "1 minute",
    errorResponseBuilder: (_request, { after, max }) =>
      new Refusal(429, `at most ${max} requests a minute are served to one address, try again in ${after}`),
  });
  const codes = server.createRateLimit({
    max: CODES,
    timeWindow: "15 minutes",
    keyGenerator: ({ session }) => `code ${session?.challenge?.username ?? session?.person?.username}`,
  });
  server.decorate("countCode", async (request) => {
    const tried = await codes(request);
    if (!tried.isAllowed && tried.isExceeded)
      throw new Refusal(429, "too many codes were tried for this account: wait a quarter of an hour", {
        retryAfterSeconds: tried.ttlInSeconds,
      });
  });
});
