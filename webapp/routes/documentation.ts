import type { FastifyInstance } from "fastify";
import { type Described, documentationPage } from "../pages/documentation";
import { visitorPage } from "./visitor-page";

/** The API for people to read, and for programs. */
export default async function documentation(server: FastifyInstance): Promise<void> {
  const schema = { hide: true };

  for (const path of ["/documentation", "/documentation/"])
    server.get(path, { schema }, async (request, reply) => {
      const styles = ["account.css", "documentation.css"];
      const options = { title: "The API", path: "/documentation", styles };
      const site = `${request.protocol}://${request.host}`;
      return visitorPage(request, reply, options, () =>
        documentationPage(server.swagger() as unknown as Described, site),
      );
    });

  server.get("/documentation/json", { schema }, async () => server.swagger());
}
