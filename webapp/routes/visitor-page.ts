import type { FastifyReply, FastifyRequest } from "fastify";
import type { Html } from "../pages/html";
import { page, type PageOptions, type Visitor } from "../pages/layout";
import { visitorOf } from "../plugins/visitor";

/** A page under the visitor's own header. */
export async function visitorPage(
  request: FastifyRequest,
  reply: FastifyReply,
  options: Omit<PageOptions, "visitor">,
  content: (visitor: Visitor) => Html,
): Promise<string> {
  const visitor = await visitorOf(request, reply);
  reply.type("text/html; charset=utf-8");
  return page({ ...options, visitor }, content(visitor));
}
