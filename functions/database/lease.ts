/** The tag by which a node may stop another one of its own database, and none of anybody else's. */
export const LEASE_TAG = "database-lease";

/** The one item in DynamoDB that says who may run PostgreSQL on the shared data. */
export interface Lease {
  /** A name that is made with the item. Data that was used under another record is left alone: its holders are unknown here. */
  record: string;
  /** Data of another record, or of a newer epoch, of which a person said that nobody uses it; empty when nobody did. */
  free: string;
  /** PostgreSQL has run on the data: where it is missing it is lost, and not yet to be made. */
  initialised: boolean;
  /** Grows by one with every new holder, never falls. */
  epoch: number;
  /** Grows by one with every renewal: a beat that stands still is a holder that is gone. */
  beat: number;
  /** The node that may run PostgreSQL; empty when the lease was given up. */
  holder: string;
  /** Former holders that nobody has seen dead yet: PostgreSQL stays down until this is empty. */
  suspects: string[];
  /** How long the holder counts on its lease after a renewal. */
  leaseMs: number;
  /** What the holder is doing, for the watchdog function and for people. */
  phase: Phase | "";
  /** The node that `switchover` asked for; empty when nobody did. */
  wanted: string;
  /** The holder's own report: whether PostgreSQL answered its last query. */
  healthy: boolean;
}

export type Phase = "fencing" | "starting" | "active" | "stopping";

export interface Timing {
  /** Length of a lease. */
  leaseMs: number;
  /** The holder renews this often. */
  renewMs: number;
  /** A passive node reads the lease this often. */
  pollMs: number;
  /** Added to the lease by those who wait for its end: how far two monotonic clocks may drift apart over a lease. */
  marginMs: number;
  /** The holder is dead this long before its lease ends. */
  killMs: number;
  /** A former holder has this long to say itself that its PostgreSQL is dead: one that lives is not stopped. Longer than a request that hangs and a poll. */
  confessMs: number;
}

/** The times that go with a lease of this length. Clocks drift in proportion, so the margin grows with it. */
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

/** Long enough that a lease table out of reach for some seconds costs nothing; a crash waits for EC2 anyway. */
export const defaultTiming = timingOf(10_000);

/**
 * From when on suspects may be stopped by force, once the record has answered `silenceMs` after the time before: while it was out of
 * reach nobody could say that he is done.
 */
export function fenceFrom(timing: Timing, before: number, silenceMs: number, now: number): number {
  return silenceMs > 2 * timing.renewMs ? now + timing.confessMs : before;
}

/** The moment by which PostgreSQL must be dead if the renewal sent at `sentAt` was the last one. */
export function deadline(timing: Timing, sentAt: number): number {
  return sentAt + timing.leaseMs - timing.killMs;
}

/** Whether a lease that was last seen to change at `seenAt` has certainly ended. */
export function ended(timing: Timing, lease: Lease, seenAt: number, now: number): boolean {
  return now - seenAt >= Math.max(timing.leaseMs, lease.leaseMs) + timing.marginMs;
}

/** The item as it stands after `node` took the lease: its former holder is a suspect until somebody has seen it dead. */
export function taken(node: string, timing: Timing, before: Lease | undefined): Lease {
  const suspects = new Set(before?.suspects);
  if (before?.holder) suspects.add(before.holder);
  // A node that takes a lease has just seen its own PostgreSQL dead.
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
