import { TargetGroup as Declared } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { Tell } from "../failures/timeline";

export type Health = "initial" | "healthy" | "unhealthy" | "draining";

export interface Target {
  id: string;
  health: Health;
  reason: string;
  /** Requests that it is still answering. */
  inFlight: number;
}

interface Watched extends Target {
  /** When it was registered. */
  since: number;
  passed: number;
  failed: number;
  port: () => number | undefined;
  timer?: NodeJS.Timeout;
  /** Who waits until it has left. */
  waiting: (() => void)[];
}

/** A target group: checks its targets as declared, distributes requests among the healthy ones, and lets leaving ones finish. */
export class TargetGroup {
  private readonly targets = new Map<string, Watched>();
  private turn = 0;

  constructor(
    private declared: Declared,
    private delaySeconds: number,
    private readonly portOf: (id: string) => number | undefined,
    private readonly tell: Tell = () => {},
  ) {}

  get list(): Target[] {
    return [...this.targets.values()].map(({ id, health, reason, inFlight }) => ({
      id,
      health,
      reason,
      inFlight,
    }));
  }

  get arn(): string {
    return this.declared.TargetGroupArn!;
  }

  /** Takes over the current registrations. */
  follow(declared: Declared, delaySeconds: number, registered: string[]): void {
    this.declared = declared;
    this.delaySeconds = delaySeconds;
    for (const id of registered)
      if (this.targets.get(id)?.health === "draining") this.remove(this.targets.get(id)!);
    for (const id of registered) if (!this.targets.has(id)) this.add(id);
    for (const target of this.targets.values())
      if (!registered.includes(target.id) && target.health !== "draining") this.drain(target);
  }

  has(id: string): boolean {
    return this.targets.has(id);
  }

  /** The next target: one of the healthy ones, or of all registered ones if none is healthy, as on AWS. */
  next(): Target | undefined {
    const all = [...this.targets.values()];
    const healthy = all.filter(({ health }) => health === "healthy");
    const from = healthy.length ? healthy : all.filter(({ health }) => health === "unhealthy");
    return from[this.turn++ % from.length];
  }

  addressOf({ id }: Target): number | undefined {
    return this.portOf(id);
  }

  began({ id }: Target): void {
    const target = this.targets.get(id);
    if (target) target.inFlight++;
  }

  ended({ id }: Target): void {
    const target = this.targets.get(id);
    if (!target) return;
    target.inFlight--;
    if (target.health === "draining" && target.inFlight === 0) this.remove(target);
  }

  /** Resolves when the target has no more requests, or its deregistration delay has passed. */
  drained(id: string): Promise<void> {
    const target = this.targets.get(id);
    if (!target) return Promise.resolve();
    return new Promise((resolve) => {
      target.waiting.push(resolve);
      if (target.health !== "draining") this.drain(target);
    });
  }

  stop(): void {
    for (const target of this.targets.values()) this.remove(target); // a running check then ends with itself
  }

  private add(id: string): void {
    const target: Watched = {
      id,
      health: "initial",
      reason: "its first check is under way",
      inFlight: 0,
      since: performance.now(),
      passed: 0,
      failed: 0,
      waiting: [],
      port: () => this.portOf(id),
    };
    this.targets.set(id, target);
    void this.watch(target);
  }

  private drain(target: Watched): void {
    target.health = "draining";
    target.reason = "it was deregistered and finishes what it began";
    clearTimeout(target.timer);
    if (target.inFlight === 0) this.remove(target);
    else target.timer = setTimeout(() => this.remove(target), this.delaySeconds * 1000);
  }

  private remove(target: Watched): void {
    clearTimeout(target.timer);
    if (this.targets.get(target.id) === target) this.targets.delete(target.id);
    for (const resolve of target.waiting.splice(0)) resolve();
  }

  private async watch(target: Watched): Promise<void> {
    const problem = await this.probe(target);
    if (target.health === "draining" || this.targets.get(target.id) !== target) return;
    if (problem === undefined) this.pass(target);
    else this.fail(target, problem);
    // A machine that has just started is checked often, or the start would take a whole interval longer.
    const ms = target.health === "initial" ? 100 : this.intervalMs;
    target.timer = setTimeout(() => void this.watch(target), ms);
  }

  private get intervalMs(): number {
    return (this.declared.HealthCheckIntervalSeconds ?? 30) * 1000;
  }

  private async probe(target: Watched): Promise<string | undefined> {
    const port = target.port();
    return port === undefined ? "it does not run yet" : this.check(port);
  }

  /** Why a server on that port fails the declared check; undefined if it passes. */
  async check(port: number): Promise<string | undefined> {
    const signal = AbortSignal.timeout((this.declared.HealthCheckTimeoutSeconds ?? 5) * 1000);
    try {
      const url = `http://127.0.0.1:${port}${this.declared.HealthCheckPath ?? "/"}`;
      const response = await fetch(url, { signal, redirect: "manual" });
      await response.body?.cancel();
      return accepts(this.declared.Matcher?.HttpCode ?? "200", response.status)
        ? undefined
        : `its health check answered ${response.status}`;
    } catch {
      return signal.aborted
        ? "its health check did not answer in time"
        : "nothing listens where its health check knocks";
    }
  }

  private pass(target: Watched): void {
    target.passed++;
    target.failed = 0;
    // One passed check is enough for a new target; an unhealthy one must pass several.
    const isNew = target.health === "initial";
    if (isNew || target.passed >= (this.declared.HealthyThresholdCount ?? 5)) {
      if (target.health !== "healthy")
        this.tell("replacement", `${target.id} passes its health checks, and requests go to it`);
      target.health = "healthy";
      target.reason = "";
    }
  }

  private fail(target: Watched, reason: string): void {
    target.failed++;
    target.passed = 0;
    const threshold = this.declared.UnhealthyThresholdCount ?? 2;
    // A new target is checked more often than declared, and has the same time for its first answer.
    const missed =
      target.health === "initial" ? (performance.now() - target.since) / this.intervalMs : target.failed;
    if (missed < threshold) return;
    if (target.health !== "unhealthy")
      this.tell("detection", `the load balancer finds ${target.id} unhealthy: ${reason}`);
    target.health = "unhealthy";
    target.reason = reason;
  }
}

/** Whether a status is among a matcher's: "200", "200,302" or "200-299". */
export function accepts(matcher: string, status: number): boolean {
  return matcher.split(",").some((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return status >= from! && status <= to!;
  });
}
