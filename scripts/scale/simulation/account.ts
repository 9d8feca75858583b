import type { BuildState, StackState } from "../../../functions/provisioner/ports";
import assumed from "../assumed.json";
import { limit, most } from "../limits";
import { Bucket } from "./bucket";
import type { Clock } from "./clock";
import { between, type Random } from "./random";

/** An account's values of what is counted; the rest is as in `limits.json`. */
export interface Quotas {
  buildsAtOnce: number;
  stacks: number;
  vCpus: number;
}

export type Shape = "static" | "server" | "database";
type Span = [least: number, most: number];
const MINUTE = 60_000;
const SPANS = assumed.minutes as Record<Shape | "deletion" | "build" | "serves", Span>;

interface Build {
  id: string;
  project: string;
  state: BuildState["status"];
}

const bucket = (key: string) => {
  const { most, burst = most } = limit(key);
  return new Bucket(burst, most);
};

/** The services that the provisioner calls, with their durations and capacities. */
export class Account {
  readonly calls = {
    stacks: bucket("stackCalls"),
    names: bucket("nameCalls"),
    executions: bucket("executionLooks"),
    starts: bucket("starts"),
    answers: bucket("taskAnswers"),
    builds: new Bucket(100, 100),
  };
  private readonly stacks = new Map<string, StackState & { vCpus: number }>();
  private readonly builds = new Map<string, Build>();
  private readonly queue: Build[] = [];
  private building = 0;
  private vCpus = 0;
  private readonly serving = new Map<string, number>();

  /** @param changed hears of each stack and build that changes, as EventBridge tells it */
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly quotas: Quotas,
    private readonly changed: (what: "stack" | "build", name: string) => void,
  ) {}

  private minutes = (what: keyof typeof SPANS) => between(this.random, SPANS[what]) * MINUTE;

  /** Why it is refused, if it is. */
  createStack(name: string, shape: Shape, vCpus: number): string | undefined {
    if (this.stacks.size >= this.quotas.stacks) return "Limit for stack has been exceeded";
    const outputs = { Target: `${name}.aws`, TargetZone: "Z1" };
    const at = new Date(this.clock.now).toISOString();
    const stack = { id: name, status: "CREATE_IN_PROGRESS", outputs, updatedAt: at, vCpus: 0 };
    this.stacks.set(name, stack);
    void this.clock.sleep(this.minutes(shape)).then(() => {
      const fits = this.vCpus + vCpus <= this.quotas.vCpus;
      if (fits) stack.vCpus = vCpus;
      this.vCpus += stack.vCpus;
      stack.status = fits ? "CREATE_COMPLETE" : "CREATE_FAILED";
      this.changed("stack", name);
    });
    return undefined;
  }

  stack = (name: string): StackState | undefined => this.stacks.get(name);

  /** One that already exists. */
  put(name: string): void {
    const outputs = { Target: `${name}.aws`, TargetZone: "Z1" };
    this.stacks.set(name, { id: name, status: "CREATE_COMPLETE", outputs, updatedAt: "", vCpus: 0 });
  }

  removeStack(name: string): "started" | "gone" {
    const stack = this.stacks.get(name);
    if (!stack) return "gone";
    if (stack.status === "DELETE_IN_PROGRESS") return "started";
    stack.status = "DELETE_IN_PROGRESS";
    void this.clock.sleep(this.minutes("deletion")).then(() => {
      this.vCpus -= stack.vCpus;
      this.stacks.delete(name);
      this.changed("stack", name);
    });
    return "started";
  }

  /** The build's id; undefined if CodeBuild's own queue is full. */
  startBuild(project: string, key: string): string | undefined {
    const id = `${project}:${key}`;
    if (this.builds.has(id)) return id;
    const full = this.building >= this.quotas.buildsAtOnce;
    if (full && this.queue.length >= most("buildQueue") * this.quotas.buildsAtOnce) return undefined;
    const build: Build = { id, project, state: "queued" };
    this.builds.set(id, build);
    if (full) this.queue.push(build);
    else this.run(build);
    return id;
  }

  private run(build: Build): void {
    this.building++;
    build.state = "running";
    void this.clock.sleep(this.minutes("build")).then(() => {
      this.building--;
      build.state = "done";
      this.serving.set(build.project, this.clock.now + this.minutes("serves"));
      this.changed("build", build.project);
      const next = this.queue.shift();
      if (next) this.run(next);
    });
  }

  build = (id: string): BuildState["status"] => this.builds.get(id)?.state ?? "failed";
  serves = (name: string): boolean => (this.serving.get(name) ?? Infinity) <= this.clock.now;
  waitingBuilds = (): number => this.queue.length;
  runningBuilds = (): number => this.building;
}
