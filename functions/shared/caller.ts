import { ApiReply, ApiRequest, refusal } from "./http";

/** The verified token's claims, as API Gateway's authorizer passes them on. */
export type TokenClaims = Record<string, unknown>;

export const claimsOf = (request: ApiRequest): TokenClaims =>
  request.requestContext?.authorizer?.claims ?? {};

/** API Gateway passes a list of groups on as one string with commas; other gateways use brackets, or a list. */
export function groupsIn(claims: TokenClaims): string[] {
  const groups = claims["cognito:groups"] ?? "";
  return Array.isArray(groups)
    ? groups.map(String)
    : String(groups)
        .replace(/^\[|\]$/g, "")
        .split(/[\s,]/)
        .filter(Boolean);
}

export interface Caller {
  id: string;
  groups: string[];
}

export function callerOf(request: ApiRequest): Caller {
  const claims = claimsOf(request);
  return { id: String(claims["sub"] ?? ""), groups: groupsIn(claims) };
}

/** Why the caller may not: nobody is signed in, or a required group is missing. */
export function refuseCaller(caller: Caller, group: string | undefined): ApiReply | undefined {
  if (!caller.id) return refusal(401, "Sign in first.");
  if (group && !caller.groups.includes(group))
    return refusal(403, `This takes a member of the group ${group}.`);
  return undefined;
}
