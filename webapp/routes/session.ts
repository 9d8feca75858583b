import type { FastifyInstance } from "fastify";
import { openSession, requireIdentity } from "../plugins/session";
import { refusalResponses } from "../refusal";

const schema = {
  summary: "Who is signed in, for the page: with the token that its forms send along",
  response: {
    200: {
      type: "object",
      required: ["signIn"],
      properties: {
        signIn: { type: "boolean", description: "whether this stack has people at all" },
        email: { type: "string" },
        form: { type: "string" },
      },
    },
    ...refusalResponses,
  },
} as const;

/** The page at `/` is the same file for everybody. It asks here who is signed in. */
export default async function session(server: FastifyInstance): Promise<void> {
  server.get("/session", { schema }, async (request, reply) => {
    if (!server.identity) return { signIn: false };
    const { keys } = await requireIdentity(server);
    const { id, person } = await openSession(request, reply);
    return person ? { signIn: true, email: person.email, form: keys.formToken(id) } : { signIn: true };
  });
}
