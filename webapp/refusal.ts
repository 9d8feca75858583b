import { STATUS_CODES } from "node:http";

export interface RefusalOptions {
  /** What was wrong in the request. */
  field?: string;
  retryAfterSeconds?: number;
}

/** An unsuccessful answer, with a message that is meant for the caller. */
export class Refusal extends Error {
  readonly field?: string;
  readonly retryAfterSeconds?: number;

  constructor(
    readonly statusCode: number,
    message: string,
    options: RefusalOptions = {},
  ) {
    super(message);
    this.field = options.field;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  body(requestId: string): Record<string, unknown> {
    const { statusCode, message, field } = this;
    return { statusCode, error: STATUS_CODES[statusCode], message, ...(field && { field }), requestId };
  }
}

/** The message that a form shows beside itself; rethrows a fault of ours. */
export function refusalForForm(error: unknown): Refusal {
  if (error instanceof Refusal && error.statusCode < 500) return error;
  throw error;
}

/** The format of every refusal. */
const refusalSchema = {
  description: "A refusal",
  type: "object",
  required: ["statusCode", "error", "message", "requestId"],
  properties: {
    statusCode: { type: "integer" },
    error: { type: "string" },
    message: { type: "string" },
    field: { type: "string", description: "The part of the request that was wrong" },
    requestId: { type: "string", description: "Finds this request in the logs" },
  },
} as const;

/** A page, as an answer. */
export const html = (description: string) =>
  ({ description, content: { "text/html": { schema: { type: "string" } } } }) as const;

const refused = {
  description: "A refusal: JSON, or a page for clients that prefer HTML",
  content: { "application/json": { schema: refusalSchema }, "text/html": { schema: { type: "string" } } },
} as const;

/** The responses of a route that may refuse, beside its own. */
export const refusalResponses = { "4xx": refused, "5xx": refused } as const;

export const elsewhere = { description: "Redirects to another page", type: "null" } as const;

/** The responses of a route that answers only with pages. */
export const pageResponses = {
  200: html("The page"),
  303: elsewhere,
  ...refusalResponses,
} as const;

/** The schema of a page's route. */
export const pageSchema = (summary: string) => ({ summary, response: pageResponses });
