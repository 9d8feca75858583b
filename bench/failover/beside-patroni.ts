import { Figure, median } from "../figure";
import { faults } from "../../test/rig/failover/faults";
import type { Rig } from "../../test/rig/failover/rig";
import { play } from "../../test/rig/failover/rounds";
import { installPeers, Peers } from "./peers/install";
import { patroni, Seen, Setting } from "./peers/patroni";
import { seconds, withRig } from "./with-rig";

/** So many rounds of one, then of the next: what else the machine does strikes all of them. */
const inARow = 5;

const peerNames: Record<Setting, string> = {
  default: "Patroni + etcd, ttl 30, loop 10, retry 10",
  fastest: "Patroni + etcd, ttl 20, loop 1, retry 3",
};

/** A host killed, `count` times of each, in turns: ours, Patroni at its defaults and at its fastest legal setting. It replicates, we share storage. */
export async function besidePatroni(make: () => Rig, count: number, seed: number): Promise<Figure[]> {
  const peers = installPeers();
  if (typeof peers === "string") {
    console.log(`Patroni is left out: ${peers}`);
    return [];
  }
  const ours = nothingSeen();
  const theirs: Record<Setting, Seen> = { default: nothingSeen(), fastest: nothingSeen() };
  for (let done = 0; done < count; done += inARow) {
    const rounds = Math.min(inARow, count - done);
    add(ours, await own(make(), rounds, seed + done));
    // A peer that never recovers must not cost what was measured.
    const failed = await turn(peers, theirs, rounds).catch((error: Error) => error);
    if (!failed) continue;
    console.log(`Patroni is left out from here on: ${failed.message}`);
    break;
  }
  return figures(ours, theirs);
}

async function own(rig: Rig, count: number, seed: number): Promise<Seen> {
  const fault = faults.find(({ name }) => name === "host killed")!;
  const plan = Array.from({ length: count }, () => fault);
  const outcome = await withRig(rig, plan, () =>
    play(rig, plan, seed, ({ outageMs }, i) =>
      console.log(`ours, ${i} of ${count}: ${Math.round(outageMs)} ms`),
    ),
  );
  const times = outcome.rounds.map((round) => round.outageMs);
  return { times, acknowledged: outcome.acknowledged + outcome.acknowledgedByWeb, lost: outcome.lost };
}

async function turn(peers: Peers, theirs: Record<Setting, Seen>, rounds: number): Promise<void> {
  for (const setting of ["default", "fastest"] as const)
    add(theirs[setting], await patroni(peers, setting, rounds));
}

function figures(ours: Seen, theirs: Record<Setting, Seen>): Figure[] {
  const bench = "failover";
  return (["default", "fastest"] as const).flatMap((setting) => {
    const peer = theirs[setting];
    if (peer.times.length === 0) return [];
    const of = `host killed, in turns with the peer (n=${ours.times.length}, ${peer.times.length})`;
    const beside = (figure: string, what: (seen: Seen) => number, goal: string): Figure => ({
      ...{ bench, figure: `${of}, ${figure}`, ours: what(ours), peer: what(peer) },
      ...{ peerName: peerNames[setting], ratio: what(ours) / what(peer), goal },
    });
    return [
      beside("without writes, median (s)", ({ times }) => seconds(median(times)), "ratio <= 1"),
      beside("without writes, worst (s)", ({ times }) => seconds(Math.max(...times)), "no promise"),
      { ...beside("acknowledged writes", ({ acknowledged }) => acknowledged, ">= 1"), ratio: null },
      { ...beside("acknowledged writes lost", ({ lost }) => lost, "<= 0"), ratio: null },
    ];
  });
}

const nothingSeen = (): Seen => ({ times: [], acknowledged: 0, lost: 0 });

function add(sum: Seen, { times, acknowledged, lost }: Seen): void {
  sum.times.push(...times);
  sum.acknowledged += acknowledged;
  sum.lost += lost;
}
