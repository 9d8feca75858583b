import { randomBytes } from "node:crypto";
import { until } from "../../sandbox/problem";
import { Questions } from "../token/questions";
import { ask } from "./ask";
import type { Made } from "./made";
import { Context, expectStatus, NotAsked } from "./promised";
import type { Tokens } from "./sign-in";
import type { Stage } from "./stage";

interface Surroundings {
  stage: Stage;
  made: Made;
  tokens: Tokens;
  say: (line: string) => void;
  /** Ends what waits. */
  signal: AbortSignal;
}

/** What every promise of a run is checked with. */
export function contextOf({ stage, made, tokens, say, signal }: Surroundings): Context {
  const { token } = tokens;
  let user: Promise<{ username: string; email: string }> | undefined;
  const addUser = async () => {
    const id = randomBytes(4).toString("hex");
    const body = { username: `verify ${id}`, email: `verify-${id}@example.com` };
    const authorization = `Bearer ${await token()}`;
    expectStatus("A new user", await ask(`${stage.url}/users`, { method: "POST", authorization, body }), 201);
    made.stays.push(`the user "${body.username}": the web app has no way to remove one`);
    return body;
  };
  const everyMs = stage.target === "sandbox" ? 200 : 2_000;
  const waits =
    (check: () => void): Context["until"] =>
    async (what, seconds, question) =>
      until(
        what,
        () => {
          check();
          return question();
        },
        { seconds, everyMs },
      );
  return {
    ...{ stage, made, ...tokens, question },
    user: () => (user ??= addUser()),
    say: (line) => say(`           ${line}`),
    until: waits(() => signal.throwIfAborted()),
    untilGone: waits(() => undefined),
  };
}

async function question(what: string): Promise<string> {
  if (!process.stdin.isTTY) throw new NotAsked(`nobody is there to answer: ${what}`);
  const questions = new Questions();
  try {
    return await questions.ask(what);
  } finally {
    questions.close();
  }
}
