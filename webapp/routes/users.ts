import type { FastifyInstance, FastifyRequest } from "fastify";
import { type NewUser, Users } from "../database/users";
import { requireDatabase } from "../plugins/database";
import { knowPerson, requireOwnForm, requirePerson } from "../plugins/session";
import { Refusal, refusalResponses } from "../refusal";

const DEFAULT_LIMIT = 100;

// Not only spaces, and none of the characters that a log or a terminal would obey, that nobody sees, or that turn a line around.
const HIDDEN = "\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}";
const USERNAME = `^[^${HIDDEN}]*[^${HIDDEN}\\p{Z}][^${HIDDEN}]*$`;

const newUserSchema = {
  summary: "Adds a user",
  body: {
    type: "object",
    description: "a JSON object with username and email",
    required: ["username", "email"],
    additionalProperties: false,
    properties: {
      username: {
        type: "string",
        maxLength: 80,
        pattern: USERNAME,
        description: "1 to 80 printable characters",
        examples: ["demo"],
      },
      email: {
        type: "string",
        maxLength: 120,
        format: "email",
        description: "an e-mail address of at most 120 characters",
        examples: ["demo@example.com"],
      },
    },
  },
  response: {
    201: { type: "object", required: ["message"], properties: { message: { type: "string" } } },
    ...refusalResponses,
  },
} as const;

const userSchema = {
  type: "object",
  required: ["id", "username"],
  properties: {
    email: { type: "string", description: "Left out for who is not signed in, where people can sign in" },
    id: { type: "integer" },
    username: { type: "string" },
  },
} as const;

const listSchema = {
  summary: "Lists users, the newest first",
  querystring: {
    type: "object",
    properties: {
      limit: {
        type: "string",
        pattern: "^([1-9][0-9]?|[1-4][0-9]{2}|500)$",
        description: "a whole number from 1 to 500",
        default: `${DEFAULT_LIMIT}`,
      },
      after: {
        type: "string",
        pattern: "^[1-9][0-9]{0,8}$",
        description: "the id of a user, whose older ones are listed",
      },
    },
  },
  response: {
    200: {
      type: "array",
      items: userSchema,
      headers: { link: { type: "string", description: "Where the next page is, when this one is full" } },
    },
    ...refusalResponses,
  },
} as const;

export default async function users(server: FastifyInstance): Promise<void> {
  const table = server.database && new Users(server.database);

  const isOpen = server.config.OPEN_USERS === "yes";
  // Where the stack has people, only they write. Where it has none, nobody could.
  const toWrite = server.identity || !isOpen ? [requirePerson, requireOwnForm] : [];

  server.post(
    "/users",
    { schema: newUserSchema, preHandler: toWrite },
    async (request: FastifyRequest<{ Body: NewUser }>, reply) => {
      requireDatabase(server);
      const { username, email } = request.body;
      // An address is the same in any case of letters.
      const taken = await table!.add({ username, email: email.toLowerCase() });
      if (taken) throw new Refusal(409, `${taken} is already taken by another user`, { field: taken });
      return reply.code(201).send({ message: `user [${username}] added successfully` });
    },
  );

  server.get(
    "/users",
    { schema: listSchema, preHandler: isOpen ? knowPerson : requirePerson },
    async (request: FastifyRequest<{ Querystring: { limit: string; after?: string } }>, reply) => {
      requireDatabase(server);
      const limit = Number(request.query.limit);
      const found = await table!.newest({
        limit,
        after: request.query.after ? Number(request.query.after) : undefined,
      });
      if (found.length === limit)
        reply.header("link", `</users?limit=${limit}&after=${found.at(-1)!.id}>; rel="next"`);
      if (!server.identity || request.person) return found;
      return found.map(({ id, username }) => ({ id, username }));
    },
  );
}
