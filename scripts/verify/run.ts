// npm run verify -- --stack STACK: checks what a running stack promises.
import { Problem } from "../../sandbox/problem";
import { runCommand } from "../command";
import { Questions } from "../token/questions";
import { askAll, usdOf } from "./asked";
import { interruption } from "./interruption";
import { Options, readOptions, USAGE } from "./options";
import { planOf } from "./plan";
import type { Promised } from "./promised";
import { PROMISES } from "./promises";
import { isGood, Report, summaryOf, writeReport } from "./report";
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
    throw new Problem(named.map((one) => `${one.name}: checked only with --${one.by}.`).join("\n"));
  return asked;
}

async function verify(options: Options): Promise<number> {
  const promises = chosen(options);
  if (options.full) return fromNothing(options, promises);
  const stage = await stageOf(options);
  for (const line of planOf(stage, promises)) say(line);
  const questions = new Questions();
  let tokens: Tokens = NOBODY;
  try {
    if (!options.yes && !(await agreed(questions))) {
      say("Nothing was checked.");
      return 1;
    }
    if (stage.outputs["userPoolId"]) tokens = await signedIn(stage, questions);
  } finally {
    questions.close();
  }
  return ending(await asked(stage, promises, tokens), options);
}

async function fromNothing(options: Options, promises: Promised[]): Promise<number> {
  // Only this branch loads Pulumi, which takes seconds; import() would bypass our loader.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { FromNothing } = require("./full/run") as typeof import("./full/run");
  const whole = await FromNothing.of(options, promises);
  for (const line of whole.plan) say(line);
  const questions = new Questions();
  try {
    if (!options.yes && !(await agreed(questions))) {
      say("Nothing was created.");
      return 1;
    }
  } finally {
    questions.close();
  }
  return ending(await whole.run(say), options);
}

async function agreed(questions: Questions): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Problem("Nobody is there to answer: use --yes to begin without a question.");
  return /^y(es)?$/i.test(await questions.ask("\nBegin? (yes/no)"));
}

async function asked(stage: Stage, promises: Promised[], tokens: Tokens): Promise<Report> {
  const started = new Date();
  const signal = interruption(() => say("Interrupted: removing what was created. Another Ctrl-C leaves it."));
  const seen = await askAll(promises, { stage, tokens, say, signal });
  return {
    ...{ target: stage.target, stack: stage.stack, started: started.toISOString() },
    seconds: (Date.now() - started.getTime()) / 1000,
    usd: stage.target === "AWS" ? usdOf(promises, seen.promises) : 0,
    ...{ interrupted: signal.aborted, ...seen },
  };
}

/** Reports the result, and returns the exit code. */
function ending(report: Report, { report: folder }: Options): number {
  say("");
  for (const line of summaryOf(report)) say(line);
  if (folder) for (const file of writeReport(folder, report)) say(`written: ${file}`);
  if (report.interrupted) return 130;
  return isGood(report) ? 0 : 1;
}

runCommand({
  usage: USAGE,
  run: (args) => verify(readOptions(args)),
  failed: "The stack could not be verified",
});
