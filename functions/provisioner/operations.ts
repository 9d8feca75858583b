import { KEY } from "../shared/idempotency";
import { ENVIRONMENTS, kinds } from "./catalogue";
import {
  CHANGES,
  fields,
  FLAGS,
  GIVEN,
  LARGEST_QUOTA,
  LIMITS,
  LOGS,
  LONGEST_COMMENT,
  MOMENT,
  OPTIONAL,
  PORTS,
  RUNBOOKS,
  SECRETS,
  UNIT_NAME,
  VALUE_NAME,
  VERDICTS,
} from "./fields";
import type { SWITCHES } from "./project";

type Schema = Record<string, unknown>;

export interface Operation {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  summary: string;
  /** Its answers on success, by status. */
  answers: Record<number, string>;
  /** The ways it can fail, beside a bad token, a bad request and a fault of ours. */
  refusals?: number[];
  body?: Schema;
  query?: Record<string, Schema>;
  headers?: Record<string, Schema>;
  /** The caller signs the request instead of sending a token. */
  signed?: true;
  /** It changes nothing, and the function that answers it has no right to change anything. */
  reads?: true;
}

const oneOf = (values: readonly string[]) => ({ type: "string", enum: [...values] });
const object = (properties: object, required: string[] = []): Schema => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

/** A field with the function's own rule; `repository` has more than a pattern, since the stack trusts further addresses. */
function text(name: string): Schema {
  const { rule, longest, says } = fields[name]!;
  const pattern = rule.flags === "" ? { pattern: rule.source } : {};
  return {
    type: "string",
    maxLength: longest,
    ...pattern,
    description: says,
    ...(SECRETS.includes(name) && { writeOnly: true }),
  };
}
const texts = (names: string[]) => Object.fromEntries(names.map((name) => [name, text(name)]));

const valuesOf = (removable: boolean) =>
  Object.fromEntries(
    GIVEN.map((list) => [
      list,
      {
        type: "object",
        description: "Environment variables of the program; some names are reserved for the platform",
        propertyNames: { pattern: VALUE_NAME.source, maxLength: LIMITS.name },
        additionalProperties: {
          type: removable ? ["string", "null"] : "string",
          maxLength: LIMITS.value,
        },
        maxProperties: LIMITS.count,
      },
    ]),
  );
const switches = {
  previews: { type: "boolean", description: "Whether each other pushed branch gets a preview" },
  previewSecrets: { type: "boolean", description: "Whether previews get the project's secrets" },
} satisfies Record<(typeof SWITCHES)[number], Schema>;
const port = { type: "integer", minimum: PORTS.lowest, maximum: PORTS.highest };

const flag = (description: string) => ({ type: "string", enum: ["1"], description });

const names = Object.keys(fields);
const wish = object(
  {
    ...texts(names),
    ...valuesOf(false),
    ...switches,
    port,
    environment: oneOf(ENVIRONMENTS),
    type: oneOf(Object.keys(kinds)),
    stack: oneOf([...new Set(Object.values(kinds).flatMap((frameworks) => Object.keys(frameworks)))]),
  },
  ["environment", "type", ...names.filter((name) => !OPTIONAL.includes(name))],
);
const change = {
  ...object({
    ...texts(CHANGES),
    domain: { ...text("domain"), type: ["string", "null"] },
    ...valuesOf(true),
    ...switches,
    port,
    ...Object.fromEntries(FLAGS.map((name) => [name, { const: true }])),
  }),
  minProperties: 1,
};

const ABSENT = 404;
const BUSY = 409;

