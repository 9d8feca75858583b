import { until } from "../../../sandbox/problem";

export interface Ack {
  id: number;
  /** Of the machine's monotonic clock. */
  at: number;
  /** The postmaster that acknowledged it, where the writer can tell. */
  by?: string;
}

/** Long enough for a machine that does much else: what is tested is the outcome, not the time. */
export const patienceMs = 180_000;

/** What a writer was told has been written. */
export class Acks {
  readonly acks: Ack[] = [];

  /** Waits for an acknowledged write from now on that satisfies the condition. */
  until(what: string, condition: (ack: Ack) => boolean, limitMs = patienceMs): Promise<Ack> {
    const from = this.acks.length;
    return until(what, () => this.acks.slice(from).find(condition), { seconds: limitMs / 1000, everyMs: 5 });
  }

  /** The longest time without an acknowledged write between two moments. */
  gap(from: number, to: number): number {
    const first = this.acks.findLastIndex((ack) => ack.at <= from);
    let longest = 0;
    for (let i = Math.max(first, 0) + 1; i < this.acks.length; i++) {
      if (this.acks[i - 1]!.at > to) break;
      longest = Math.max(longest, this.acks[i]!.at - this.acks[i - 1]!.at);
    }
    return longest;
  }

  last(): Ack {
    const ack = this.acks.at(-1);
    if (!ack) throw new Error("nothing was acknowledged yet");
    return ack;
  }
}
