import type { FastifyInstance } from "fastify";
import { requireDatabase } from "../plugins/database";
import { Refusal, refusalResponses } from "../refusal";

const status = (description: string) => ({
  type: "object",
  description,
  required: ["status"],
  properties: { status: { type: "string" } },
});

const FRESH_MS = 1000;

/** Queries at most once a second, however many callers ask: those who come meanwhile get the same answer. */
function atMostEachSecond(ask: () => Promise<void>): () => Promise<void> {
  let last = { at: -Infinity, answer: Promise.resolve() };
  return () => {
    const at = performance.now();
    if (at - last.at >= FRESH_MS) last = { at, answer: ask() };
    return last.answer;
  };
}

/** The load balancer uses liveness: it leaves out the database, whose failover must not replace every web server. */
export default async function health(server: FastifyInstance): Promise<void> {
  let closing = false;
  server.addHook("preClose", async () => {
    closing = true;
  });

  server.get(
    "/health",
    {
      config: { rateLimit: false },
      schema: {
        summary: "Whether this instance serves",
        response: { 200: status("It does"), ...refusalResponses },
      },
    },
    async () => {
      if (closing) throw new Refusal(503, "this instance is closing");
      return { status: "ok" };
    },
  );

  const checkDatabase = atMostEachSecond(() => server.database!.check());
  server.get(
    "/health/ready",
    {
      schema: {
        summary: "Whether this instance serves and its database answers",
        response: { 200: status("Both do"), ...refusalResponses },
      },
    },
    async () => {
      requireDatabase(server);
      await checkDatabase();
      return { status: "ready" };
    },
  );
}
