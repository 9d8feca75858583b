import * as fs from "node:fs";
import * as timers from "node:timers/promises";
import { Agent, AgentPorts } from "../../../../functions/database/agent/agent";
import type { AgentConfig } from "../../../../functions/database/agent/config";
import type { GuardCommand } from "../../../../functions/database/agent/guard";
import { GuardClient } from "../../../../functions/database/agent/guard-client";
import type { Health } from "../../../../functions/database/agent/health";
import { defaultTiming, Lease } from "../../../../functions/database/lease";
import { lease as anyLease } from "./steps";

export const ME = "i-me";
export const OTHER = "i-other";
/** A lease that nobody holds. */
export const FREE = anyLease({ holder: "", phase: "", record: "lease/1", initialised: true });
/** A lease that the other node holds. */
export const TAKEN = { ...FREE, holder: OTHER, phase: "active" } as Lease;

/** What is asked of the agent's surroundings, each with the millisecond since the beginning. */
type Asked = [atMs: number, what: string, ...details: unknown[]];

/**
 * An agent whose hours pass at once: its guard, its lease, PostgreSQL and the clock are in memory. What it asks of them is kept,
 * with the moment; each answer can be another one.
 */
export class AgentRig {
  lease: Lease | undefined;
  /** What PostgreSQL answers. */
  health: Health = "ready";
  /** The epoch that the guard says it runs. */
  running = 0;
  readonly asked: Asked[] = [];
  /** What stands in for an answer, by what is asked. */
  readonly answers: Record<string, (...details: never[]) => unknown> = {};
  readonly logged: Record<string, unknown>[] = [];
  readonly agent: Agent;
  left = false;
  private now = 0;
  private sleeping: { at: number; wake: () => void }[] = [];
  private guard: { onExit: (epoch: number | undefined) => void } | undefined;
  private readonly restore: () => void;

  constructor(lease?: Lease) {
    this.lease = lease;
    this.restore = this.takeOver();
    const config = { node: ME, table: "lease", runDir: "/nowhere", timing: defaultTiming } as AgentConfig;
    this.agent = new Agent(config, this.ports());
  }

  /** One that has come so far with this lease, after so much time. */
  static async after(ms: number, lease: Lease | undefined, set: (rig: AgentRig) => void = () => undefined) {
    const rig = new AgentRig(lease);
    set(rig);
    rig.run();
    await rig.pass(ms);
    return rig;
  }

  /** Gives clock, guard and log back; what still sleeps never wakes. */
  end(): void {
    this.restore();
    this.sleeping = [];
  }

  run(): void {
    void this.agent.run().then(() => (this.left = true));
  }

  /** Lets so much time pass, with all that falls due in it. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await settled();
    for (;;) {
      const next = this.sleeping.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.sleeping.splice(this.sleeping.indexOf(next), 1);
      this.now = next.at;
      next.wake();
      await settled();
    }
    this.now = end;
  }

  /** Tells the agent what its guard tells by itself: which PostgreSQL has ended, or that it is gone. */
  exits(epoch: number | undefined): void {
    this.guard!.onExit(epoch);
  }

  /** What was asked by that name, with its details. */
  details(what: string): unknown[][] {
    return this.asked.filter(([, one]) => one === what).map(([, , ...details]) => details);
  }

  /** When that was asked. */
  times(what: string): number[] {
    return this.asked.filter(([, one]) => one === what).map(([at]) => at);
  }

  /** The lines of the log that are no change of role, without their time. */
  get told(): Record<string, unknown>[] {
    return this.logged.filter(({ message }) => !/ -> /.test(String(message)));
  }

  get roles(): unknown[] {
    return this.logged.map(({ message }) => message).filter((message) => / -> /.test(String(message)));
  }

  private async answer<T>(what: string, details: unknown[], usual: () => T): Promise<T> {
    this.asked.push([this.now, what, ...details]);
    const other = this.answers[what] as ((...details: unknown[]) => T | Promise<T>) | undefined;
    return other ? other(...details) : usual();
  }

  private ports(): AgentPorts {
    const change = (more: Partial<Lease>) =>
      (this.lease = { ...this.lease!, ...more, beat: this.lease!.beat + 1 });
    const without = (node: string) => this.lease!.suspects.filter((suspect) => suspect !== node);
    return {
      store: {
        read: () => this.answer("read", [], () => this.lease),
        take: (expect, next) => this.answer("take", [expect, next], () => (this.lease = next)),
        renew: (...details) =>
          this.answer("renew", details, () =>
            change({ phase: details[2] as Lease["phase"], healthy: details[3] }),
          ),
        release: (...details) => this.answer("release", details, () => change({ holder: "" })),
        clear: (...details) => this.answer("clear", details, () => change({ suspects: without(details[0]) })),
      },
      cloud: {
        acceptVirtualIp: () => this.answer("acceptVirtualIp", [], () => undefined),
        route: () => this.answer("route", [], () => []),
        fence: (node) => this.answer("fence", [node], () => true),
      },
      health: () => this.answer("health", [], () => this.health),
      checkpoint: () => this.answer("checkpoint", [], () => undefined),
      tryData: () => this.answer("tryData", [], () => true),
      report: (ready) => this.answer("report", [ready], () => undefined),
      keepPassword: (now) => this.answer("keepPassword", [now], () => "kept" as const),
    };
  }

  /** The clock, the way to the guard and the log are the module's own: they are replaced while the rig lives. */
  private takeOver(): () => void {
    const { setTimeout: sleep } = timers;
    const { bigint } = process.hrtime;
    const { ask } = GuardClient.prototype;
    const { writeSync } = fs;
    const replace = (owner: object, name: string, value: unknown) =>
      Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    replace(
      require("node:timers/promises"),
      "setTimeout",
      (ms: number) => new Promise<void>((wake) => this.sleeping.push({ at: this.now + ms, wake })),
    );
    process.hrtime.bigint = () => BigInt(Math.round(this.now * 1e6));
    const asked = (client: GuardClient, { do: what, ...more }: GuardCommand) => {
      this.guard = client as unknown as typeof this.guard;
      return this.answer(`guard: ${what}`, Object.keys(more).length > 0 ? [more] : [], () => this.running);
    };
    GuardClient.prototype.ask = function (command) {
      return asked(this, command);
    };
    replace(require("node:fs"), "writeSync", (_file: number, text: string) => {
      const { ms: _, ...line } = JSON.parse(text) as Record<string, unknown>;
      this.logged.push(line);
    });
    return () => {
      replace(require("node:timers/promises"), "setTimeout", sleep);
      process.hrtime.bigint = bigint;
      GuardClient.prototype.ask = ask;
      replace(require("node:fs"), "writeSync", writeSync);
    };
  }
}

/** All that needs no time has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
