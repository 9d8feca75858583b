import multipart, { type MultipartFile } from "@fastify/multipart";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Identity } from "../identity/identity";
import type { UploadSettings } from "../identity/settings";
import { filesPage } from "../pages/files";
import { requireIdentity, requireOwnForm, requirePerson } from "../plugins/session";
import { Refusal, refusalResponses } from "../refusal";
import { Files } from "../uploads/files";
import { nameProblem } from "../uploads/names";
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
  required: ["key", "name", "size", "uploadedAt", "where"],
  properties: {
    key: { type: "string" },
    name: { type: "string" },
    size: { type: "integer" },
    uploadedAt: { type: "string" },
    where: { type: "string", enum: LOCATIONS },
  },
} as const;

const announceSchema = {
  summary: "Signs a form by which a browser sends one file straight to the store",
  body: {
    type: "object",
    description: "a JSON object with name, size, type and sensitive",
    required: ["name", "size", "type", "sensitive"],
    additionalProperties: false,
    properties: {
      name: { type: "string", maxLength: 255, description: "a file name of 1 to 255 bytes" },
      size: { type: "integer", minimum: 1, description: "the file's size in bytes, 1 or more" },
      type: { type: "string", maxLength: 127, description: "a content type such as image/png" },
      sensitive: { type: "boolean", description: "true or false" },
    },
  },
  response: {
    201: {
      type: "object",
      required: ["url", "fields", "key"],
      properties: {
        url: { type: "string" },
        fields: { type: "object", additionalProperties: { type: "string" } },
        key: { type: "string" },
      },
    },
    ...refusalResponses,
  },
} as const;

const listSchema = {
  summary: "The files of whoever is signed in, and where each is",
  response: {
    200: { type: "object", required: ["files"], properties: { files: { type: "array", items: fileSchema } } },
    ...refusalResponses,
  },
} as const;

/** People's files. */
export default async function uploads(server: FastifyInstance): Promise<void> {
  await server.register(multipart);
  const store = storeOf(server);

  server.get("/home", { schema: { hide: true } }, async (request, reply) => showFiles(store, request, reply));

  server.get("/uploads", { schema: listSchema, preHandler: requirePerson }, async (request) => {
    const { files } = await store();
    return { files: await files.list(request.person!.id) };
  });

  server.post(
    "/uploads",
    { schema: announceSchema, preHandler: [requirePerson, requireOwnForm] },
    async (request: FastifyRequest<{ Body: Announced }>, reply) => {
      const { files, settings } = await store();
      const { name, size, type, sensitive } = request.body;
      accept({ name, type }, settings);
      if (size > settings.maxBytes)
        throw new Refusal(413, `size must be at most ${settings.maxBytes}, got ${size}`, { field: "size" });
      return reply
        .code(201)
        .send(await files.sign(request.person!.id, { name, contentType: type, sensitive, size }));
    },
  );

  server.post(
    "/uploads/files",
    {
      schema: {
        summary: "Takes files as a multipart form: its token and `sensitive` first, then the files",
        consumes: ["multipart/form-data"],
        response: refusalResponses,
      },
      preHandler: requirePerson,
    },
    async (request, reply) => {
      const { files, settings } = await store();
      const keys = await receive(request, reply, files, settings);
      if (request.headers.accept?.includes("text/html")) return reply.redirect("/home", 303);
      return reply.code(201).send({ keys });
    },
  );
}

interface Store {
  files: Files;
  settings: UploadSettings;
  origins: string[];
}

/** Made once, when the stack's settings are there. */
function storeOf(server: FastifyInstance): () => Promise<Store> {
  let made: { identity: Identity; store: Promise<Store> } | undefined;
  return async () => {
    const identity = await requireIdentity(server);
    const settings = identity.settings.uploads;
    if (!settings) throw new Refusal(503, "no uploads are configured: set UPLOADS_PARAMETER");
    if (made?.identity !== identity) made = { identity, store: makeStore(server, settings) };
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

/** Takes one part after the other, and passes each file on while it arrives. */
async function receive(request: FastifyRequest, reply: FastifyReply, files: Files, settings: UploadSettings) {
  const limits = { fileSize: settings.maxBytes, files: 20, fields: 4, fieldSize: 200 };
  const keys: string[] = [];
  const fields: Record<string, unknown> = {};
  let checked = false;
  for await (const part of request.parts({ limits })) {
    if (part.type === "field") {
      fields[part.fieldname] = part.value;
      continue;
    }
    if (!checked) {
      request.body = fields;
      await requireOwnForm(request, reply);
      checked = true;
    }
    keys.push(await sendOn(request, part, fields["sensitive"] === "yes", files, settings));
  }
  if (keys.length === 0)
    throw new Refusal(400, "the form must hold at least one file, after its token", { field: "file" });
  return keys;
}

async function sendOn(
  request: FastifyRequest,
  part: MultipartFile,
  sensitive: boolean,
  files: Files,
  settings: UploadSettings,
) {
  accept({ name: part.filename, type: part.mimetype }, settings);
  part.file.once("limit", () =>
    part.file.destroy(
      new Refusal(413, `a file must be at most ${settings.maxBytes} bytes, got more`, { field: "file" }),
    ),
  );
  const file = { name: part.filename, contentType: part.mimetype, sensitive };
  let problem: Error | undefined;
  part.file.once("error", (error) => (problem = error));
  try {
    return await files.send(request.person!.id, file, part.file);
  } catch (error) {
    throw problem ?? error;
  }
}

function accept({ name, type }: { name: string; type: string }, { contentTypes }: UploadSettings): void {
  const problem = nameProblem(name);
  if (problem) throw wrong(400, "name", problem, name);
  if (!contentTypes.includes(type)) throw wrong(415, "type", `one of ${contentTypes.join(", ")}`, type);
}

const wrong = (status: number, field: string, rule: string, got: string) =>
  new Refusal(status, `${field} must be ${rule}, got ${JSON.stringify(got).slice(0, 80)}`, { field });
