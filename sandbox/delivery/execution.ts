import { randomUUID } from "node:crypto";
import { messageOf } from "../problem";
import { Action, inTurn, Pipeline, Variables } from "./declaration";

export type ActionStatus = "NotStarted" | "InProgress" | "Succeeded" | "Failed" | "Abandoned";
export type ExecutionStatus = "InProgress" | "Stopping" | "Stopped" | "Succeeded" | "Failed";

/** One action in one execution. */
export interface ActionRun {
  id: string;
  stage: string;
  action: Action;
  status: ActionStatus;
  changedAt: Date;
  /** What it reports about itself meanwhile. */
  summary?: string;
  /** Why it failed. */
  error?: string;
  /** What it started elsewhere: a build, a deployment. */
  externalId?: string;
  /** The token that whoever approves must present. */
  token?: string;
  /** Its output so far. */
  log?: () => Promise<string[]>;
}

export interface StageRun {
  name: string;
  executionId: string;
  status: ActionStatus | "Stopped" | "Stopping";
  actions: ActionRun[];
}

/** Where an artifact is: bucket and key. */
export interface Place {
  bucket: string;
  key: string;
}

export interface Hooks {
  perform(run: ActionRun, execution: Execution): Promise<Record<string, string>>;
  /** Called for each change, before anything follows from it. */
  changed(execution: Execution, about: { stage?: StageRun; run?: ActionRun }): Promise<void>;
}

/** One execution of a pipeline, from its first stage to where it ends. */
export class Execution {
  readonly id = randomUUID();
  readonly startedAt = new Date();
  updatedAt = new Date();
  status: ExecutionStatus = "InProgress";
  reason?: string;
  readonly stages: StageRun[] = [];
  readonly artifacts = new Map<string, Place>();
  readonly variables: Variables = { codepipeline: { PipelineExecutionId: this.id } };
  private readonly abandoned = new AbortController();

  constructor(
    readonly pipeline: Pipeline,
    readonly trigger: string,
    private readonly hooks: Hooks,
  ) {}

  get isOver(): boolean {
    return this.status !== "InProgress" && this.status !== "Stopping";
  }

  private get stops(): boolean {
    return this.status === "Stopping";
  }

  /** Ends it: immediately, or when the running actions have ended. */
  async stop(abandon: boolean, reason: string | undefined): Promise<void> {
    this.reason = reason;
    this.status = "Stopping";
    if (abandon) this.abandoned.abort();
  }

  async carryOut(): Promise<void> {
    await this.hooks.changed(this, {});
    for (const { name = "", actions = [] } of this.pipeline.stages ?? []) {
      if (this.stops) break;
      const runs = actions.map((action) => newRun(name, action));
      const stage: StageRun = { name, executionId: this.id, status: "InProgress", actions: runs };
      this.stages.push(stage);
      await this.hooks.changed(this, { stage });
      for (const turn of inTurn(actions)) {
        if (this.stops || stage.status !== "InProgress") break;
        await Promise.all(runs.filter((run) => turn.includes(run.action)).map((run) => this.run(run)));
        if (runs.some(({ status }) => status === "Failed")) stage.status = "Failed";
      }
      if (this.stops && stage.status !== "Failed") stage.status = "Stopped";
      if (stage.status === "InProgress") stage.status = "Succeeded";
      await this.hooks.changed(this, { stage });
      if (stage.status !== "Succeeded") break;
    }
    if (this.stops) this.status = "Stopped";
    else this.status = this.stages.some(({ status }) => status === "Failed") ? "Failed" : "Succeeded";
    await this.hooks.changed(this, {});
  }

  private async run(run: ActionRun): Promise<void> {
    const turn = (status: ActionStatus) => {
      Object.assign(run, { status, changedAt: new Date() });
      return this.hooks.changed(this, { run });
    };
    try {
      await turn("InProgress");
      const told = await Promise.race([this.hooks.perform(run, this), this.abandonment()]);
      if (run.action.namespace) this.variables[run.action.namespace] = told;
      await turn("Succeeded");
    } catch (error) {
      run.error = messageOf(error);
      await turn(this.abandoned.signal.aborted ? "Abandoned" : "Failed");
    }
  }

  private abandonment(): Promise<never> {
    const { signal } = this.abandoned;
    return new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(new Error(this.reason ?? "The execution was stopped.")), {
        once: true,
      }),
    );
  }
}

const newRun = (stage: string, action: Action): ActionRun => ({
  id: randomUUID(),
  stage,
  action,
  status: "NotStarted",
  changedAt: new Date(),
});
