import type { FastifyInstance, FastifyRequest } from "fastify";
import { type NewUser, Users } from "../database/users";
import { requireDatabase } from "../plugins/database";
import { knowPerson, requireOwnForm, requirePerson } from "../plugins/session";
import { Refusal, refusalResponses } from "../refusal";

const DEFAULT_LIMIT = 100;

// Not only spaces, and no characters that a log or a terminal would interpret, that are invisible, or that reverse a line. They are
// listed, because generators of cases and clients do not know Unicode's classes: \p{Cc}, \p{Cf}, \p{Zl}, \p{Zp} and \p{Z}.
const HIDDEN =
  "\0-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f" +
  "\ufeff\ufff9-\ufffb\u{110bd}\u{110cd}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}";
const SPACES = " \xa0\u1680\u2000-\u200a\u202f\u205f\u3000";
const USERNAME = `^[^${HIDDEN}]*[^${HIDDEN}${SPACES}][^${HIDDEN}]*$`;
/** Half of a surrogate pair, which text that arrived as UTF-8 never contains, and no pattern may name. */
const HALF = /\p{Cs}/u;
const PRINTABLE = "1 to 80 printable characters";

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
        description: PRINTABLE,
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
    email: {
      type: "string",
      description: "Left out for visitors who are not signed in, if people can sign in",
    },
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
        description: "the id of a user, to list older ones",
      },
    },
  },
  response: {
    200: {
      type: "array",
      items: userSchema,
      headers: { link: { type: "string", description: "The address of the next page, if this one is full" } },
    },
    ...refusalResponses,
  },
} as const;

export default async function users(server: FastifyInstance): Promise<void> {
  const table = server.database && new Users(server.database);

  const isOpen = server.config.OPEN_USERS === "yes";
  // In a stack with people, only they may write. In a closed one without people, nobody may.
  const toWrite = server.identity || !isOpen ? [requirePerson, requireOwnForm] : [];

  server.post(
    "/users",
    { schema: newUserSchema, preHandler: toWrite },
    async (request: FastifyRequest<{ Body: NewUser }>, reply) => {
      requireDatabase(server);
      const { username, email } = request.body;
      if (HALF.test(username))
        throw new Refusal(400, `username must be ${PRINTABLE}, got ${JSON.stringify(username)}`, {
          field: "username",
        });
      // Addresses ignore letter case.
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
