import { Claim, claimOf, deadline, ended, fenceFrom, Lease, Phase, taken, Timing } from "../lease";

/**
 * Decides what one node does about the lease, as a pure function of what it learns: no clock, network or process
 * here. All times are milliseconds of this host's own monotonic clock; clocks of two hosts are never compared.
 */
export type Node = Passive | Taking | Adopting | Holder | Leaving;

interface Passive {
  role: "passive";
  seen?: { lease: Lease; at: number };
  /** Until then this node leaves a released lease to another node: it has just failed with it, or handed it over. */
  shyUntil: number;
}
interface Taking {
  role: "taking";
  lease: Lease;
  shyUntil: number;
}
/** The agent was restarted and found its PostgreSQL running: it continues if it still holds the lease. */
interface Adopting {
  role: "adopting";
  epoch: number;
}
export interface Holder {
  role: "holder";
  epoch: number;
  claim: Claim;
  /** PostgreSQL must be dead by then unless a renewal moves it. */
  until: number;
  phase: Phase;
  /** When PostgreSQL last ended by itself, within the last minute. */
  crashes: number[];
  /** The lease is renewed until then and no longer, so a hanging start or stop does not block the others. */
  limit: number;
  /** Suspects are left alone until then: a live one reports by itself that its PostgreSQL is dead. */
  fenceFrom: number;
}
/** The lease is lost: nothing else happens until PostgreSQL is confirmed dead. */
interface Leaving {
  role: "leaving";
}

export type Event =
  | { kind: "tick" }
  | { kind: "read"; lease: Lease | undefined }
  | { kind: "took"; lease: Lease; sentAt: number }
  | { kind: "notTaken" }
  | { kind: "renewed"; lease: Lease; sentAt: number }
  | { kind: "renewRefused" }
  | { kind: "started" }
  /** PostgreSQL reports that it is not ready yet. */
  | { kind: "recovering" }
  /** PostgreSQL runs and has not answered for too long. */
  | { kind: "hung" }
  | { kind: "exited" }
  | { kind: "stopped" }
  | { kind: "leave" };

export type Effect =
  | { do: "read" }
  | { do: "take"; expect: Lease | undefined; lease: Lease }
  | { do: "renew"; epoch: number; phase: Phase }
  | { do: "release"; epoch: number }
  /** Tells the others that this suspect's PostgreSQL is dead, provided the epoch is still the one in which it became a suspect. */
  | { do: "confess"; epoch: number }
  | { do: "fence"; epoch: number; suspects: string[] }
  | { do: "start"; epoch: number }
  | { do: "extend"; epoch: number; until: number }
  | { do: "stop"; how: "clean" | "kill" };

export interface Step {
  node: Node;
  effects: Effect[];
}

/** Two crashes within a minute are restarted in place; at the third the node gives up the lease. */
const crashWindowMs = 60_000;
const crashLimit = 3;
/** How long a node that failed, or handed over, leaves a free lease to the others. */
const shyMs = 2_000;
const stopLimitMs = 30_000;
/** A kill and the detach take a moment when the storage answers; when it does not, they never finish. */
const killLimitMs = 5_000;
/** Counted from the last sign of life: the first start creates the data, file by file over the network, and is silent meanwhile. */
const startLimitMs = 5 * 60_000;

const none: Effect[] = [];
const kill: Effect = { do: "stop", how: "kill" };

export function initial(): Node {
  return { role: "passive", shyUntil: 0 };
}

export function step(self: string, timing: Timing, node: Node, event: Event, now: number): Step {
  switch (node.role) {
    case "passive":
      if (event.kind === "tick") return { node, effects: [{ do: "read" }] };
      return event.kind === "read" ? watch(self, timing, node, event.lease, now) : { node, effects: none };
    case "taking":
      return taking(timing, node, event, now);
    case "adopting":
      return adopting(timing, node, event, now);
    case "holder":
      return now >= node.until && event.kind !== "stopped"
        ? { node: { role: "leaving" }, effects: [kill] }
        : holding(self, timing, node, event, now);
    case "leaving":
      return event.kind === "stopped"
        ? { node: { role: "passive", shyUntil: 0 }, effects: none }
        : { node, effects: none };
  }
}

function watch(self: string, timing: Timing, node: Passive, lease: Lease | undefined, now: number): Step {
  const take = (): Step => {
    const next = taken(self, timing, lease);
    return {
      node: { role: "taking", lease: next, shyUntil: node.shyUntil },
      effects: [{ do: "take", expect: lease, lease: next }],
    };
  };
  if (!lease) return take();
  const known = node.seen;
  const changed = !known || known.lease.epoch !== lease.epoch || known.lease.beat !== lease.beat;
  const seen = changed ? { lease, at: now } : known;
  const effects: Effect[] = lease.suspects.includes(self) ? [{ do: "confess", epoch: lease.epoch }] : none;

  // Its own name there means an earlier run of this node, or a lost answer; its PostgreSQL is dead either way.
  if (lease.holder === self) return take();
  if (lease.holder === "") {
    const wanted = lease.wanted === self;
    const reserved = lease.wanted !== "" && !wanted && now - seen.at < shyMs;
    if (wanted || (!reserved && now >= node.shyUntil)) return take();
  } else if (ended(timing, lease, seen.at, now)) return take();
  return { node: { ...node, seen }, effects };
}

