/** What the functions behind the pipeline's API read of API Gateway's proxy event. */
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

export function reply(statusCode: number, body: object, headers: Record<string, string> = {}): ApiReply {
  return {
    statusCode,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
    body: JSON.stringify(body),
  };
}

export const refusal = (statusCode: number, message: string, more: object = {}) =>
  reply(statusCode, { message, ...more });

export interface Caller {
  id: string;
  groups: string[];
}

/** Who calls, as the authorizer read it from a verified token. */
export function callerOf(request: ApiRequest): Caller {
  const claims = request.requestContext?.authorizer?.claims ?? {};
  const groups = claims["cognito:groups"] ?? "";
  return {
    id: String(claims["sub"] ?? ""),
    // API Gateway hands a list of groups on as one string with commas; other gateways in brackets, or as a list.
    groups: Array.isArray(groups)
      ? groups.map(String)
      : String(groups)
          .replace(/^\[|\]$/g, "")
          .split(/[\s,]+/)
          .filter(Boolean),
  };
}

/** Why the caller may not: there is nobody, or a demanded group is missing. */
export function refuseCaller(caller: Caller, group: string | undefined): ApiReply | undefined {
  if (!caller.id) return refusal(401, "Sign in first.");
  if (group && !caller.groups.includes(group))
    return refusal(403, `This takes a member of the group ${group}.`);
  return undefined;
}

/** HTTP header names have no case; API Gateway hands them on as they came. */
export function headerOf(request: ApiRequest, name: string): string | undefined {
  const found = Object.entries(request.headers ?? {}).find(
    ([key]) => key.toLowerCase() === name.toLowerCase(),
  );
  return found?.[1] ?? undefined;
}

/** An AWS call failed: the log says how, the caller only that. */
export function refusedByAws(what: string, error: unknown): ApiReply {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  console.error(JSON.stringify({ what, name, message }));
  return refusal(502, `AWS did not ${what}: try again later; the reason is in the function's log.`);
}
