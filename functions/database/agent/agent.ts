import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentConfig, guardSocket, log, monotonicMs } from "./config";
import { GuardClient } from "./guard-client";
import type { Health } from "./health";
import type { Lease } from "../lease";
import { REPORT_MS } from "../node-report";
import { Effect, Event, Node, step } from "./protocol";

export interface AgentPorts {
  store: {
    read(): Promise<Lease | undefined>;
    take(expect: Lease | undefined, lease: Lease): Promise<Lease | "refused">;
    renew(node: string, epoch: number, phase: string, healthy: boolean): Promise<Lease | "refused">;
    release(node: string, epoch: number): Promise<Lease | "refused">;
    clear(suspect: string, epoch: number): Promise<Lease | "refused">;
  };
  cloud: {
    acceptVirtualIp(): Promise<void>;
    route(): Promise<string[]>;
    fence(node: string): Promise<boolean>;
  };
  /** Asks PostgreSQL on this host for its state. */
  health(): Promise<Health>;
  checkpoint(): Promise<void>;
  /** Whether this node reaches the data. */
  tryData(): Promise<boolean>;
  /** Reports whether this node serves or could serve. */
  report(ready: boolean): Promise<void>;
  /** Changes the clients' password when it is due, or immediately on request. */
  keepPassword(now: boolean): Promise<"kept" | "changed">;
}

const routeCheckMs = 5_000;
const healthMs = 1_000;
const passwordCheckMs = 60 * 60_000;
/** The first look comes after the failover, not in the middle of it. */
const firstPasswordCheckMs = 30_000;
/** A passive node that reaches the data checks again after this long. One that does not reports it at once and keeps trying. */
const tryEveryMs = 10 * 60_000;
/** PostgreSQL that runs but does not answer for this long is killed, and the other node takes over. */
const hungMs = 10_000;

