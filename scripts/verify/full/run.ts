import "../../lean-pulumi.cjs";
import { randomBytes } from "node:crypto";
import { messageOf } from "../../../sandbox/problem";
import { poolOf } from "../../token/pool";
import { askAll, lineOf, notAsked, outcome, usdOf } from "../asked";
import { contextOf } from "../context";
import { interruption } from "../interruption";
import { Made } from "../made";
import type { Options } from "../options";
import type { Promised } from "../promised";
import type { Report, Seen } from "../report";
import { keptToken, NOBODY, type Tokens } from "../sign-in";
import { type Stage, stageOf } from "../stage";
import { emptyStack } from "./empty-stack";
import { firstPerson } from "./first-person";
import { monthlyUsd } from "./price";
import { answers, around, down, flip, type Part, up, type Whole } from "./promises";
import type { SettingsFile } from "./settings-file";

type Say = (line: string) => void;
type Found = Pick<Report, "promises" | "removed" | "stays">;

const HOURS_OF_A_MONTH = 730;
const aSecondOf = (monthly: number) => monthly / HOURS_OF_A_MONTH / 3_600;

/** A run that creates a stack, checks it, and destroys it. */
export class FromNothing {
  private readonly parts: Part[];

  private constructor(
    private readonly options: Options,
    private readonly promises: Promised[],
    private readonly file: SettingsFile,
    private readonly price: { region: string; monthly: number },
  ) {
    this.parts = around(promises);
  }

  /** Refuses a stack that may not come and go. */
  static async of(options: Options, promises: Promised[]): Promise<FromNothing> {
    const file = await emptyStack(options);
    return new FromNothing(options, promises, file, await monthlyUsd(file.stack, file.config));
  }

  /** What it will do, reported before it starts. */
  get plan(): string[] {
    const { region, monthly } = this.price;
    const seconds = this.parts.reduce((sum, { takes }) => sum + takes.AWS, 0);
    const usd = aSecondOf(monthly) * seconds + this.parts.reduce((sum, one) => sum + one.usd, 0);
    return [
      `Stack ${this.options.stack} in ${region}, FROM NOTHING TO NOTHING, in this order:`,
      ...this.parts.map(({ name }) => `  ${name}`),
      `It takes about ${Math.ceil(seconds / 60)} minutes and costs about ${usd.toFixed(2)} USD, most of it for a stack of ${monthly.toFixed(0)} USD a month (estimated, not measured).`,
      "Ctrl-C takes the stack down early. If the run is killed, the stack stays up: npm run destroy takes it down.",
      ...this.promises.flatMap(({ name, notice }) => (notice ? [`OTHERS NOTICE: ${name}: ${notice}`] : [])),
    ];
  }

  async run(say: Say): Promise<Report> {
    const { stack } = this.options;
    const started = new Date();
    const signal = interruption(() =>
      say(
        `Interrupted: taking the stack down. Another Ctrl-C leaves that to npm run destroy -- --stack ${stack}`,
      ),
    );
    const found = await this.carriedOut(say, signal);
    this.file.restore();
    const seconds = (Date.now() - started.getTime()) / 1000;
    const usd = usdOf(this.parts, found.promises) + aSecondOf(this.price.monthly) * seconds;
    const interrupted = signal.aborted;
    return { target: "AWS", stack, started: started.toISOString(), seconds, usd, interrupted, ...found };
  }

  private async carriedOut(say: Say, signal: AbortSignal): Promise<Found> {
    const whole: Whole = { run: randomBytes(6).toString("hex"), file: this.file, signal };
    const asPromise = (part: Part): Promised => ({ ...part, run: (context) => part.run(context, whole) });
    const bare = { target: "AWS" as const, stack: this.options.stack, url: "", outputs: {} };
    const alone = async (part: Part, ending: AbortSignal): Promise<Seen> => {
      const stage: Stage = { ...bare, region: this.price.region };
      const context = contextOf({ stage, made: new Made(), tokens: NOBODY, say, signal: ending });
      const seen = await outcome(asPromise(part), context, ending);
      say(lineOf(seen));
      return seen;
    };
    const inner = [asPromise(answers), ...this.promises, asPromise(flip)];
    const first = await alone(up, signal);
    const between = first.state === "kept" ? await this.askedWithin(inner, say, signal) : nothingOf(inner);
    // Whatever came before, and even after an interruption.
    const last = await alone(down, new AbortController().signal);
    // What nobody can remove from a stack has gone with it.
    const stays = last.state === "kept" ? [] : between.stays;
    return { promises: [first, ...between.promises, last], removed: between.removed, stays };
  }

  /** Checks the stack that is up now. A failure to check it does not prevent its destruction. */
  private async askedWithin(inner: Promised[], say: Say, signal: AbortSignal): Promise<Found> {
    try {
      const stage = await stageOf(this.options);
      const tokens = stage.outputs["userPoolId"] ? await tokensOf(stage, this.options.email!) : NOBODY;
      return await askAll(inner, { stage, tokens, say, signal });
    } catch (error) {
      const why = messageOf(error);
      say(`The stack could not be checked: ${why}`);
      const broken = inner.map((one): Seen => ({ ...notAsked(one, why), state: "broken" }));
      return { promises: broken, removed: [], stays: [] };
    }
  }
}

const nothingOf = (promises: Promised[]): Found => ({
  promises: promises.map((one) => notAsked(one, "the stack did not come up")),
  ...{ removed: [], stays: [] },
});

async function tokensOf(stage: Stage, email: string): Promise<Tokens> {
  const token = keptToken(poolOf(stage.stack), { email, password: await firstPerson(stage, email) });
  return { token, adminToken: token };
}
