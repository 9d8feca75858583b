import type { Lease } from "../../functions/database/lease";
import { Effect, Event, Holder, initial, Node, step } from "../../functions/database/agent/protocol";
import { Fault, generator, Outcome, Plan, Without } from "./plan";
import { Ec2 } from "./simulated-ec2";

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
  reading: boolean;
  /** What its guard has been asked to do and has not done yet. */
  orders: ((done: () => void) => void)[];
  /** Since then nothing has kept it from its work. */
  wellSince: number;
}

const hungMs = 10_000;
const functionLooksMs = 250;

/** Runs the protocol of several hosts against one record, in virtual time, under a plan of faults. */
export function simulate(plan: Plan, without: Without = {}): Outcome {
  const { timing } = plan;
  const random = generator(plan.seed);
  const queue: { at: number; run: () => void }[] = [];
  let now = 0;
  let lease: Lease | undefined;
  let records = 0;
  let recordBackAt = 0;
  /** What the last start left in the data's folder. */
  let data: { record: string; epoch: number; node: string } | undefined;
  const outcome: Outcome = { overlaps: [], active: "", starts: 0, killed: 0, shot: [] };
  const hosts: Host[] = Array.from({ length: plan.hosts }, (_, i) => ({
    name: `n${i}`,
    node: initial(),
    up: true,
    frozen: false,
    agentPaused: false,
    cut: false,
    storageAway: false,
    life: 0,
    nextTick: random() * timing.pollMs,
    inbox: [],
    reading: false,
    orders: [],
    wellSince: 0,
  }));

  const later = (ms: number, run: () => void) => queue.push({ at: now + ms, run });
  const clock = (host: Host) => {
    const { rate, offset } = plan.clocks[hosts.indexOf(host)]!;
    return now * rate + offset;
  };
  const delay = () => random() * plan.maxDelayMs;
  const lost = () => random() < plan.loss;
  const recordAway = () => now < recordBackAt;
  const named = (name: string) => hosts.find((host) => host.name === name)!;

  /** One request to the record: applied after a delay, answered after another, either may be lost. */
  function ask(host: Host, apply: () => Event | undefined, onFailure: () => Event | undefined) {
    const life = host.life;
    const timeout = { done: false };
    const deliver = (event: Event | undefined) => {
      if (timeout.done || host.life !== life) return;
      timeout.done = true;
      if (event) host.inbox.push(event);
    };
    later(2 * timing.renewMs, () => timeout.done || deliver(onFailure()));
    if (host.cut || lost()) return;
    later(delay(), () => {
      if (recordAway()) return;
      const answer = apply();
      if (!host.cut && !lost()) later(delay(), () => recordAway() || deliver(answer));
    });
  }

  function clear(suspect: string, epoch: number) {
    if (lease?.epoch !== epoch || recordAway()) return;
    lease = { ...lease, suspects: lease.suspects.filter((name) => name !== suspect) };
  }

  function perform(host: Host, effect: Effect) {
    const sentAt = clock(host);
    const nothing = () => undefined;
    switch (effect.do) {
      case "read": {
        if (host.reading) return;
        host.reading = true;
        const done = () => {
          host.reading = false;
          return undefined;
        };
        return ask(
          host,
          () => {
            host.reading = false;
            return { kind: "read", lease: lease && { ...lease } };
          },
          done,
        );
      }
      case "take":
        return ask(
          host,
          () => {
            if (lease?.epoch !== effect.expect?.epoch || lease?.beat !== effect.expect?.beat)
              return { kind: "notTaken" };
            lease = { ...effect.lease, record: effect.lease.record || `record-${++records}` };
            if (without.suspects) lease.suspects = [];
            return { kind: "took", lease: { ...lease }, sentAt };
          },
          () => ({ kind: "notTaken" }),
        );
      case "renew":
        return ask(
          host,
          () => {
            if (lease?.holder !== host.name || lease.epoch !== effect.epoch) return { kind: "renewRefused" };
            lease = { ...lease, beat: lease.beat + 1, phase: effect.phase };
            return { kind: "renewed", lease: { ...lease }, sentAt };
          },
          nothing,
        );
      case "release":
        return ask(
          host,
          () => {
            if (lease?.holder === host.name && lease.epoch === effect.epoch)
              lease = { ...lease, holder: "", beat: lease.beat + 1 };
            return { kind: "tick" };
          },
          nothing,
        );
      case "confess":
        return ask(
          host,
          () => {
            clear(host.name, effect.epoch);
            return { kind: "tick" };
          },
          nothing,
        );
      case "fence":
        if (host.cut || plan.fencers === "function") return;
        for (const name of effect.suspects)
          later(delay(), () => ec2.fence(name, delay(), () => clear(name, effect.epoch)));
        return;
      case "start":
        return inOrder(host, (done) => {
          start(host, effect.epoch, sentAt);
          done();
        });
      case "extend":
        if (host.postgres?.epoch === effect.epoch)
          host.postgres.until = Math.max(host.postgres.until, effect.until);
        return;
      case "stop":
        return inOrder(host, (done) => stop(host, done));
    }
  }

  /** The guard starts and stops one after the other. */
  function inOrder(host: Host, work: (done: () => void) => void) {
    const next = () => host.orders[0]?.(next);
    const entry = (done: () => void) =>
      work(() => {
        host.orders.shift();
        done();
      });
    host.orders.push(entry);
    if (host.orders.length === 1) next();
  }

  function start(host: Host, epoch: number, sentAt: number) {
    const { node, name } = host;
    const due = node.role === "holder" && sentAt < node.until;
    if (!due || host.postgres || !mayUse(name, node, epoch)) return void host.inbox.push({ kind: "exited" });
    data = { record: node.claim.record, epoch, node: name };
    host.postgres = { epoch, until: node.until };
    outcome.starts++;
    const started = () => {
      if (host.postgres?.epoch !== epoch) return;
      if (host.storageAway) return later(10, started);
      host.inbox.push({ kind: "started" });
    };
    later(50 + random() * 400, started);
  }

  function stop(host: Host, done: () => void) {
    const life = host.life;
    const finish = () => {
      if (host.life !== life) return;
      if (host.frozen || host.storageAway) return later(10, finish);
      host.postgres = undefined;
      host.inbox.push({ kind: "stopped" });
      done();
    };
    later(20 + random() * plan.maxDetachMs, finish);
  }

  /** The start script's own look at the data. */
  function mayUse(name: string, { claim }: Holder, epoch: number): boolean {
    if (!data || without.dataEpoch) return true;
    const own = data.epoch === epoch && data.node === name;
    return data.record === claim.record && (data.epoch < epoch || own);
  }

  const ec2 = new Ec2(plan.fenceMs, random, later, {
    accepted: (name) => {
      const host = named(name);
      const well = host.up && !host.frozen && !host.agentPaused && !host.cut && !host.storageAway;
      if (well && now - host.wellSince > timing.confessMs) outcome.shot.push(`${now}: ${name}`);
    },
    off: (name) => kill(named(name), Infinity),
    on: (name) => boot(named(name)),
  });

  /** The failover function's part: the same rules, by a look at the record from outside. */
  function watchdog() {
    if (plan.fencers === "hosts") return;
    const look = (first: Lease | undefined, ms: number, moved: boolean) => {
      // An answer that does not come ends the run; another one begins.
      if (recordAway() || lease?.phase !== "fencing" || (first && lease.epoch !== first.epoch))
        return later(1000, watchdog);
      const beats = moved || (first !== undefined && lease.beat !== first.beat);
      if (beats && ms >= timing.confessMs) {
        const { epoch, suspects } = lease;
        for (const name of suspects) ec2.fence(name, delay(), () => clear(name, epoch));
      }
      const { ...seen } = lease;
      later(functionLooksMs, () => look(first ?? seen, ms + functionLooksMs, beats));
    };
    look(undefined, 0, false);
  }

  function kill(host: Host, rebootMs: number) {
    Object.assign(host, { up: false, frozen: false, agentPaused: false, postgres: undefined, inbox: [] });
    const life = ++host.life;
    if (rebootMs < Infinity) later(rebootMs, () => host.life === life && ec2.runs(host.name) && boot(host));
  }

  function boot(host: Host) {
    host.life++;
    const fresh = {
      up: true,
      node: initial(),
      nextTick: now,
      reading: false,
      orders: [],
      inbox: [],
    };
    Object.assign(host, fresh, { wellSince: now });
  }

  function strike(fault: Fault) {
    const host = hosts[fault.host % hosts.length]!;
    const flag = {
      freeze: "frozen",
      pauseAgent: "agentPaused",
      partition: "cut",
      storageAway: "storageAway",
    } as const;
    switch (fault.kind) {
      case "kill":
        return kill(host, fault.forMs);
      case "crash":
        if (host.postgres && !host.frozen && !host.storageAway) {
          host.postgres = undefined;
          host.inbox.push({ kind: "exited" });
        }
        return;
      case "leave":
        host.inbox.push({ kind: "leave" });
        return;
      case "switchover":
        if (lease) lease = { ...lease, wanted: host.name };
        return;
      case "recordAway":
        recordBackAt = Math.max(recordBackAt, now + fault.forMs);
        return;
      case "recordLost":
        lease = undefined;
        return;
      default: {
        const name = flag[fault.kind];
        host[name] = true;
        later(fault.forMs, () => Object.assign(host, { [name]: false, wellSince: now }));
        if (fault.kind === "storageAway") later(hungMs, () => miss(host));
      }
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
      outcome.killed++;
      host.inbox.push({ kind: "exited" });
    }
    if (host.agentPaused) return;
    const events = host.inbox.splice(0);
    if (now >= host.nextTick) {
      host.nextTick = now + (host.node.role === "passive" ? timing.pollMs : timing.renewMs);
      events.push({ kind: "tick" });
    }
    for (const event of events) {
      const { node, effects } = step(host.name, timing, host.node, event, clock(host));
      host.node = node;
      for (const effect of effects) perform(host, effect);
    }
  }

  for (const fault of plan.faults) queue.push({ at: fault.at, run: () => strike(fault) });
  later(random() * 1000, watchdog);
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
