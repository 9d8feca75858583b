import { EventRules } from "../fleet/event-rules";
import { messageOf } from "../problem";
import { Pipeline, sourceOf } from "./declaration";
import { ActionRun, Execution, StageRun } from "./execution";

const SOURCE = "aws.codepipeline";

interface Kept {
  declared: Pipeline;
  /** Oldest first. */
  executions: Execution[];
  byToken: Map<string, Execution>;
  /** The latest of each stage. */
  stages: Map<string, StageRun>;
  last: Promise<void>;
  /** What its branch pointed to at the last look. */
  tip?: string;
}

export interface PipelinesOptions {
  perform: (run: ActionRun, execution: Execution) => Promise<Record<string, string>>;
  /** Creates the source with this branch, if there is none yet. */
  prepare: (branch: string) => void;
  /** What a branch points to. */
  tipOf: (branch: string) => string | undefined;
  rules: EventRules;
  arnOf: (pipeline: string) => string;
  note: (line: string) => void;
}

/** The program's pipelines and their executions: one after the other, each from a request or a push to its end. */
export class Pipelines {
  private readonly kept = new Map<string, Kept>();
  private stopped = false;

  constructor(private readonly options: PipelinesOptions) {}

  get names(): string[] {
    return [...this.kept.keys()];
  }

  declare(declared: Pipeline): void {
    this.options.prepare(branchOf(declared));
    const known = this.kept.get(declared.name!);
    if (known) known.declared = declared;
    else
      this.kept.set(declared.name!, {
        declared,
        executions: [],
        byToken: new Map(),
        stages: new Map(),
        last: Promise.resolve(),
        tip: this.options.tipOf(branchOf(declared)),
      });
  }

  forget(name: string): boolean {
    return this.kept.delete(name);
  }

  declared(name: string): Pipeline | undefined {
    return this.kept.get(name)?.declared;
  }

  /** The newest first. */
  executions(name: string): Execution[] {
    return [...(this.kept.get(name)?.executions ?? [])].reverse();
  }

  /** Each stage of the declaration with its latest run. */
  stages(name: string): { name: string; latest?: StageRun; actions: string[] }[] {
    const kept = this.kept.get(name);
    return (kept?.declared.stages ?? []).map((stage) => ({
      name: stage.name!,
      latest: kept!.stages.get(stage.name!),
      actions: (stage.actions ?? []).map((action) => action.name!),
    }));
  }

  /** @param token the same one starts the same execution */
  start(name: string, trigger: string, token?: string): Execution {
    const kept = this.kept.get(name)!;
    const before = token && kept.byToken.get(token);
    if (before) return before;
    const { perform } = this.options;
    const execution = new Execution(kept.declared, trigger, {
      perform,
      changed: (one, about) => this.changed(kept, one, about),
    });
    kept.executions.push(execution);
    if (token) kept.byToken.set(token, execution);
    kept.last = kept.last
      .then(() => (this.stopped ? undefined : execution.carryOut()))
      .catch((error: unknown) => this.options.note(`The pipeline ${name}: ${messageOf(error)}`));
    return execution;
  }

  /** Starts those whose source asks for it after a push. */
  follow(): void {
    for (const [name, kept] of this.kept) {
      const tip = this.options.tipOf(branchOf(kept.declared));
      if (tip === kept.tip) continue;
      kept.tip = tip;
      if (tip && sourceOf(kept.declared)?.configuration?.["DetectChanges"] !== "false")
        this.start(name, "Webhook");
    }
  }

  stop(): void {
    this.stopped = true;
    for (const { executions } of this.kept.values())
      for (const one of executions) if (!one.isOver) void one.stop(true, "The sandbox was stopped.");
  }

  private async changed(
    kept: Kept,
    execution: Execution,
    { stage, run }: { stage?: StageRun; run?: ActionRun },
  ): Promise<void> {
    if (stage) kept.stages.set(stage.name, stage);
    execution.updatedAt = new Date();
    if (this.stopped) return;
    const pipeline = execution.pipeline.name!;
    const about = { pipeline, "execution-id": execution.id, version: 1 };
    const what = run ? "Action" : stage ? "Stage" : "Pipeline";
    const status = (run ?? stage ?? execution).status;
    await this.options.rules.tell({
      source: SOURCE,
      "detail-type": `CodePipeline ${what} Execution State Change`,
      resources: [this.options.arnOf(pipeline)],
      detail: {
        ...about,
        ...(stage && { stage: stage.name }),
        ...(run && { stage: run.stage, action: run.action.name, type: { ...run.action.actionTypeId } }),
        state: status === "InProgress" ? "STARTED" : status.toUpperCase(),
      },
    });
  }
}

export const branchOf = (pipeline: Pipeline) => sourceOf(pipeline)?.configuration?.["BranchName"] ?? "main";
