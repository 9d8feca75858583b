import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { Figure, median, rounded } from "../figure";
import { installPeers } from "../peers";
import { Report } from "./report";

const ROUNDS = 5;
const ROOT = path.join(__dirname, "../..");
const PEERS = path.join(__dirname, "peers");

/** What is run in turns, each in a fresh process under the same TypeScript compiler. */
const CONTESTANTS = {
  whole: ["ours.ts", "whole"],
  slice: ["ours.ts", "network-web"],
  cdk: ["cdk.ts"],
} as const;
type Contestant = keyof typeof CONTESTANTS;
type Round = Report & { seconds: number };

function measure(contestant: Contestant): Round {
  const [file, ...args] = CONTESTANTS[contestant];
  const begun = process.hrtime.bigint();
  const child = spawnSync(
    process.execPath,
    ["-r", path.join(ROOT, "scripts/loader.cjs"), path.join(__dirname, file), ...args],
    { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  if (child.status !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${child.status}`);
  return { seconds, ...(JSON.parse(child.stdout.trim().split("\n").pop()!) as Report) };
}

function tell(contestant: Contestant, rounds: Round[]): void {
  const of = (key: keyof Round) => rounds.map((round) => round[key]);
  console.log(
    `${contestant.padEnd(6)} ${rounds[0]!.resources} resources: median ${rounded(median(of("seconds")))} s, worst ${rounded(Math.max(...of("seconds")))} s; ` +
      `CPU ${rounded(median(of("cpuSeconds")))} s; peak ${rounded(Math.max(...of("peakMiB")))} MiB`,
  );
}

export const about =
  "time and memory of the whole prod program under mocks, beside aws-cdk-lib's synth [rounds]";

export async function run([rounds = String(ROUNDS)]: string[]): Promise<Figure[]> {
  const peers = installPeers(PEERS);
  console.log(`aws-cdk-lib ${peers["aws-cdk-lib"]}; ${rounds} rounds in turns, after one to warm the disk`);
  const results: Record<Contestant, Round[]> = { whole: [], slice: [], cdk: [] };
  const contestants = Object.keys(CONTESTANTS) as Contestant[];
  contestants.forEach(measure);
  for (let round = 0; round < Number(rounds); round++)
    for (const contestant of contestants) results[contestant].push(measure(contestant));
  contestants.forEach((contestant) => tell(contestant, results[contestant]));
  return figures(results);
}

function figures({ whole, slice, cdk }: Record<Contestant, Round[]>): Figure[] {
  const seconds = (rounds: Round[]) => median(rounds.map((r) => r.seconds));
  const perResource = (rounds: Round[]) => (1_000 * seconds(rounds)) / rounds[0]!.resources;
  const cpu = (rounds: Round[]) => median(rounds.map((r) => r.cpuSeconds));
  const peak = (rounds: Round[]) => Math.max(...rounds.map((r) => r.peakMiB));
  const peerName = "aws-cdk-lib";
  const beside = (figure: string, goal: string, ours: number, peer: number): Figure => ({
    bench: "program",
    figure,
    ours: rounded(ours),
    peer: rounded(peer),
    peerName,
    ratio: rounded(ours / peer),
    goal,
  });
  const alone = (figure: string, goal: string, ours: number): Figure => ({
    bench: "program",
    figure,
    ours: rounded(ours),
    goal,
  });
  return [
    alone("whole prod program, seconds", "<= 3", seconds(whole)),
    alone("whole prod program, CPU seconds", "none", cpu(whole)),
    alone("whole prod program, peak MiB", "<= 350", peak(whole)),
    beside(
      "network and web tier, milliseconds a resource",
      "ratio <= 0.333",
      perResource(slice),
      perResource(cdk),
    ),
    beside("network and web tier, seconds", "ratio <= 1", seconds(slice), seconds(cdk)),
    beside("network and web tier, peak MiB", "ratio <= 1", peak(slice), peak(cdk)),
  ];
}
