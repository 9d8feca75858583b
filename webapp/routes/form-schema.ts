import { pageResponses } from "../refusal";

interface FormField {
  type: "string";
  minLength: 1;
  maxLength: number;
  description: string;
  /** A secret: messages do not repeat what was entered. */
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
};

/** The schema of a form's route: its token and these fields, nothing else. */
export const formSchema = (summary: string, names: string[] = []) => ({
  summary,
  consumes: ["application/x-www-form-urlencoded", "application/json"],
  body: {
    type: "object",
    required: ["form", ...names],
    additionalProperties: false,
    properties: Object.fromEntries(["form", ...names].map((name) => [name, FIELDS[name]])),
  },
  response: pageResponses,
});
