// npm run verify -- --stack STACK: asks a running stack for what it promises.
import { randomBytes } from "node:crypto";
import { stopAsked } from "../../sandbox/ending";
import { messageOf, Problem, until } from "../../sandbox/problem";
import { runCommand } from "../command";
import { Questions } from "../token/questions";
import { ask } from "./ask";
import { Made } from "./made";
import { Options, readOptions, USAGE } from "./options";
import { planOf } from "./plan";
import { Broken, Context, expectStatus, Promised } from "./promised";
import { PROMISES } from "./promises";
import { isGood, Report, Seen, summaryOf, writeReport } from "./report";
import { signedIn } from "./sign-in";
import { Stage, stageOf } from "./stage";

const say = (line: string) => void process.stdout.write(`${line}\n`);

function chosen({ only, faults }: Options): Promised[] {
  const named = PROMISES.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()));
  if (named.length === 0)
    throw new Problem(
      `--only must have words of a promise's name, got ${only}. They are:\n${PROMISES.map(({ name }) => `  ${name}`).join("\n")}`,
    );
  const asked = named.filter(({ fault }) => faults || !fault);
  if (asked.length === 0)
    throw new Problem(`${named.map(({ name }) => name).join(" and ")}: asked only with --faults.`);
  return asked;
}

async function verify(options: Options): Promise<number> {
  const promises = chosen(options);
  const stage = await stageOf(options);
  for (const line of planOf(stage, promises)) say(line);
  const questions = new Questions();
  let token: () => Promise<string>;
  try {
    if (!options.yes && !(await agreed(questions))) {
      say("Nothing was asked.");
      return 1;
    }
    token = stage.outputs["userPoolId"]
      ? await signedIn(stage, questions)
      : () => Promise.reject(new Problem("the stack has no people"));
  } finally {
    questions.close();
  }
  const report = await asked(stage, promises, token);
  say("");
  for (const line of summaryOf(report)) say(line);
  if (options.report) for (const file of writeReport(options.report, report)) say(`written: ${file}`);
  if (report.interrupted) return 130;
  return isGood(report) ? 0 : 1;
}

async function agreed(questions: Questions): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Problem("There is nobody to ask: --yes begins without a question.");
  return /^y(es)?$/i.test(await questions.ask("\nBegin? (yes/no)"));
}

async function asked(stage: Stage, promises: Promised[], token: () => Promise<string>): Promise<Report> {
  const started = new Date();
  const made = new Made();
  const stop = new AbortController();
  void stopAsked().then(
    () => {
      say("Interrupted: what was made is removed now. Another Ctrl-C leaves it.");
      stop.abort(new Error("interrupted"));
    },
    (error: unknown) => stop.abort(error),
  );
  const context = contextOf(stage, made, token, stop.signal);
  const seen: Seen[] = [];
  for (const promise of promises) {
    const one = stop.signal.aborted
      ? notAsked(promise, "interrupted before")
      : await outcome(promise, context, stop.signal);
    seen.push(one);
    say(`${one.state.padEnd(9)}  ${one.name} (${one.seconds.toFixed(1)} s): ${one.seen}`);
  }
  if (made.count > 0) say(`removing ${made.count} things that were made`);
  const removed = await made.removeAll();
  return {
    ...{ target: stage.target, stack: stage.stack, started: started.toISOString() },
    seconds: (Date.now() - started.getTime()) / 1000,
    usd: stage.target === "AWS" ? usdOf(promises, seen) : 0,
    ...{ interrupted: stop.signal.aborted, promises: seen, removed, stays: made.stays },
  };
}

const usdOf = (promises: Promised[], seen: Seen[]) =>
  promises.reduce((sum, { usd }, index) => sum + (seen[index]!.state === "not asked" ? 0 : usd), 0);

const notAsked = ({ name, expected }: Promised, why: string): Seen => ({
  ...{ name, expected, state: "not asked", seen: why, seconds: 0 },
});

async function outcome(promise: Promised, context: Context, signal: AbortSignal): Promise<Seen> {
  const { name, expected } = promise;
  const missing = promise.missing(context.stage);
  if (missing) return notAsked(promise, missing);
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1000;
  try {
    const seen = await promise.run(context);
    return { name, expected, state: "kept", seen, seconds: seconds() };
  } catch (error) {
    if (signal.aborted) return { ...notAsked(promise, "interrupted"), seconds: seconds() };
    const seen = error instanceof Broken || error instanceof Problem ? error.message : unexpected(error);
    return { name, expected, state: "broken", seen, seconds: seconds() };
  }
}

function unexpected(error: unknown): string {
  if (process.env["DEBUG"] && error instanceof Error) console.error(error.stack);
  const { name = "Error", code } = error as { name?: string; code?: string };
  // A connection that is refused by each of a name's addresses comes without words.
  return messageOf(error) || code || name;
}

function contextOf(stage: Stage, made: Made, token: () => Promise<string>, signal: AbortSignal): Context {
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
    ...{ stage, made, token },
    user: () => (user ??= addUser()),
    say: (line) => say(`           ${line}`),
    until: waits(() => signal.throwIfAborted()),
    untilGone: waits(() => undefined),
  };
}

runCommand({
  usage: USAGE,
  run: (args) => verify(readOptions(args)),
  failed: "The stack could not be verified",
});
