import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../../../functions/database/agent/config";
import type { Fault } from "./fault";
import { faults } from "./faults";
import { Rig } from "./rig";

export interface Round {
  fault: string;
  /** Without writes for a client that speaks to PostgreSQL itself. */
  outageMs: number;
  /** Without users added by the web app. */
  webOutageMs: number;
}

/** What was seen up to now. */
export interface Totals {
  acknowledged: number;
  acknowledgedByWeb: number;
  postmasters: number;
  healthyStopped: number;
}

export interface Rounds {
  rounds: Round[];
  acknowledged: number;
  acknowledgedByWeb: number;
  lost: number;
  twice: number;
  overlaps: number;
  postmasters: number;
  healthyStopped: number;
}

/** Strikes with one fault after the other; throws in the round that lost a write, wrote one twice, or saw two PostgreSQL. */
export async function play(
  rig: Rig,
  plan: Fault[],
  seed: number,
  onRound: (round: Round, number: number, totals: Totals) => void = () => {},
): Promise<Rounds> {
  const random = generator(seed);
  const rounds: Round[] = [];
  const totals: Totals = { acknowledged: 0, acknowledgedByWeb: 0, postmasters: 0, healthyStopped: 0 };
  for (const fault of plan) {
    try {
      const { active, passive } = await rig.sides();
      await written(rig, "before the fault", -Infinity);
      await sleep(200 + random() * 800);
      const from = monotonicMs();
      await fault.strike(rig, active, passive);
      const over = monotonicMs();
      await written(rig, `after "${fault.name}"`, over);
      // A node that is told late may still take PostgreSQL away: what counts is a node that stays.
      await rig.heal();
      await written(rig, `after the healing of "${fault.name}"`, over);
      const to = monotonicMs();
      const outageMs = rig.ledger.gap(from, to);
      const round = { fault: fault.name, outageMs, webOutageMs: rig.web.gap(from, to) };
      rounds.push(round);
      const audit = await rig.audit();
      if (audit.lost.length + audit.twice.length + audit.overlaps > 0)
        throw new Error(`lost ${audit.lost.length}, twice ${audit.twice.length}, overlaps ${audit.overlaps}`);
      totals.acknowledged += audit.acknowledged;
      totals.acknowledgedByWeb += audit.acknowledgedByWeb;
      if (audit.healthyStopped > totals.healthyStopped) rig.keepLogs(`stopped-${seed}-${rounds.length}`);
      totals.healthyStopped = audit.healthyStopped;
      totals.postmasters = rig.storage.postmasters().length;
      onRound(round, rounds.length, totals);
    } catch (error) {
      const logs = rig.keepLogs(`failed-${seed}`);
      const where = `round ${rounds.length + 1}, ${fault.name}, seed ${seed}, logs in ${logs}`;
      throw new Error(`${where}: ${(error as Error).message}\n${rig.lastLines()}`);
    }
  }
  const audit = await rig.audit(true);
  return {
    rounds,
    acknowledged: audit.acknowledged,
    acknowledgedByWeb: audit.acknowledgedByWeb,
    lost: audit.lost.length,
    twice: audit.twice.length,
    overlaps: audit.overlaps,
    healthyStopped: audit.healthyStopped,
    postmasters: rig.storage.postmasters().length,
  };
}

/** Waits until both writers have been told of a write from after this moment. */
async function written(rig: Rig, when: string, after: number): Promise<void> {
  await Promise.all([
    rig.ledger.until(`a write ${when}`, (ack) => ack.at > after),
    rig.web.until(`a write of the web app ${when}`, (ack) => ack.at > after),
  ]);
}

/** `count` faults in an order that the seed decides; every kind comes before any comes again. */
export function draw(count: number, seed: number, from = faults): Fault[] {
  const random = generator(seed);
  const plan: Fault[] = [];
  while (plan.length < count) {
    const deck = [...from];
    while (deck.length > 0 && plan.length < count)
      plan.push(...deck.splice(Math.floor(random() * deck.length), 1));
  }
  return plan;
}

function generator(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
