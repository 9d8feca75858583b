import { defaultTiming, Lease } from "../../functions/database/lease";
import { Effect, Event, initial, Node, step } from "../../functions/database/agent/protocol";

export type Fault =
  | { at: number; host: number; kind: "kill" | "crash"; forMs: number }
  | { at: number; host: number; kind: "freeze" | "pauseAgent" | "partition" | "storageAway"; forMs: number }
  | { at: number; host: number; kind: "leave" | "switchover"; forMs: number };

export interface Plan {
  seed: number;
  hosts: number;
  /** How much faster or slower each host's clock runs, and where it stands. */
  clocks: { rate: number; offset: number }[];
  /** Chance that a request, or its answer, is lost. */
  loss: number;
  maxDelayMs: number;
  /** How long EC2 needs to stop an instance; Infinity: it never answers. */
  fenceMs: number;
  faults: Fault[];
  forMs: number;
}

export interface Outcome {
  /** Moments at which more than one PostgreSQL existed, also a frozen one. */
  overlaps: string[];
  /** The node whose PostgreSQL runs at the end; empty when none does. */
  active: string;
  starts: number;
}

interface Host {
  name: string;
  node: Node;
  up: boolean;
  frozen: boolean;
  agentPaused: boolean;
  cut: boolean;
  /** Nothing that uses the data there answers, or can be killed. */
  storageAway: boolean;
  life: number;
  postgres?: { epoch: number; until: number };
  nextTick: number;
  inbox: Event[];
}

const hungMs = 10_000;

