import type { FastifyInstance } from "fastify";
import { IdTokens } from "../console/id-tokens";
import { projectsApi } from "../console/projects";
import { awsPlatformPorts } from "../identity/settings";
import { consolePage } from "../pages/console";
import { requireIdentity, requireOwnForm, requireSession } from "../plugins/session";
import { html, pageSchema, Refusal } from "../refusal";
import { personPage } from "./person-page";

const ID = { type: "string", pattern: "^[a-z0-9]{10}$", description: "a project's id" } as const;
const FLAG = { type: "string", enum: ["1"], description: "1, or left out" } as const;
const LOG = { type: "string", enum: ["build", "app"], description: "build or app" } as const;
const SINCE = {
  type: "string",
  pattern: "^[0-9T:.-]{19,24}Z$",
  description: "a time such as 2026-11-27T10:00:00Z",
} as const;
const OBJECT = { type: "object", description: "a JSON object" } as const;

/** From the provisioner's API, whose refusals have a message like ours. */
const answers = {
  "2xx": { description: "The API's own answer", type: "object", additionalProperties: true },
  ...Object.fromEntries(
    ["4xx", "5xx"].map((status) => [
      status,
      {
        description: "A refusal by the API or the web app: JSON, or a page for clients that prefer HTML",
        content: {
          "application/json": {
            schema: {
              type: "object",
              required: ["message"],
              properties: { message: { type: "string" } },
              additionalProperties: true,
            },
          },
          "text/html": html("").content["text/html"],
        },
      },
    ]),
  ),
};

interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  summary: string;
  query?: Record<string, typeof FLAG | typeof LOG | typeof SINCE>;
  /** @default whether it is a POST or a PATCH */
  hasBody?: true;
}

/** The part of the provisioner's API that the page uses. The API itself decides who may do what. */
const ROUTES: Route[] = [
  { method: "GET", path: "/catalogue", summary: "Every kind of project, and its monthly price" },
  { method: "GET", path: "/quota", summary: "How much of the business unit's quota is used and left" },
  {
    method: "GET",
    path: "/projects",
    summary: "The unit's projects, or those waiting for an admin's decision",
    query: { waiting: FLAG },
  },
  {
    method: "POST",
    path: "/projects",
    summary: "Requests a project, or only plans it",
    query: { dryRun: FLAG },
  },
  { method: "GET", path: "/units", summary: "Each unit's costs and quota, for admins" },
  { method: "PUT", path: "/units", summary: "Sets a unit's quota, for admins", hasBody: true },
  { method: "GET", path: "/projects/:id", summary: "A project, stage by stage" },
  {
    method: "GET",
    path: "/projects/:id/logs",
    summary: "The log of its builds or servers",
    query: { of: LOG, since: SINCE },
  },
  { method: "PATCH", path: "/projects/:id", summary: "Changes a project" },
  { method: "DELETE", path: "/projects/:id", summary: "Deletes a project, or cancels it" },
  { method: "POST", path: "/projects/:id/decision", summary: "Approves or rejects" },
  {
    method: "POST",
    path: "/projects/:id/withdrawal",
    summary: "Withdraws a request that waits for a decision",
  },
  { method: "POST", path: "/projects/:id/rollback", summary: "Rolls back to the previous release" },
  {
    method: "PUT",
    path: "/projects/:id/hook",
    summary: "Turns on builds of pushes: an address and its secret, shown once",
  },
  { method: "DELETE", path: "/projects/:id/hook", summary: "Turns off builds of pushes" },
  { method: "POST", path: "/projects/:id/runbook", summary: "Restarts or patches a project's servers" },
];

/** The page of the teams' projects, and the provisioner's API behind the session. No token reaches the browser. */
export default async function consoleRoutes(server: FastifyInstance): Promise<void> {
  const { config, ports } = server;
  if (!config.PROVISIONER_PARAMETER) return;
  const ask = projectsApi(config, ports.platform ?? awsPlatformPorts(config), (error) =>
    server.log.warn({ err: error }, "the address of the projects' API could not be read again"),
  );
  const tokens = new IdTokens();

  server.get("/console", { schema: pageSchema("Your projects") }, async (request, reply) =>
    personPage(
      request,
      reply,
      { title: "Your projects", script: "console.js", styles: ["account.css", "console.css"] },
      ({ person: { email, groups } }, form) => consolePage({ form, email, admin: groups.includes("admin") }),
    ),
  );

  for (const { method, path, summary, query, hasBody } of ROUTES)
    server.route({
      method,
      url: `/console/api${path}`,
      schema: {
        summary,
        ...(path.includes(":id") && { params: { type: "object", properties: { id: ID } } }),
        ...(query && { querystring: { type: "object", properties: query, additionalProperties: false } }),
        ...((method === "POST" || method === "PATCH" || hasBody) && { body: OBJECT }),
        response: answers,
      },
      preHandler: method === "GET" ? requireSession : [requireSession, requireOwnForm],
      handler: async (request, reply) => {
        const key = request.headers["idempotency-key"];
        const asked = {
          method,
          path: request.url.slice("/console/api".length),
          body: request.body ?? undefined,
          idempotencyKey: typeof key === "string" ? key : undefined,
          trace: request.trace,
        };
        try {
          const session = await requireSession(request, reply);
          const { status, body } = await ask(await tokens.of(session, await requireIdentity(server)), asked);
          return reply.code(status).send(body);
        } catch (error) {
          if (error instanceof Refusal) throw error;
          request.log.warn({ err: error as Error }, "the provisioner does not answer");
          throw new Refusal(503, "the projects cannot be reached at the moment, try again soon", {
            retryAfterSeconds: 5,
          });
        }
      },
    });
}
