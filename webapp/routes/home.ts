import { readFileSync } from "node:fs";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { prefersHtml } from "../accept";
import { publicFolder } from "../paths";

const schema = {
  summary: "Who served me: JSON, or the page for a browser",
  response: {
    200: { type: "object", required: ["hostname"], properties: { hostname: { type: "string" } } },
  },
} as const;

const JSON_TYPE = "application/json; charset=utf-8";

/** Costs less than counting it would: not rate limited. */
export default async function home(server: FastifyInstance): Promise<void> {
  const page = readFileSync(path.join(publicFolder, "index.html"), "utf8");
  const answer = JSON.stringify({ hostname: server.config.INSTANCE_NAME });

  server.get("/", { schema, config: { rateLimit: false } }, (request, reply) => {
    reply.header("vary", "accept");
    if (prefersHtml(request.headers.accept)) return reply.type("text/html; charset=utf-8").send(page);
    return reply.type(JSON_TYPE).send(answer);
  });
}