function taking(timing: Timing, node: Taking, event: Event, now: number): Step {
  if (event.kind === "notTaken") return { node: { role: "passive", shyUntil: node.shyUntil }, effects: none };
  if (event.kind !== "took") return { node, effects: none };
  const { epoch, suspects } = event.lease;
  const holder: Holder = {
    role: "holder",
    epoch,
    claim: claimOf(event.lease),
    until: deadline(timing, event.sentAt),
    phase: suspects.length > 0 ? "fencing" : "starting",
    crashes: [],
    limit: suspects.length > 0 ? Infinity : now + startLimitMs,
    fenceFrom: now + timing.confessMs,
  };
  if (now >= holder.until) return { node: { role: "leaving" }, effects: [kill] };
  return { node: holder, effects: suspects.length > 0 ? none : [{ do: "start", epoch }] };
}

function adopting(timing: Timing, node: Adopting, event: Event, now: number): Step {
  switch (event.kind) {
    case "tick":
      return { node, effects: [{ do: "renew", epoch: node.epoch, phase: "active" }] };
    case "renewed": {
      const until = deadline(timing, event.sentAt);
      if (now >= until) return { node, effects: none };
      return {
        node: {
          role: "holder",
          epoch: node.epoch,
          claim: claimOf(event.lease),
          until,
          phase: "active",
          crashes: [],
          limit: Infinity,
          fenceFrom: 0,
        },
        effects: [{ do: "extend", epoch: node.epoch, until }],
      };
    }
    case "renewRefused":
    case "exited":
    case "hung":
    case "leave":
      return { node: { role: "leaving" }, effects: [kill] };
    default:
      return { node, effects: none };
  }
}

function holding(self: string, timing: Timing, node: Holder, event: Event, now: number): Step {
  switch (event.kind) {
    case "tick":
      if (now < node.limit) return { node, effects: [{ do: "renew", epoch: node.epoch, phase: node.phase }] };
      return node.phase === "starting" ? givingUp(node, now) : { node, effects: none };
    case "renewed":
      return renewed(self, timing, node, event.lease, event.sentAt, now);
    case "renewRefused":
      return { node: { role: "leaving" }, effects: [kill] };
    case "started":
      return node.phase === "starting"
        ? {
            node: { ...node, phase: "active", limit: Infinity },
            effects: [{ do: "renew", epoch: node.epoch, phase: "active" }],
          }
        : { node, effects: none };
    case "recovering":
      return node.phase === "starting"
        ? { node: { ...node, limit: now + startLimitMs }, effects: none }
        : { node, effects: none };
    case "exited":
      return exited(node, now);
    case "hung":
      return node.phase === "active" ? givingUp(node, now) : { node, effects: none };
    case "leave":
      return stopping(node, now);
    case "stopped":
      return node.phase === "stopping"
        ? {
            node: { role: "passive", shyUntil: now + shyMs },
            effects: [{ do: "release", epoch: node.epoch }],
          }
        : { node, effects: none };
    default:
      return { node, effects: none };
  }
}

function renewed(
  self: string,
  timing: Timing,
  before: Holder,
  lease: Lease,
  sentAt: number,
  now: number,
): Step {
  // An answer that was long under way may be of an earlier lease of this node, or of one that was lost since.
  if (lease.epoch !== before.epoch || lease.record !== before.claim.record)
    return { node: before, effects: none };
  const until = Math.max(before.until, deadline(timing, sentAt));
  const node: Holder = { ...before, claim: claimOf(lease), until };
  const { epoch } = node;
  if (node.phase === "fencing") {
    if (lease.suspects.length === 0) return starting(node, now);
    // An answer that waited here while this node was paused is worthless.
    const silenceMs = Math.max(deadline(timing, sentAt) - before.until, now - sentAt);
    const from = fenceFrom(timing, node.fenceFrom, silenceMs, now);
    const effects: Effect[] = now >= from ? [{ do: "fence", epoch, suspects: lease.suspects }] : none;
    return { node: { ...node, fenceFrom: from }, effects };
  }
  const extend: Effect = { do: "extend", epoch, until };
  if (node.phase === "active" && lease.wanted && lease.wanted !== self) {
    const leaving = stopping(node, now);
    return { node: leaving.node, effects: [extend, ...leaving.effects] };
  }
  return { node, effects: [extend] };
}

function exited(node: Holder, now: number): Step {
  if (node.phase !== "active" && node.phase !== "starting") return { node, effects: none };
  const crashes = [...node.crashes.filter((at) => now - at < crashWindowMs), now];
  return crashes.length >= crashLimit ? givingUp(node, now) : starting({ ...node, crashes }, now);
}

function starting(node: Holder, now: number): Step {
  return {
    node: { ...node, phase: "starting", limit: now + startLimitMs },
    effects: [{ do: "start", epoch: node.epoch }],
  };
}

/** Another node may have what this one lacks. Without the storage nothing here can finish: the lease expires, and this node is fenced. */
function givingUp(node: Holder, now: number): Step {
  return { node: { ...node, phase: "stopping", limit: now + killLimitMs }, effects: [kill] };
}

function stopping(node: Holder, now: number): Step {
  if (node.phase === "stopping") return { node, effects: none };
  // A holder that is still fencing has started nothing: it passes its suspects on with the lease.
  return {
    node: { ...node, phase: "stopping", limit: now + stopLimitMs },
    effects: [{ do: "stop", how: "clean" }],
  };
}
