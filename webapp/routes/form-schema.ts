import { pageResponses, refusalResponses } from "../refusal";

interface FormField {
  type: "string" | "object";
  minLength?: 1;
  maxLength?: number;
  additionalProperties?: true;
  description: string;
  /** A secret: messages do not repeat the input. */
  writeOnly?: true;
}

const field = (maxLength: number, description: string, writeOnly?: true): FormField => ({
  type: "string",
  minLength: 1,
  maxLength,
  description,
  ...(writeOnly && { writeOnly }),
});

const FIELDS: Record<string, FormField> = {
  form: field(100, "the form's token"),
  email: field(128, "an e-mail address of 1 to 128 characters"),
  password: field(256, "a password of 1 to 256 characters", true),
  code: field(8, "a code of six digits", true),
  // A passkey's id has up to 1,023 bytes.
  passkey: field(1_400, "the id of a passkey of yours"),
  ticket: field(8_000, "the ticket that the login began with", true),
  credential: {
    type: "object",
    // Only the pool validates its content.
    additionalProperties: true,
    description: "the browser's answer with the passkey, as JSON",
    writeOnly: true,
  },
};

const bodyOf = (names: string[]) => ({
  type: "object",
  required: names,
  additionalProperties: false,
  properties: Object.fromEntries(names.map((name) => [name, FIELDS[name]])),
});

/** The schema of a form's route: its token and these fields, nothing else. */
export const formSchema = (summary: string, names: string[] = []) => ({
  summary,
  consumes: ["application/x-www-form-urlencoded", "application/json"],
  body: bodyOf(["form", ...names]),
  response: pageResponses,
});

/** The schema of a route that a page's script calls: these fields and the answer; the form's token comes in a header. */
export const scriptSchema = (summary: string, names: string[], answer: Record<string, object>) => ({
  summary,
  body: bodyOf(names),
  response: { 200: objectOf(answer), ...refusalResponses },
});

export const objectOf = (properties: Record<string, object>) => ({
  type: "object",
  required: Object.keys(properties),
  properties,
});
