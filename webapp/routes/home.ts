import { readFileSync } from "node:fs";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { prefersHtml } from "../accept";
import { publicFolder } from "../paths";
import { refusalResponses } from "../refusal";

const schema = {
  summary: "Who served me: JSON, or the page for a browser",
  response: {
    200: {
      description: "JSON, or a page for who prefers HTML",
      content: {
        "application/json": {
          schema: { type: "object", required: ["hostname"], properties: { hostname: { type: "string" } } },
        },
        "text/html": { schema: { type: "string" } },
      },
    },
    ...refusalResponses,
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
