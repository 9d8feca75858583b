import { claimsOf, groupsIn, TokenClaims } from "../shared/caller";
import type { ApiReply } from "../shared/http";
import { refuse } from "./admit";
import type { RouteRequest } from "./context";
import { log } from "./journal";
import { Caller, quotaIn } from "./project";

/** Has a request answered, once it is known who asks. What breaks meanwhile is logged, and told by a sentence. */
export async function answering(
  request: RouteRequest,
  adminGroup: string,
  answer: (caller: Caller) => Promise<ApiReply>,
): Promise<ApiReply> {
  const claims = claimsOf(request);
  // It names no unit and no quota. API Gateway itself lets none in where no scopes are asked for; an emulator may.
  if (claims["token_use"] === "access")
    return refuse(401, "token", "Send the id token of the user pool: an access token does not say who asks.");
  try {
    return await answer(callerFrom(claims, adminGroup));
  } catch (error) {
    log(`${request.httpMethod} ${request.resource}`, request.pathParameters?.["id"] ?? "", error);
    return refuse(503, "unavailable", "This could not be done now; try again.");
  }
}

/** Unit and quota are the pool's custom attributes, which only admins write. */
function callerFrom(claims: TokenClaims, adminGroup: string): Caller {
  return {
    sub: String(claims["sub"] ?? ""),
    email: String(claims["email"] ?? ""),
    unit: String(claims["custom:BusinessUnit"] ?? ""),
    quotaCents: quotaIn(claims["custom:Quota"]),
    admin: groupsIn(claims).includes(adminGroup),
  };
}
