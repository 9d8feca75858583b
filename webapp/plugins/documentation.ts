import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import fp from "fastify-plugin";

/** The API's subjects, each with its path prefixes; any other path belongs to the pages. */
const SUBJECTS: [name: string, description: string, paths: RegExp][] = [
  ["Servers", "Who serves, whether it is healthy, and work for its cores.", /^\/($|health|load)/],
  ["Users", "The users in the database.", /^\/users/],
  ["Files", "The files of the signed-in person.", /^\/uploads/],
  ["Projects", "The projects of a business unit, as the provisioner's API has them.", /^\/console\/api/],
  ["People", "Signing up and in, as the forms of the pages send it.", /^\//],
];

/** OpenAPI, generated from the routes' schemas. */
export default fp(async function documentation(server: FastifyInstance) {
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Groundwork web app",
        description: "Users, load, and who served you.",
        version: "1.0.0",
      },
      tags: SUBJECTS.map(([name, description]) => ({ name, description })),
    },
    transform: ({ schema, url }) => ({
      schema: { ...schema, tags: [SUBJECTS.find(([, , paths]) => paths.test(url))![0]] },
      url,
    }),
  });
});
