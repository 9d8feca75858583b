import { Problem } from "../../sandbox/problem";
import { poolOf } from "../token/pool";
import type { Questions } from "../token/questions";
import { signIn } from "../token/sign-in";
import type { Stage } from "./stage";

/** A token is not used any more when it ends within this time. */
const MARGIN_MS = 60_000;

/** Asks who signs in, as far as it is not known, and answers what gives a token that holds. */
export async function signedIn(stage: Stage, questions: Questions): Promise<() => Promise<string>> {
  const pool = poolOf(stage.stack);
  const email = (stage.email ??= await questions.ask("E-mail address"));
  const password = stage.password ?? (await questions.ask("Password", { hidden: true }));
  const first = await signIn(pool, {
    ...{ email, password, code: () => questions.ask("Code of the authenticator app") },
  });
  let token = Promise.resolve(first);
  return async () => {
    if (endOf(await token) - MARGIN_MS < Date.now())
      token = signIn(pool, { email, password, code: () => Promise.reject(new Problem(TOO_LONG)) });
    return token;
  };
}

const TOO_LONG =
  "The token has ended, and the next one takes another code: verify in parts by --only, or with somebody without an authenticator app.";

function endOf(token: string): number {
  const claims = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as { exp: number };
  return claims.exp * 1000;
}
