import { parseArgs } from "node:util";
import { missingPython } from "../../sandbox/emulators/install";
import { Figure, median } from "../figure";
import { besidePatroni } from "./beside-patroni";
import { seconds, withRig } from "./with-rig";
import type { Fault } from "../../test/rig/failover/fault";
import { boundedByLease, faults, faultsNamed, knownFaults } from "../../test/rig/failover/faults";
import { Rig } from "../../test/rig/failover/rig";
import { draw, play, Round, Totals } from "../../test/rig/failover/rounds";
import { missing, missingForMountDaemons } from "../../test/rig/failover/shell";
import { zoneStorageFaults } from "../../test/rig/failover/zone-storage-faults";

export const about =
  "Time without writes when a database host, its PostgreSQL or its network fails; beside Patroni + etcd (--per-fault N, --faults A,B, --rounds N, --seed N, --peer-rounds N, --no-peers, --lease-seconds N, --ec2-seconds N)";

export async function run(words: string[]): Promise<Figure[]> {
  const { values } = parseArgs({
    args: words,
    options: {
      "per-fault": { type: "string", default: "20" },
      faults: { type: "string" },
      rounds: { type: "string" },
      "peer-rounds": { type: "string", default: "5" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      "no-peers": { type: "boolean", default: false },
      "lease-seconds": { type: "string", default: "2" },
      "ec2-seconds": { type: "string", default: "0" },
    },
  });
  const reason = missing() ?? (await missingPython());
  if (reason) throw new Error(`bench failover cannot run here: ${reason}`);
  const seed = whole("seed", values.seed);
  const chosen = values.faults ? possible(faultsNamed(values.faults.split(","))) : faults;
  const leaseMs = 1000 * whole("lease-seconds", values["lease-seconds"]);
  const ec2Seconds = whole("ec2-seconds", values["ec2-seconds"]);
  const rig = new Rig(leaseMs, 1000 * ec2Seconds);
  // A tenth of a lease is the margin between two clocks.
  const later = (1.1 * (leaseMs - 2000)) / 1000 + ec2Seconds;
  if (values.rounds) return chaos(rig, draw(whole("rounds", values.rounds), seed, chosen), seed, later);
  const count = whole("per-fault", values["per-fault"]);
  const peerRounds = whole("peer-rounds", values["peer-rounds"]);
  const ours = await outages(rig, chosen, { count, seed, later });
  if (values["no-peers"] || !chosen.some(({ name }) => name === "host killed")) return ours;
  const make = () => new Rig(leaseMs, 1000 * ec2Seconds);
  return [...ours, ...(await besidePatroni(make, peerRounds, seed))];
}

/** Without those that need what this machine lacks. */
function possible(wanted: Fault[]): Fault[] {
  const lack = missingForMountDaemons();
  const left = lack ? wanted.filter((fault) => !zoneStorageFaults.includes(fault)) : wanted;
  if (left.length === 0) throw new Error(`bench failover cannot strike with these faults here: ${lack}`);
  for (const fault of wanted) if (!left.includes(fault)) console.log(`${fault.name} is left out: ${lack}`);
  return left;
}

function whole(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} must be a whole number, got ${text}`);
  return Number(text);
}

const bench = "failover";
const alone = (figure: string, ours: number, goal: string): Figure => ({
  ...{ bench, figure, ours, goal },
  ...{ peer: null, peerName: null, ratio: null },
});

/** One line a round, with all that was seen up to there: a run that is cut off counts as far as it came. */
const report = (count: number) => (round: Round, i: number, totals: Totals) =>
  console.log(
    `${i} of ${count}: ${round.fault}: ${seconds(round.outageMs)} s, by the web app ${seconds(round.webOutageMs)} s; so far ` +
      `${totals.acknowledged} + ${totals.acknowledgedByWeb} acknowledged, 0 lost, 0 twice, ${totals.postmasters} starts, 0 overlaps, ` +
      `${totals.healthyStopped} healthy hosts stopped`,
  );

async function chaos(rig: Rig, plan: Fault[], seed: number, later: number): Promise<Figure[]> {
  const outcome = await withRig(rig, plan, () => play(rig, plan, seed, report(plan.length)));
  return [
    alone(`rounds of faults, seed ${seed}`, outcome.rounds.length, `>= ${plan.length}`),
    alone("acknowledged writes", outcome.acknowledged, ">= 1"),
    alone("acknowledged writes by the web app", outcome.acknowledgedByWeb, ">= 1"),
    alone("acknowledged writes lost", outcome.lost, "<= 0"),
    alone("writes twice", outcome.twice, "<= 0"),
    alone("starts of PostgreSQL", outcome.postmasters, ">= 1"),
    alone("starts of PostgreSQL beside another one", outcome.overlaps, "<= 0"),
    alone("healthy hosts stopped", outcome.healthyStopped, "<= 0"),
    ...byFault(outcome.rounds, later),
  ];
}

async function outages(
  rig: Rig,
  chosen: Fault[],
  { count, seed, later }: { count: number; seed: number; later: number },
): Promise<Figure[]> {
  const plan = chosen.flatMap((fault) => Array.from({ length: count }, () => fault));
  if (plan.length === 0) return [];
  const outcome = await withRig(rig, plan, () => play(rig, plan, seed, report(plan.length)));
  return byFault(outcome.rounds, later);
}

function byFault(rounds: Round[], later: number): Figure[] {
  return knownFaults.flatMap((fault) => {
    const own = rounds.filter((r) => r.fault === fault.name);
    if (own.length === 0) return [];
    const times = own.map((r) => r.outageMs);
    const byWeb = own.map((r) => r.webOutageMs);
    const of = `${fault.name}, without writes (s, n=${times.length})`;
    return [
      alone(`${of}, median`, seconds(median(times)), goalOf(fault, "median", later)),
      alone(`${of}, worst`, seconds(Math.max(...times)), goalOf(fault, "worst", later)),
      alone(`${of}, by the web app, median`, seconds(median(byWeb)), "no promise"),
      alone(`${of}, by the web app, worst`, seconds(Math.max(...byWeb)), "no promise"),
    ];
  });
}

/** What waits for a lease's end and for EC2 is aimed at as much later. */
function goalOf({ goal }: Fault, of: "median" | "worst", later: number): string {
  if (goal !== boundedByLease) return goal[of];
  return goal[of].replace(/[\d.]+/, (aim) => (Number(aim) + later).toFixed(1));
}
