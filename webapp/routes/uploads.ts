import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Identity } from "../identity/identity";
import type { UploadSettings } from "../identity/settings";
import { filesPage } from "../pages/files";
import { requireIdentity, requireOwnForm, requirePerson } from "../plugins/session";
import { elsewhere, pageSchema, Refusal, refusalResponses } from "../refusal";
import { Files } from "../uploads/files";
import { accept } from "../uploads/accepted";
import { receive } from "../uploads/receive";
import { requireRoom, roomFor } from "../uploads/room";
import { LOCATIONS } from "../uploads/stored-file";
import { personPage } from "./person-page";

interface Announced {
  name: string;
  size: number;
  type: string;
  sensitive: boolean;
}

const fileSchema = {
  type: "object",
  required: ["id", "key", "name", "size", "uploadedAt", "where"],
  properties: {
    id: { type: "string" },
    key: { type: "string" },
    name: { type: "string" },
    size: { type: "integer" },
    uploadedAt: { type: "string" },
    where: { type: "string", enum: LOCATIONS },
  },
} as const;

/** The same rule as nameProblem, except for the bytes, which a pattern does not count. */
const NAME = "^(?!\\.{1,2}$)[^/\\\\\\x00-\\x1f\\x7f-\\x9f]+$";

const announceSchema = {
  summary: "Signs a form by which a browser sends one file straight to the store",
  body: {
    type: "object",
    description: "a JSON object with name, size, type and sensitive",
    required: ["name", "size", "type", "sensitive"],
    additionalProperties: false,
    properties: {
      name: {
        type: "string",
        minLength: 1,
        maxLength: 255,
        pattern: NAME,
        description: "a file name of 1 to 255 bytes, without slashes and control characters, and no folder",
      },
      size: { type: "integer", minimum: 1, description: "the file's size in bytes, 1 or more" },
      type: { type: "string", maxLength: 127, description: "a content type such as image/png" },
      sensitive: { type: "boolean", description: "true or false" },
    },
  },
  response: {
    201: {
      type: "object",
      required: ["url", "fields", "key", "where"],
      properties: {
        where: { type: "string", enum: LOCATIONS },
        url: { type: "string" },
        fields: { type: "object", additionalProperties: { type: "string" } },
        key: { type: "string" },
      },
    },
    ...refusalResponses,
  },
} as const;

const formBody = {
  type: "object",
  required: ["sensitive", "file"],
  additionalProperties: false,
  properties: {
    sensitive: { type: "string", enum: ["yes", "no"], description: "yes or no" },
    file: { type: "string", format: "binary", description: "a file; there may be several" },
  },
} as const;

const storedSchema = {
  type: "object",
  required: ["files"],
  properties: {
    files: {
      type: "array",
      items: {
        type: "object",
        required: ["key", "name", "where"],
        properties: {
          key: { type: "string" },
          name: { type: "string" },
          where: { type: "string", enum: LOCATIONS },
        },
      },
    },
  },
} as const;

const ID = {
  type: "string",
  pattern: "^[0-9]{17}-[0-9a-f]{12}$",
  description: "the id of a file, as the list has it",
} as const;
const oneSchema = {
  params: { type: "object", required: ["id"], properties: { id: ID } },
} as const;
const done = { 204: { type: "null", description: "Done" }, ...refusalResponses } as const;

const listSchema = {
  summary: "The signed-in person's files, the newest first, and where each is",
  querystring: {
    type: "object",
    properties: {
      after: { ...ID, description: "the id of a file, to list older ones" },
      limit: {
        type: "string",
        pattern: "^([1-9][0-9]?|100)$",
        description: "a whole number from 1 to 100",
        default: "100",
      },
    },
  },
  response: {
    200: {
      type: "object",
      required: ["files"],
      properties: {
        files: { type: "array", items: fileSchema },
        next: { type: "string", description: "The address of the older ones, if there are any" },
      },
    },
    ...refusalResponses,
  },
} as const;

