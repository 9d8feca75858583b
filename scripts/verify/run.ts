// npm run verify -- --stack STACK: asks a running stack for what it promises.
import { stopAsked } from "../../sandbox/ending";
import { Problem } from "../../sandbox/problem";
import { runCommand } from "../command";
import { Questions } from "../token/questions";
import { notAsked, outcome } from "./asked";
import { contextOf } from "./context";
import { Made } from "./made";
import { Options, readOptions, USAGE } from "./options";
import { planOf } from "./plan";
import type { Promised } from "./promised";
import { PROMISES } from "./promises";
import { isGood, Report, Seen, summaryOf, writeReport } from "./report";
import { NOBODY, signedIn, type Tokens } from "./sign-in";
import { Stage, stageOf } from "./stage";

const say = (line: string) => void process.stdout.write(`${line}\n`);

function chosen({ only, slow, faults }: Options): Promised[] {
  const named = PROMISES.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()));
  if (named.length === 0)
    throw new Problem(
      `--only must have words of a promise's name, got ${only}. They are:\n${PROMISES.map(({ name }) => `  ${name}`).join("\n")}`,
    );
  const by = { slow, faults };
  const asked = named.filter((one) => one.by === undefined || by[one.by]);
  if (asked.length === 0)
    throw new Problem(named.map((one) => `${one.name}: asked only with --${one.by}.`).join("\n"));
  return asked;
}

async function verify(options: Options): Promise<number> {
  const promises = chosen(options);
  const stage = await stageOf(options);
  for (const line of planOf(stage, promises)) say(line);
  const questions = new Questions();
  let tokens: Tokens = NOBODY;
  try {
    if (!options.yes && !(await agreed(questions))) {
      say("Nothing was asked.");
      return 1;
    }
    if (stage.outputs["userPoolId"]) tokens = await signedIn(stage, questions);
  } finally {
    questions.close();
  }
  const report = await asked(stage, promises, tokens);
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

async function asked(stage: Stage, promises: Promised[], tokens: Tokens): Promise<Report> {
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
  const context = contextOf({ stage, made, tokens, say, signal: stop.signal });
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

runCommand({
  usage: USAGE,
  run: (args) => verify(readOptions(args)),
  failed: "The stack could not be verified",
});
