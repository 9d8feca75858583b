import type { FastifyInstance } from "fastify";
import { requireDatabase } from "../plugins/database";
import { Refusal, refusalSchema } from "../refusal";

const status = (description: string) => ({
  type: "object",
  description,
  required: ["status"],
  properties: { status: { type: "string" } },
});

/** Liveness is the load balancer's: it leaves the database out, whose failover must not replace every web server. */
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
        response: { 200: status("It does"), "5xx": refusalSchema },
      },
    },
    async () => {
      if (closing) throw new Refusal(503, "this instance is closing");
      return { status: "ok" };
    },
  );

  server.get(
    "/health/ready",
    {
      config: { rateLimit: false },
      schema: {
        summary: "Whether this instance serves and its database answers",
        response: { 200: status("Both do"), "5xx": refusalSchema },
      },
    },
    async () => {
      await requireDatabase(server).check();
      return { status: "ready" };
    },
  );
}