/** People's files. */
export default async function uploads(server: FastifyInstance): Promise<void> {
  await server.register(multipart);
  const store = storeOf(server);

  server.get("/home", { schema: pageSchema("Your files") }, async (request, reply) =>
    showFiles(store, request, reply),
  );

  server.get<{ Querystring: { after?: string; limit: string } }>(
    "/uploads",
    { schema: listSchema, preHandler: requirePerson },
    async (request) => {
      const { files } = await store();
      const { after, limit } = request.query;
      const page = await files.list(request.person!.id, { after, limit: Number(limit) });
      const last = page.files.at(-1)?.id;
      return {
        files: page.files,
        ...(page.more && { next: `/uploads?limit=${limit}&after=${last}` }),
      };
    },
  );

  server.get(
    "/files/:id",
    {
      schema: {
        summary: "Opens a file of the normal store: redirects to an address that is valid for a minute",
        ...oneSchema,
        querystring: {
          type: "object",
          properties: {
            download: {
              type: "string",
              enum: ["1"],
              description: "1, to download the file instead of viewing it",
            },
          },
        },
        response: { 303: { type: "null", description: "Redirects to the file" }, ...refusalResponses },
      },
      preHandler: requirePerson,
    },
    async (request: FastifyRequest<{ Params: { id: string }; Querystring: { download?: "1" } }>, reply) => {
      const { files } = await store();
      const { params, query, person } = request;
      return reply.redirect(await files.open(person!.id, params.id, query.download === "1"), 303);
    },
  );

  server.post(
    "/files/:id/sensitive",
    {
      schema: {
        summary: "Marks a stored file as sensitive: within seconds it moves to the sensitive store",
        ...oneSchema,
        response: done,
      },
      preHandler: [requirePerson, requireOwnForm],
    },
    async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
      const { files } = await store();
      await files.mark(request.person!.id, request.params.id);
      return reply.code(204).send();
    },
  );

  server.delete(
    "/files/:id",
    {
      schema: { summary: "Deletes a file", ...oneSchema, response: done },
      preHandler: [requirePerson, requireOwnForm],
    },
    async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
      const { files } = await store();
      await files.remove(request.person!.id, request.params.id);
      return reply.code(204).send();
    },
  );

  server.post(
    "/uploads",
    { schema: announceSchema, preHandler: [requirePerson, requireOwnForm] },
    async (request: FastifyRequest<{ Body: Announced }>, reply) => {
      const { files, settings } = await store();
      const { name, size, type, sensitive } = request.body;
      const contentType = accept({ name, type }, settings);
      if (size > settings.maxBytes)
        throw new Refusal(413, `size must be at most ${settings.maxBytes}, got ${size}`, { field: "size" });
      requireRoom(await roomFor(request.person!.id, files, settings), size, settings);
      return reply
        .code(201)
        .send(await files.sign(request.person!.id, { name, contentType, sensitive, size }));
    },
  );

  server.post(
    "/uploads/files",
    {
      schema: {
        summary:
          "Receives files as a multipart form: `sensitive` first, then the files; a page's form sends its token as `form` before both",
        consumes: ["multipart/form-data"],
        body: formBody,
        response: { 201: storedSchema, 303: elsewhere, ...refusalResponses },
      },
      // The parts are validated as they arrive: there is no body yet.
      validatorCompiler: () => () => true,
      preHandler: requirePerson,
    },
    async (request, reply) => {
      const { files, settings } = await store();
      const stored = await receive(request, reply, files, settings);
      if (request.headers.accept?.includes("text/html")) return reply.redirect("/home", 303);
      return reply.code(201).send({ files: stored });
    },
  );
}

interface Store {
  files: Files;
  settings: UploadSettings;
  origins: string[];
}

/** Created once the stack's settings exist, and again after they have changed or creating it failed. */
function storeOf(server: FastifyInstance): () => Promise<Store> {
  let made: { identity: Identity; store: Promise<Store> } | undefined;
  const make = (settings: UploadSettings) =>
    makeStore(server, settings).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
  return async () => {
    const identity = await requireIdentity(server);
    const settings = identity.settings.uploads;
    if (!settings) throw new Refusal(503, "no uploads are configured: set UPLOADS_PARAMETER");
    if (made?.identity !== identity) made = { identity, store: make(settings) };
    return made.store;
  };
}

async function makeStore({ config }: FastifyInstance, settings: UploadSettings): Promise<Store> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  const files = new Files(new S3Client({ region: config.AWS_REGION, maxAttempts: 4 }), settings);
  return { files, settings, origins: await files.origins() };
}

const showFiles = (store: () => Promise<Store>, request: FastifyRequest, reply: FastifyReply) =>
  personPage(request, reply, { title: "Your files", script: "files.js" }, async (_session, form) => {
    const { settings, origins } = await store();
    const policy = String(reply.getHeader("content-security-policy"));
    reply.header(
      "content-security-policy",
      policy.replace("connect-src 'self'", `connect-src 'self' ${origins.join(" ")}`),
    );
    return filesPage({ form, ...settings });
  });