/** Runs the protocol of several hosts against one record, in virtual time, under a plan of faults. */
export function simulate(plan: Plan, ignoreSuspects = false): Outcome {
  const random = generator(plan.seed);
  const queue: { at: number; run: () => void }[] = [];
  let now = 0;
  let lease: Lease | undefined;
  const outcome: Outcome = { overlaps: [], active: "", starts: 0 };
  const hosts: Host[] = Array.from({ length: plan.hosts }, (_, i) => ({
    name: `n${i}`,
    node: initial(),
    up: true,
    frozen: false,
    agentPaused: false,
    cut: false,
    storageAway: false,
    life: 0,
    nextTick: random() * 200,
    inbox: [],
  }));

  const later = (ms: number, run: () => void) => queue.push({ at: now + ms, run });
  const clock = (host: Host) => {
    const { rate, offset } = plan.clocks[hosts.indexOf(host)]!;
    return now * rate + offset;
  };
  const delay = () => random() * plan.maxDelayMs;
  const lost = () => random() < plan.loss;

  /** One request to the record: applied after a delay, answered after another, either may be lost. */
  function ask(host: Host, apply: () => Event, onFailure: Event | undefined) {
    const life = host.life;
    const timeout = { done: false };
    const deliver = (event: Event | undefined) => {
      if (timeout.done || host.life !== life) return;
      timeout.done = true;
      if (event) host.inbox.push(event);
    };
    later(defaultTiming.renewMs, () => deliver(onFailure));
    if (host.cut || lost()) return;
    later(delay(), () => {
      const answer = apply();
      if (!host.cut && !lost()) later(delay(), () => deliver(answer));
    });
  }

  function perform(host: Host, effect: Effect) {
    const sentAt = clock(host);
    switch (effect.do) {
      case "read":
        return ask(host, () => ({ kind: "read", lease: lease && { ...lease } }), undefined);
      case "take":
        return ask(
          host,
          () => {
            if (lease?.epoch !== effect.expect?.epoch || lease?.beat !== effect.expect?.beat)
              return { kind: "notTaken" };
            lease = { ...effect.lease, suspects: ignoreSuspects ? [] : effect.lease.suspects };
            return { kind: "took", lease: { ...lease }, sentAt };
          },
          { kind: "notTaken" },
        );
      case "renew":
        return ask(
          host,
          () => {
            if (lease?.holder !== host.name || lease.epoch !== effect.epoch) return { kind: "renewRefused" };
            lease = { ...lease, beat: lease.beat + 1, phase: effect.phase };
            return { kind: "renewed", lease: { ...lease }, sentAt };
          },
          undefined,
        );
      case "release":
        return ask(
          host,
          () => {
            if (lease?.holder === host.name && lease.epoch === effect.epoch)
              lease = { ...lease, holder: "", beat: lease.beat + 1 };
            return { kind: "tick" };
          },
          undefined,
        );
      case "confess":
        return ask(
          host,
          () => {
            if (lease?.epoch === effect.epoch)
              lease = { ...lease, suspects: lease.suspects.filter((s) => s !== host.name) };
            return { kind: "tick" };
          },
          undefined,
        );
      case "fence":
        for (const name of effect.suspects) fence(host, effect.epoch, name);
        return;
      case "start":
        if (host.node.role === "holder" && sentAt < host.node.until) {
          host.postgres = { epoch: effect.epoch, until: host.node.until };
          outcome.starts++;
          const started = () => {
            if (host.postgres?.epoch !== effect.epoch) return;
            if (host.storageAway) return later(10, started);
            host.inbox.push({ kind: "started" });
          };
          later(50 + random() * 400, started);
        } else host.inbox.push({ kind: "exited" });
        return;
      case "extend":
        if (host.postgres?.epoch === effect.epoch)
          host.postgres.until = Math.max(host.postgres.until, effect.until);
        return;
      case "stop": {
        const life = host.life;
        later(effect.how === "kill" ? 20 : 20 + random() * 500, () => {
          const finish = () => {
            if (host.life !== life) return;
            if (host.frozen || host.storageAway) return later(10, finish);
            host.postgres = undefined;
            host.inbox.push({ kind: "stopped" });
          };
          finish();
        });
      }
    }
  }

  function fence(host: Host, epoch: number, name: string) {
    if (host.cut || plan.fenceMs === Infinity) return;
    later(delay() + plan.fenceMs, () => {
      kill(hosts.find((h) => h.name === name)!);
      if (lease?.epoch === epoch && lease.holder === host.name)
        lease = { ...lease, suspects: lease.suspects.filter((s) => s !== name) };
    });
  }

  function kill(host: Host, rebootMs = 3000) {
    Object.assign(host, { up: false, frozen: false, agentPaused: false, postgres: undefined, inbox: [] });
    const life = ++host.life;
    later(rebootMs, () => {
      if (host.life === life) Object.assign(host, { up: true, node: initial(), nextTick: now });
    });
  }

  function strike(fault: Fault) {
    const host = hosts[fault.host % hosts.length]!;
    const flag = {
      freeze: "frozen",
      pauseAgent: "agentPaused",
      partition: "cut",
      storageAway: "storageAway",
    } as const;
    if (fault.kind === "kill") kill(host, fault.forMs);
    else if (fault.kind === "crash") {
      if (host.postgres && !host.frozen && !host.storageAway) {
        host.postgres = undefined;
        host.inbox.push({ kind: "exited" });
      }
    } else if (fault.kind === "leave") host.inbox.push({ kind: "leave" });
    else if (fault.kind === "switchover") {
      if (lease) lease = { ...lease, wanted: host.name };
    } else {
      const name = flag[fault.kind];
      host[name] = true;
      later(fault.forMs, () => (host[name] = false));
      if (fault.kind === "storageAway") later(hungMs, () => miss(host));
    }
  }

  /** What the agent's own watch says of a PostgreSQL that has not answered for that long. */
  function miss(host: Host) {
    if (host.storageAway && host.postgres) host.inbox.push({ kind: "hung" });
  }

  function run(host: Host) {
    if (!host.up || host.frozen) return;
    if (host.postgres && !host.storageAway && clock(host) >= host.postgres.until) {
      host.postgres = undefined;
      host.inbox.push({ kind: "exited" });
    }
    if (host.agentPaused) return;
    const events = host.inbox.splice(0);
    if (now >= host.nextTick) {
      host.nextTick = now + (host.node.role === "passive" ? defaultTiming.pollMs : defaultTiming.renewMs);
      events.push({ kind: "tick" });
    }
    for (const event of events) {
      const { node, effects } = step(host.name, defaultTiming, host.node, event, clock(host));
      host.node = node;
      for (const effect of effects) perform(host, effect);
    }
  }

  for (const fault of plan.faults) queue.push({ at: fault.at, run: () => strike(fault) });
  for (; now < plan.forMs; now += 10) {
    const due = queue.filter((q) => q.at <= now).sort((a, b) => a.at - b.at);
    for (const item of due) queue.splice(queue.indexOf(item), 1);
    for (const item of due) item.run();
    // A different order every time: which host runs first in a moment must not matter.
    for (const host of random() < 0.5 ? hosts : [...hosts].reverse()) run(host);
    const alive = hosts.filter((h) => h.postgres);
    if (alive.length > 1) outcome.overlaps.push(`${now}: ${alive.map((h) => h.name).join(" and ")}`);
  }
  outcome.active = hosts.find((h) => h.postgres)?.name ?? "";
  return outcome;
}

/** Small repeatable random numbers from a seed. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
