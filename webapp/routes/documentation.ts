import type { FastifyInstance } from "fastify";
import { type Described, documentationPage } from "../pages/documentation";
import { page } from "../pages/layout";
import { visitorOf } from "../plugins/visitor";

/** The API for people to read, and for programs. */
export default async function documentation(server: FastifyInstance): Promise<void> {
  const schema = { hide: true };

  for (const path of ["/documentation", "/documentation/"])
    server.get(path, { schema }, async (request, reply) => {
      const visitor = await visitorOf(request, reply);
      const content = documentationPage(
        server.swagger() as unknown as Described,
        `${request.protocol}://${request.host}`,
      );
      reply.type("text/html; charset=utf-8");
      const styles = ["account.css", "documentation.css"];
      return page({ title: "The API", visitor, path: "/documentation", styles }, content);
    });

  server.get("/documentation/json", { schema }, async () => server.swagger());
}
