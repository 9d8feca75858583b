import type { Timing } from "../../functions/database/lease";

export type Fault =
  | { at: number; host: number; kind: "kill" | "crash"; forMs: number }
  | { at: number; host: number; kind: "freeze" | "pauseAgent" | "partition" | "storageAway"; forMs: number }
  | { at: number; host: number; kind: "leave" | "switchover"; forMs: number }
  /** The lease table answers nobody, or has lost the lease. */
  | { at: number; host: number; kind: "recordAway" | "recordLost"; forMs: number };

export interface Plan {
  seed: number;
  hosts: number;
  timing: Timing;
  /** How much faster or slower each host's clock runs, and where it stands. */
  clocks: { rate: number; offset: number }[];
  /** Chance that a request, or its answer, is lost. */
  loss: number;
  maxDelayMs: number;
  /** What it takes at most to let go of the data after a kill. */
  maxDetachMs: number;
  /** How long EC2 needs to confirm that an instance is off; Infinity: it never answers. */
  fenceMs: number;
  /** Who reaches EC2. */
  fencers: "hosts" | "function" | "both";
  faults: Fault[];
  forMs: number;
}

export interface Outcome {
  /** Moments at which more than one PostgreSQL existed, also a frozen one. */
  overlaps: string[];
  /** The node whose PostgreSQL runs at the end; empty when none does. */
  active: string;
  starts: number;
  /** How often a guard killed PostgreSQL because the lease ended. */
  killed: number;
  /** Hosts that were stopped by force although they had lived, with all in reach, long enough to say that they are done. */
  shot: string[];
}

/** What a simulation leaves out, to show what it is there for. */
export interface Without {
  suspects?: boolean;
  dataEpoch?: boolean;
}

/** Small repeatable random numbers from a seed. */
export function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