/** Runs the protocol: turns its effects into requests and their answers into events. */
export class Agent {
  private node: Node = { role: "leaving" };
  private readonly guard: GuardClient;
  private healthy = false;
  private quitting = false;
  private quit: () => void = () => undefined;
  private reading = false;
  private releasing = false;
  /** Grows with every start and stop, so that work from an earlier run of PostgreSQL ends itself. */
  private life = 0;
  private readonly fencing = new Set<string>();
  private passwords: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: AgentConfig,
    private readonly ports: AgentPorts,
  ) {
    this.guard = new GuardClient(guardSocket(config), (epoch) => this.exited(epoch));
  }

  /** Resolves after `leave()`, once the lease is given up and PostgreSQL has stopped. */
  async run(): Promise<void> {
    const done = new Promise<void>((resolve) => (this.quit = resolve));
    const epoch = await this.guard.ask({ do: "status" });
    if (epoch > 0) {
      this.node = { role: "adopting", epoch };
      this.healthy = true;
      void this.watch(++this.life);
      void this.keepPassword(this.life);
    } else await this.perform({ do: "stop", how: "kill" });
    void this.tick();
    void this.report();
    void this.retry("source/dest check", 2000, () => this.ports.cloud.acceptVirtualIp());
    return done;
  }

  leave(): void {
    this.quitting = true;
  }

  /** A person asked for a new password; only the active node can set it. */
  changePassword(): void {
    if (this.healthy) void this.tryPassword(true);
  }

  private async tick(): Promise<void> {
    for (;;) {
      if (this.quitting) {
        if (this.node.role === "passive" && !this.releasing) return this.quit();
        if (this.node.role === "holder") this.dispatch({ kind: "leave" });
      }
      this.dispatch({ kind: "tick" });
      await sleep(this.node.role === "passive" ? this.pollMs() : this.config.timing.renewMs);
    }
  }

  /** A node that is about to receive the lease polls more often. */
  private pollMs(): number {
    const next = this.node.role === "passive" && this.node.seen?.lease.wanted === this.config.node;
    return next ? Math.min(25, this.config.timing.pollMs) : this.config.timing.pollMs;
  }

  private dispatch(event: Event): void {
    const before = this.node;
    const { node, effects } = step(this.config.node, this.config.timing, before, event, monotonicMs());
    this.node = node;
    if (label(before) !== label(node)) log(`${label(before)} -> ${label(node)}`, { after: event.kind });
    for (const effect of effects)
      this.perform(effect).catch((error: Error) => log(`${effect.do} failed`, { error: error.message }));
  }

  private async perform(effect: Effect): Promise<void> {
    const { store, cloud } = this.ports;
    const sentAt = monotonicMs();
    switch (effect.do) {
      case "read": {
        // Until its release arrives, the lease still carries this node's name, and the node would take it again.
        if (this.reading || this.releasing) return;
        this.reading = true;
        try {
          this.dispatch({ kind: "read", lease: await store.read() });
        } finally {
          this.reading = false;
        }
        return;
      }
      case "take": {
        const next = { ...effect.lease, record: this.recordOf(effect.lease) };
        const lease = await store.take(effect.expect, next).catch(() => "refused" as const);
        return this.dispatch(lease === "refused" ? { kind: "notTaken" } : { kind: "took", lease, sentAt });
      }
      case "renew": {
        const lease = await store.renew(this.config.node, effect.epoch, effect.phase, this.healthy);
        return this.dispatch(
          lease === "refused" ? { kind: "renewRefused" } : { kind: "renewed", lease, sentAt },
        );
      }
      case "release":
        return this.release(effect.epoch);
      case "confess":
        await store.clear(this.config.node, effect.epoch);
        return;
      case "fence":
        await Promise.all(effect.suspects.map((suspect) => this.fence(suspect, effect.epoch)));
        return;
      case "start":
        void this.keepRoute(++this.life, cloud);
        return this.start(this.life, effect.epoch);
      case "extend":
        await this.guard.ask(effect);
        return;
      case "stop":
        return this.stop(effect.how);
    }
  }

  private async start(life: number, epoch: number): Promise<void> {
    try {
      await this.guard.ask({ do: "status" });
      // A guard that had to restart answers late: by now the lease may have been renewed, or this start abandoned.
      if (life !== this.life || this.node.role !== "holder") return;
      const { until, claim } = this.node;
      await this.guard.ask({ do: "start", epoch, until, ...claim });
    } catch (error) {
      log("PostgreSQL was not started", { epoch, error: (error as Error).message });
      await sleep(200);
      if (life === this.life) this.dispatch({ kind: "exited" });
      return;
    }
    for (;;) {
      const health = await this.ports.health();
      if (life !== this.life) return;
      if (health === "ready") break;
      if (health === "recovering") this.dispatch({ kind: "recovering" });
      await sleep(20);
    }
    this.healthy = true;
    this.dispatch({ kind: "started" });
    void this.watch(life);
    void this.keepPassword(life);
  }

  /** A new item has no name yet. An item copied from another table counts as new, whatever name it carries. */
  private recordOf({ record }: Lease): string {
    const ours = `${this.config.table}/`;
    return record.startsWith(ours) ? record : `${ours}${randomUUID()}`;
  }

  private exited(epoch: number | undefined): void {
    this.life++;
    this.healthy = false;
    const gone = epoch === undefined ? "the guard" : "PostgreSQL";
    if (this.node.role === "holder" || this.node.role === "adopting") log(`${gone} is gone`, { epoch });
    this.dispatch({ kind: "exited" });
  }

  private async stop(how: "clean" | "kill"): Promise<void> {
    if (how === "clean" && this.healthy) await this.ports.checkpoint();
    this.life++;
    this.healthy = false;
    await this.retry("stop", 100, () => this.guard.ask({ do: "stop", how }));
    this.dispatch({ kind: "stopped" });
  }

  private async release(epoch: number): Promise<void> {
    this.releasing = true;
    try {
      for (let tries = 5; tries > 0; tries--) {
        try {
          await this.ports.store.release(this.config.node, epoch);
          return;
        } catch (error) {
          log("release failed", { error: (error as Error).message });
        }
      }
    } finally {
      this.releasing = false;
    }
  }

  private async fence(suspect: string, epoch: number): Promise<void> {
    const key = `${suspect} ${epoch}`;
    if (this.fencing.has(key)) return;
    this.fencing.add(key);
    try {
      const off = await this.ports.cloud.fence(suspect);
      log(off ? "fenced: EC2 says it is off" : "waits until EC2 says it is off", { suspect });
      if (!off) return;
      await this.ports.store.clear(suspect, epoch);
      this.dispatch({ kind: "tick" });
    } finally {
      this.fencing.delete(key);
    }
  }

  /** Points the virtual IP here, and again whenever somebody else has moved it. */
  private async keepRoute(life: number, cloud: AgentPorts["cloud"]): Promise<void> {
    while (life === this.life) {
      const moved = await cloud.route().then(
        () => true,
        (error: Error) => {
          log("the route was not moved", { error: error.message });
          return false;
        },
      );
      await sleep(moved ? routeCheckMs : 200);
    }
  }

  private async watch(life: number): Promise<void> {
    let lastGood = monotonicMs();
    while (life === this.life) {
      await sleep(healthMs);
      const health = await this.ports.health();
      if (life !== this.life) return;
      if (health !== "silent") lastGood = monotonicMs();
      this.healthy = health === "ready";
      if (monotonicMs() - lastGood >= hungMs) {
        log("PostgreSQL does not answer: given up");
        return this.dispatch({ kind: "hung" });
      }
    }
  }

  /** Without this, only the failover that needs a passive node would reveal that it cannot serve. */
  private async report(): Promise<void> {
    let ready = false;
    for (let triedAt = 0; ; await sleep(REPORT_MS, undefined, { ref: false })) {
      // A node that recovers what another one left is ready, however long recovery takes: it has reached the data.
      if (this.node.role === "holder" && this.node.phase === "active") ready = this.healthy;
      else if (!ready || monotonicMs() - triedAt >= tryEveryMs) {
        triedAt = monotonicMs();
        ready = await this.ports.tryData();
        if (!ready) log("the data is out of reach");
      }
      await this.ports
        .report(ready)
        .catch((error: Error) => log("nothing was reported", { error: error.message }));
    }
  }

  private async keepPassword(life: number): Promise<void> {
    await sleep(firstPasswordCheckMs);
    for (; life === this.life; await sleep(passwordCheckMs)) await this.tryPassword(false);
  }

  /** One at a time: two concurrent changes would undo each other. */
  private tryPassword(now: boolean): Promise<void> {
    return (this.passwords = this.passwords.then(() =>
      this.ports.keepPassword(now).then(
        (done) => log(`the password is ${done}`),
        (error: Error) => log("the password was not looked after", { error: error.message }),
      ),
    ));
  }

  private async retry<T>(what: string, everyMs: number, attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        log(`${what} failed`, { error: (error as Error).message });
        await sleep(everyMs);
      }
    }
  }
}

function label(node: Node): string {
  return node.role === "holder" ? `${node.phase} (epoch ${node.epoch})` : node.role;
}
