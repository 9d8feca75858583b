import type { Multipart, MultipartFile } from "@fastify/multipart";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { UploadSettings } from "../identity/settings";
import { requireOwnForm } from "../plugins/session";
import { Refusal } from "../refusal";
import { accept } from "./accepted";
import type { Files, StoredNow } from "./files";
import { requireRoom, roomFor } from "./room";

/** The spellings of checkboxes, scripts and people. */
const ANSWERS: Record<string, boolean> = {
  ...{ yes: true, true: true, on: true, 1: true },
  ...{ no: false, false: false, off: false, 0: false },
};
/** A form's token, and the answer: twice, if a form sends "no" before its box. */
const FIELDS = ["form", "sensitive"];
const LIMITS = { files: 20, fields: 4, fieldSize: 200 };

/** Takes one part of a form after the other, and passes each file on while it arrives. */
export async function receive(
  request: FastifyRequest,
  reply: FastifyReply,
  files: Files,
  settings: UploadSettings,
): Promise<StoredNow[]> {
  const fields: Record<string, string> = {};
  const stored: StoredNow[] = [];
  let sensitive: boolean | undefined;
  let left = 0;
  for await (const part of partsOf(request, settings)) {
    if (part.type === "field") {
      note(part.fieldname, String(part.value), fields, stored);
      continue;
    }
    // Before the first byte of the first file: who sends it, and where it belongs.
    if (sensitive === undefined) {
      request.body = fields;
      await requireOwnForm(request, reply);
      sensitive = answerOf(fields["sensitive"]);
      left = await roomFor(request.person!.id, files, settings);
    }
    requireRoom(left, 1, settings);
    stored.push(await sendOn(request, part, sensitive, files, settings));
    left -= part.file.bytesRead;
  }
  if (stored.length === 0)
    throw new Refusal(400, "the form must hold at least one file, after its token", { field: "file" });
  return stored;
}

function note(name: string, value: string, fields: Record<string, string>, stored: StoredNow[]): void {
  if (!FIELDS.includes(name))
    throw new Refusal(400, `${name.slice(0, 80)} is not known, accepted: ${FIELDS.join(", ")}, and files`, {
      field: name.slice(0, 80),
    });
  if (stored.length > 0)
    throw new Refusal(
      400,
      `${name} must come before the files, got it after ${stored.length} that are stored: ${stored.map(({ key }) => key).join(", ")}`,
      { field: name },
    );
  fields[name] = value;
}

function answerOf(text: string | undefined): boolean {
  const rule = "yes or no, before the files";
  if (text === undefined)
    throw new Refusal(400, `sensitive is missing: it must be ${rule}`, { field: "sensitive" });
  const answer = ANSWERS[text.trim().toLowerCase()];
  if (answer === undefined)
    throw new Refusal(400, `sensitive must be ${rule}, got ${JSON.stringify(text).slice(0, 80)}`, {
      field: "sensitive",
    });
  return answer;
}

/** The parser's own errors have no status: it does not distinguish a caller's mistake from a fault of ours. */
async function* partsOf(request: FastifyRequest, settings: UploadSettings): AsyncGenerator<Multipart> {
  try {
    yield* request.parts({ limits: { ...LIMITS, fileSize: settings.maxBytes } });
  } catch (error) {
    throw (error as { statusCode?: number }).statusCode ? error : brokenForm();
  }
}

const brokenForm = () =>
  new Refusal(400, "body must be a complete multipart form, got one that is cut off or has no such parts", {
    field: "body",
  });

async function sendOn(
  request: FastifyRequest,
  part: MultipartFile,
  sensitive: boolean,
  files: Files,
  settings: UploadSettings,
): Promise<StoredNow> {
  const contentType = accept({ name: part.filename, type: part.mimetype }, settings);
  part.file.once("limit", () =>
    part.file.destroy(
      new Refusal(413, `a file must be at most ${settings.maxBytes} bytes, got more`, { field: "file" }),
    ),
  );
  const file = { name: part.filename, contentType, sensitive };
  part.file.on("error", () => {}); // told below
  try {
    return await files.send(request.person!.id, file, part.file);
  } catch (error) {
    // The form's own error may have come before anybody listened.
    const { errored } = part.file;
    if (!errored) throw error;
    throw errored instanceof Refusal ? errored : brokenForm();
  }
}
