/** The parts of API Gateway's proxy event that the functions behind our APIs read. */
export interface ApiRequest {
  headers?: Record<string, string | undefined> | null;
  body?: string | null;
  requestContext?: { authorizer?: { claims?: Record<string, unknown> } | null };
}

export interface ApiReply {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export const reply = (statusCode: number, body: object): ApiReply => ({
  statusCode,
  headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
  body: JSON.stringify(body),
});

export const refusal = (statusCode: number, message: string, more: object = {}) =>
  reply(statusCode, { message, ...more });

/** HTTP header names are case-insensitive; API Gateway passes them on as they arrive. */
export function headerOf(request: ApiRequest, name: string): string | undefined {
  const found = Object.entries(request.headers ?? {}).find(
    ([key]) => key.toLowerCase() === name.toLowerCase(),
  );
  return found?.[1] ?? undefined;
}

/** An AWS call failed: the log has the details, and the caller learns only that it failed. */
export function refusedByAws(what: string, error: unknown): ApiReply {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  console.error(JSON.stringify({ what, name, message }));
  return refusal(502, `AWS did not ${what}: try again later; the reason is in the function's log.`);
}
