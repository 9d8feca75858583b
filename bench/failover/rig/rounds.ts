import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../../../components/database/agent/config";
import { Fault, faults } from "./faults";
import { Rig } from "./rig";

export interface Round {
  fault: string;
  outageMs: number;
}

export interface Rounds {
  rounds: Round[];
  acknowledged: number;
  lost: number;
  twice: number;
  overlaps: number;
  postmasters: number;
}

/** Strikes with one fault after the other; throws in the round that lost a write, wrote one twice, or saw two PostgreSQL. */
export async function play(
  rig: Rig,
  plan: Fault[],
  seed: number,
  onRound: (round: Round, number: number) => void = () => {},
): Promise<Rounds> {
  const random = generator(seed);
  const rounds: Round[] = [];
  for (const fault of plan) {
    const { active, passive } = await rig.sides();
    await rig.ledger.until("a write before the fault", () => true);
    await sleep(200 + random() * 800);
    const from = monotonicMs();
    try {
      await fault.strike(rig, active, passive);
      const over = monotonicMs();
      await rig.ledger.until(`a write after "${fault.name}"`, (ack) => ack.at > over);
      // A node that is told late may still take PostgreSQL away: what counts is a node that stays.
      await rig.heal();
      await rig.ledger.until(`a write after the healing of "${fault.name}"`, (ack) => ack.at > over);
      const round = { fault: fault.name, outageMs: rig.ledger.gap(from, monotonicMs()) };
      rounds.push(round);
      const audit = await rig.audit();
      if (audit.lost.length + audit.twice.length + audit.overlaps > 0)
        throw new Error(`lost ${audit.lost.length}, twice ${audit.twice.length}, overlaps ${audit.overlaps}`);
      onRound(round, rounds.length);
    } catch (error) {
      throw new Error(`round ${rounds.length + 1}, ${fault.name}, seed ${seed}: ${(error as Error).message}`);
    }
  }
  const audit = await rig.audit(true);
  return {
    rounds,
    acknowledged: audit.acknowledged,
    lost: audit.lost.length,
    twice: audit.twice.length,
    overlaps: audit.overlaps,
    postmasters: rig.storage.postmasters().length,
  };
}

/** `count` faults in an order that the seed decides; every kind comes before any comes again. */
export function draw(count: number, seed: number): Fault[] {
  const random = generator(seed);
  const plan: Fault[] = [];
  while (plan.length < count) {
    const deck = [...faults];
    while (deck.length > 0 && plan.length < count)
      plan.push(...deck.splice(Math.floor(random() * deck.length), 1));
  }
  return plan;
}

export function generator(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
