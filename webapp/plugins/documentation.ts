import swagger from "@fastify/swagger";
import ui from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import fp from "fastify-plugin";
import { documentationFolder } from "../paths";

/** OpenAPI, made from the routes' schemas, at /documentation. */
export default fp(async function documentation(server: FastifyInstance) {
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Groundwork web app",
        description: "Users, load, and who served you.",
        version: "1.0.0",
      },
    },
  });
  await server.register(ui, {
    routePrefix: "/documentation",
    staticCSP: POLICY,
    baseDir: documentationFolder,
  });
});

// Swagger UI styles elements one by one.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; frame-ancestors 'none'";
