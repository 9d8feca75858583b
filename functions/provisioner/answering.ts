import { claimsOf, groupsIn, TokenClaims } from "../shared/caller";
import type { ApiReply } from "../shared/http";
import { refuse } from "./admit";
import type { RouteRequest } from "./context";
import { log } from "./journal";
import { Caller, quotaIn } from "./project";

/** Answers a request once the caller is known. An unexpected error is logged, and the caller gets one general sentence. */
export async function answering(
  request: RouteRequest,
  adminGroup: string,
  answer: (caller: Caller) => Promise<ApiReply>,
): Promise<ApiReply> {
  const claims = claimsOf(request);
  // The token names no unit and no quota. API Gateway itself refuses such tokens if no scopes are required; an emulator may not.
  if (claims["token_use"] === "access")
    return refuse(401, "token", "Send the id token of the user pool: an access token does not say who asks.");
  try {
    return await answer(callerFrom(claims, adminGroup));
  } catch (error) {
    log(`${request.httpMethod} ${request.resource}`, request.pathParameters?.["id"] ?? "", error);
    return refuse(503, "unavailable", "This could not be done now; try again.");
  }
}

/** Unit and quota are custom attributes of the pool, which only admins can write. */
function callerFrom(claims: TokenClaims, adminGroup: string): Caller {
  return {
    sub: String(claims["sub"] ?? ""),
    email: String(claims["email"] ?? ""),
    unit: String(claims["custom:BusinessUnit"] ?? ""),
    quotaCents: quotaIn(claims["custom:Quota"]),
    admin: groupsIn(claims).includes(adminGroup),
  };
}
