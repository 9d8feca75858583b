import type { FastifyReply, FastifyRequest } from "fastify";
import type { Html } from "../pages/html";
import type { PageOptions } from "../pages/layout";
import { keepSession, openSession, requireIdentity, type SignedInSession } from "../plugins/session";
import { visitorPage } from "./visitor-page";

/** A page for people who are signed in. Anybody else goes to the login page, and back here afterwards. */
export async function personPage(
  request: FastifyRequest,
  reply: FastifyReply,
  options: Omit<PageOptions, "visitor" | "path">,
  content: (session: SignedInSession, form: string) => Html | Promise<Html>,
): Promise<FastifyReply | string> {
  const { keys } = await requireIdentity(request.server);
  const session = await openSession(request, reply);
  const { id, person } = session;
  if (!person) {
    if (request.method === "GET")
      await keepSession(request, reply, { ...session, after: request.url.slice(0, 200) });
    return reply.redirect("/login", 303);
  }
  const form = keys.formToken(id);
  const written = await content({ ...session, person }, form);
  const path = request.url.split("?", 1)[0];
  return visitorPage(request, reply, { ...options, path }, () => written);
}
