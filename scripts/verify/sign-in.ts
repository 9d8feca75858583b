import { Problem } from "../../sandbox/problem";
import { type Pool, poolOf } from "../token/pool";
import type { Questions } from "../token/questions";
import { signIn } from "../token/sign-in";
import type { Stage } from "./stage";

/** A token that expires within this time is no longer used. */
const MARGIN_MS = 60_000;

export interface Tokens {
  /** An id token of the signed-in person. */
  token(): Promise<string>;
  /** For somebody who may roll back, if there is one. */
  adminToken(): Promise<string>;
}

const nobody = () => Promise.reject(new Problem("the stack has no user pool"));
export const NOBODY: Tokens = { token: nobody, adminToken: nobody };

/** Asks who signs in, unless that is known. */
export async function signedIn(stage: Stage, questions: Questions): Promise<Tokens> {
  const pool = poolOf(stage.stack);
  const email = (stage.email ??= await questions.ask("E-mail address"));
  const password = stage.password ?? (await questions.ask("Password", { hidden: true }));
  const code = () => questions.ask("Code of the authenticator app");
  const first = await signIn(pool, { email, password, code });
  const token = keptToken(pool, { email, password }, first);
  if (!stage.admin) return { token, adminToken: token };
  return { token, adminToken: keptToken(pool, stage.admin) };
}

/** Returns a valid token: the same one until it is about to expire. */
export function keptToken(
  pool: Pool,
  person: { email: string; password: string },
  first?: string,
): Tokens["token"] {
  const code = () => Promise.reject(new Problem(TOO_LONG));
  let token = first === undefined ? undefined : Promise.resolve(first);
  return async () => {
    if (token === undefined || endOf(await token) - MARGIN_MS < Date.now())
      token = signIn(pool, { ...person, code });
    return token;
  };
}

const TOO_LONG =
  "The token has expired, and a new one needs another code: verify in parts with --only, or sign in as somebody without an authenticator app.";

function endOf(token: string): number {
  const claims = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as { exp: number };
  return claims.exp * 1000;
}
