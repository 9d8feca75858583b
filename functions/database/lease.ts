/** The tag that lets a node stop other nodes of its own database, and nobody else's. */
export const LEASE_TAG = "database-lease";

/** The one item in DynamoDB that says who may run PostgreSQL on the shared data. */
export interface Lease {
  /** A name that is generated with the item. Data used under another record is left alone: its holders are unknown here. */
  record: string;
  /** Data of another record, or of a newer epoch, that a person declared unused; empty if nobody did. */
  free: string;
  /** PostgreSQL has run on the data: if it is missing it is lost, and must not be created anew. */
  initialised: boolean;
  /** Grows by one with every new holder and never falls. */
  epoch: number;
  /** Grows by one with every renewal: a beat that stops means that the holder is gone. */
  beat: number;
  /** The node that may run PostgreSQL; empty after the lease was given up. */
  holder: string;
  /** Former holders that nobody has confirmed dead yet: PostgreSQL stays down until this is empty. */
  suspects: string[];
  /** How long the holder relies on its lease after a renewal. */
  leaseMs: number;
  /** What the holder is doing, for the watchdog function and for people. */
  phase: Phase | "";
  /** The node that `switchover` asked for; empty if nobody did. */
  wanted: string;
  /** The holder's own report: whether PostgreSQL answered its last query. */
  healthy: boolean;
}

/** What the lease says about the data; the start script compares it with what the data itself says. */
export type Claim = Pick<Lease, "record" | "free" | "initialised">;

export const claimOf = ({ record, free, initialised }: Lease): Claim => ({ record, free, initialised });

export type Phase = "fencing" | "starting" | "active" | "stopping";

export interface Timing {
  /** Length of a lease. */
  leaseMs: number;
  /** How often the holder renews. */
  renewMs: number;
  /** How often a passive node reads the lease. */
  pollMs: number;
  /** Added to the lease by those who wait for it to expire: how far two monotonic clocks may drift apart during a lease. */
  marginMs: number;
  /** The holder must be dead this long before its lease expires. */
  killMs: number;
  /** A former holder has this long to report that its PostgreSQL is dead: a live one is not stopped. Longer than a hanging request plus a poll. */
  confessMs: number;
}

/** The times that belong to a lease of this length. Clock drift is proportional, so the margin grows with it. */
export function timingOf(leaseMs: number): Timing {
  return {
    leaseMs,
    renewMs: 400,
    pollMs: 200,
    marginMs: Math.max(200, leaseMs / 10),
    killMs: 200,
    confessMs: 1500,
  };
}

/** Long enough that losing the lease table for some seconds costs nothing; a crash waits for EC2 anyway. */
export const defaultTiming = timingOf(10_000);

/**
 * When suspects may first be stopped by force, once the record has answered `silenceMs` after the previous time: while it was
 * unreachable, no suspect could report that it was done.
 */
export function fenceFrom(timing: Timing, before: number, silenceMs: number, now: number): number {
  return silenceMs > 2 * timing.renewMs ? now + timing.confessMs : before;
}

/** The moment by which PostgreSQL must be dead if no renewal follows the one sent at `sentAt`. */
export function deadline(timing: Timing, sentAt: number): number {
  return sentAt + timing.leaseMs - timing.killMs;
}

/** Whether a lease that was last seen to change at `seenAt` has certainly expired. */
export function ended(timing: Timing, lease: Lease, seenAt: number, now: number): boolean {
  return now - seenAt >= Math.max(timing.leaseMs, lease.leaseMs) + timing.marginMs;
}

/** The item after `node` took the lease: its former holder is a suspect until somebody has seen it dead. */
export function taken(node: string, timing: Timing, before: Lease | undefined): Lease {
  const suspects = new Set(before?.suspects);
  if (before?.holder) suspects.add(before.holder);
  // A node that takes a lease has just confirmed that its own PostgreSQL is dead.
  suspects.delete(node);
  return {
    record: before?.record ?? "",
    free: before?.free ?? "",
    initialised: before?.initialised ?? false,
    epoch: (before?.epoch ?? 0) + 1,
    beat: 1,
    holder: node,
    suspects: [...suspects].sort(),
    leaseMs: timing.leaseMs,
    phase: suspects.size > 0 ? "fencing" : "starting",
    wanted: "",
    healthy: false,
  };
}
