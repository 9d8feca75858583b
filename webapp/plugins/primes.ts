import type { FastifyInstance } from "fastify";
import fp from "fastify-plugin";
import { Primes } from "../load/primes";

declare module "fastify" {
  interface FastifyInstance {
    primes: Primes;
  }
}

/** The threads that compute for /load. */
export default fp(async function primes(server: FastifyInstance) {
  const threads = new Primes(server.config.LOAD_QUEUE);
  server.decorate("primes", threads);
  server.addHook("onClose", () => threads.close());
});
