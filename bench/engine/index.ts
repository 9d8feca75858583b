import * as path from "node:path";
import { Ended, Engine, officialCli, startEngine } from "../../test/engine/stack";
import { Figure, median, rounded } from "../figure";

const ROUNDS = 5;
const PACK = ["--policy-pack", path.join(__dirname, "../../policies")];

export const about =
  "seconds of a preview under the official engine with an instant stand-in for AWS, beside an empty program [rounds]";

/** What is run in turns; whatever was compiled before is kept, as it is for a person. */
const CONTESTANTS = {
  empty: ({ empty }) => empty.pulumi("preview"),
  dev: ({ dev }) => dev.pulumi("preview"),
  "dev, with the policy pack": ({ dev }) => dev.pulumi("preview", ...PACK),
  "dev, by npm run preview": ({ dev }) => dev.npmRun("preview"),
  prod: ({ prod }) => prod.pulumi("preview"),
  "prod, with the policy pack": ({ prod }) => prod.pulumi("preview", ...PACK),
} satisfies Record<string, (engines: Engines) => Promise<Ended>>;
type Contestant = keyof typeof CONTESTANTS;
type Engines = Record<"empty" | "dev" | "prod", Engine>;
type Results = Record<Contestant, number[]>;

export async function run([rounds = String(ROUNDS)]: string[]): Promise<Figure[]> {
  const cli = officialCli();
  if (!cli)
    throw new Error(
      "There is no official Pulumi CLI here, so nothing can be measured: where the internet is, npm run preview fetches it.",
    );
  const started: Engine[] = [];
  const start = async (name: string, project?: string) => {
    const engine = await startEngine(cli, name, { project });
    started.push(engine);
    return engine;
  };
  try {
    const engines = {
      empty: await start("empty", path.join(__dirname, "empty")),
      dev: await start("dev"),
      prod: await start("prod"),
    };
    console.log(
      `Pulumi ${await engines.dev.version()}; ${rounds} rounds in turns, after one to warm the disk`,
    );
    return figures(await measure(engines, Number(rounds)));
  } finally {
    await Promise.all(started.map((engine) => engine.close()));
  }
}

async function measure(engines: Engines, rounds: number): Promise<Results> {
  const contestants = Object.keys(CONTESTANTS) as Contestant[];
  const results = Object.fromEntries(contestants.map((one) => [one, [] as number[]])) as Results;
  for (let round = 0; round <= rounds; round++)
    for (const contestant of contestants) {
      const seconds = await preview(contestant, engines);
      if (round > 0) results[contestant].push(seconds);
    }
  for (const one of contestants)
    console.log(
      `${one.padEnd(28)} median ${rounded(median(results[one]))} s, worst ${rounded(Math.max(...results[one]))} s`,
    );
  return results;
}

async function preview(contestant: Contestant, engines: Engines): Promise<number> {
  const begun = performance.now();
  const { code, output } = await CONTESTANTS[contestant](engines);
  if (code !== 0) throw new Error(`the preview of ${contestant} ended with ${code}:\n${output}`);
  return (performance.now() - begun) / 1_000;
}

function figures(results: Results): Figure[] {
  const seconds = (contestant: Contestant) => median(results[contestant]);
  const previewed = (contestant: Contestant, goal: string): Figure => ({
    bench: "engine",
    figure: `preview of ${contestant}, seconds`,
    ours: rounded(seconds(contestant)),
    peer: rounded(seconds("empty")),
    peerName: "empty program",
    ratio: rounded(seconds(contestant) / seconds("empty")),
    goal,
  });
  /** Neighbours in time are compared. */
  const more = (stack: "dev" | "prod"): Figure => ({
    bench: "engine",
    figure: `the policy pack at ${stack}, seconds more`,
    ours: rounded(median(results[`${stack}, with the policy pack`].map((s, i) => s - results[stack][i]!))),
    goal: "<= 4",
  });
  return [
    previewed("dev", "<= 10"),
    previewed("prod", "<= 12"),
    more("dev"),
    more("prod"),
    previewed("dev, by npm run preview", "none"),
  ];
}