/** Every route of the API: what the gateway sends to the function, and what the document describes. */
export const OPERATIONS: Operation[] = [
  {
    ...{ method: "GET", path: "/openapi", summary: "This document" },
    answers: { 200: "OpenAPI 3.1" },
    reads: true,
  },
  {
    ...{ method: "GET", path: "/catalogue", summary: "Every kind of project, and its monthly price" },
    answers: { 200: "Prices by type, framework and environment, and notes for teams" },
  },
  {
    ...{ method: "GET", path: "/quota", summary: "How much of the business unit's quota is used and left" },
    answers: { 200: "US dollars a month" },
  },
  {
    ...{ method: "POST", path: "/uploads", summary: "A form to upload a request as a file" },
    answers: { 201: "Where to send the file, and with which fields" },
    refusals: [403],
  },
  {
    ...{ method: "POST", path: "/projects", summary: "Requests a project, or only plans it" },
    answers: { 200: "A dry run's plan and price", 202: "The project's id, and the address of its state" },
    ...{ refusals: [403, BUSY, 422], body: wish },
    query: { dryRun: flag("1 makes nothing") },
    headers: {
      "Idempotency-Key": { type: "string", pattern: KEY.source },
    },
  },
  {
    ...{ method: "GET", path: "/projects", summary: "The unit's projects" },
    answers: { 200: "Projects, the newest first" },
    refusals: [403],
    query: { waiting: flag("Only those waiting for a decision, for admins") },
  },
  {
    ...{ method: "GET", path: "/units", summary: "Each unit's costs and quota, for admins" },
    answers: { 200: "Units, in US dollars a month" },
    refusals: [403],
  },
  {
    ...{ method: "PUT", path: "/units", summary: "Sets a unit's quota, for admins" },
    answers: { 200: "The unit as it is now" },
    refusals: [403],
    body: object(
      {
        unit: { type: "string", pattern: UNIT_NAME.source },
        quota: { type: ["number", "null"], minimum: 0, maximum: LARGEST_QUOTA },
      },
      ["unit", "quota"],
    ),
  },
  {
    ...{ method: "GET", path: "/projects/{id}", summary: "A project, stage by stage" },
    answers: { 200: "The project" },
    refusals: [ABSENT],
  },
  {
    ...{
      method: "GET",
      path: "/projects/{id}/logs",
      summary: "The log of its builds or servers",
    },
    answers: { 200: "Lines with ids, and the time from which to ask for the next ones" },
    refusals: [ABSENT],
    query: {
      of: { ...oneOf(LOGS), description: "build, if left out" },
      since: {
        ...{ type: "string", format: "date-time", pattern: MOMENT.source },
        description: "If left out: the latest build's beginning, or ten minutes ago",
      },
    },
    reads: true,
  },
  {
    ...{
      method: "PATCH",
      path: "/projects/{id}",
      summary: "Changes a project, or retries what has failed",
    },
    answers: { 202: "It has started, or waits for approval" },
    ...{ refusals: [ABSENT, BUSY], body: change },
  },
  {
    ...{ method: "DELETE", path: "/projects/{id}", summary: "Deletes a project, or cancels it" },
    answers: { 202: "It has started, or waits for approval" },
    refusals: [403, ABSENT, BUSY],
  },
  {
    ...{ method: "POST", path: "/projects/{id}/decision", summary: "Approves or rejects" },
    answers: { 200: "The decision" },
    refusals: [403, ABSENT, BUSY],
    body: object({ decision: oneOf(VERDICTS), comment: { type: "string", maxLength: LONGEST_COMMENT } }, [
      "decision",
    ]),
  },
  {
    ...{
      method: "POST",
      path: "/projects/{id}/withdrawal",
      summary: "Withdraws a request that waits for a decision",
    },
    answers: { 202: "It is withdrawn" },
    refusals: [403, ABSENT, BUSY],
  },
  {
    ...{ method: "POST", path: "/projects/{id}/rollback", summary: "Rolls back to the previous release" },
    answers: { 202: "It has started, or waits for approval" },
    refusals: [ABSENT, BUSY],
  },
  {
    ...{ method: "POST", path: "/projects/{id}/runbook", summary: "Restarts or patches its servers" },
    answers: { 202: "It has started" },
    ...{ refusals: [ABSENT, BUSY], body: object({ name: oneOf(RUNBOOKS) }, ["name"]) },
  },
  {
    ...{ method: "PUT", path: "/projects/{id}/hook", summary: "Turns on builds of pushes" },
    answers: { 201: "The address for a Git host to call, and its secret, shown only now" },
    refusals: [ABSENT, BUSY],
  },
  {
    ...{ method: "DELETE", path: "/projects/{id}/hook", summary: "Turns off builds of pushes" },
    answers: { 200: "It is gone" },
    refusals: [ABSENT],
  },
  {
    ...{ method: "POST", path: "/projects/{id}/hook", summary: "Receives a push from GitHub or GitLab" },
    answers: {
      200: "What was ignored",
      202: "It is being built, waits for a running build, or ends a preview",
    },
    ...{ refusals: [BUSY], body: { type: "object" }, signed: true },
  },
];
