import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { prefersHtml } from "../accept";
import { homePage } from "../pages/home";
import { readCookie } from "../session/cookies";
import { refusalResponses } from "../refusal";
import { visitorPage } from "./visitor-page";

const schema = {
  summary: "Who served me: JSON, or the page for a browser",
  response: {
    200: {
      description: "JSON, or a page for clients that prefer HTML",
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
const DESCRIPTION =
  "A web app on Groundwork: who served you, who the users are, and some work for the cores.";

/** Cheaper than counting it: not rate limited, except for the page of a person whose session must be opened. */
export default async function home(server: FastifyInstance): Promise<void> {
  const answer = JSON.stringify({ hostname: server.config.INSTANCE_NAME });
  const isOpen = server.config.OPEN_USERS === "yes";
  const limit = server.rateLimit();

  const showPage = async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    if (readCookie(request)) await limit.call(server, request, reply);
    const options = { title: "Groundwork", script: "app.js", styles: ["app.css"], description: DESCRIPTION };
    return visitorPage(request, reply, options, ({ person, logIn = false }) =>
      homePage({
        // In a stack with people, only they may write.
        mayAdd: Boolean(person) || (!server.identity && isOpen),
        maySee: Boolean(person) || isOpen,
        mayLogIn: logIn,
        form: person?.form,
      }),
    );
  };

  server.get("/", { schema, config: { rateLimit: false } }, (request, reply) => {
    reply.header("vary", "accept");
    return prefersHtml(request.headers.accept)
      ? showPage(request, reply)
      : reply.type(JSON_TYPE).send(answer);
  });
}
