import type { FastifyReply, FastifyRequest } from "fastify";
import type { Html } from "../pages/html";
import { page, type PageOptions } from "../pages/layout";
import { keepSession, openSession, requireIdentity, type SignedInSession } from "../plugins/session";
import { visitorOf } from "../plugins/visitor";

/** A page for whoever is signed in. Anybody else is led to the login page, and back here afterwards. */
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
  reply.type("text/html; charset=utf-8");
  const path = request.url.split("?", 1)[0];
  return page({ ...options, path, visitor: await visitorOf(request, reply) }, written);
}
