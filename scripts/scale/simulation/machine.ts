// Step Functions, as far as the provisioner's machine uses it: the definition is the real one.
import { stateMachine } from "../../../components/provisioner/state-machine";
import type { Action, Result, StageName } from "../../../functions/provisioner/project";
import type { Clock } from "./clock";
import type { Random } from "./random";

interface Data {
  id: string;
  action: Action;
  approval: boolean;
  result?: { ok?: boolean };
}

interface Rule {
  Variable?: keyof typeof PATHS;
  StringEquals?: string;
  BooleanEquals?: boolean;
  IsPresent?: boolean;
  And?: Rule[];
  Next: string;
}

interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds: number;
  MaxAttempts: number;
  BackoffRate: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: string;
}

interface State {
  Type: "Task" | "Choice" | "Succeed" | "Fail";
  Choices?: Rule[];
  Default?: string;
  Next?: string;
  Resource?: string;
  Parameters?: { Payload?: { step: StageName } };
  TimeoutSeconds?: number;
  Retry?: Retrier[];
  Catch?: { Next: string }[];
}

const PATHS = {
  "$.action": ({ action }: Data) => action,
  "$.approval": ({ approval }: Data) => approval,
  "$.result.ok": ({ result }: Data) => result?.ok,
};

const holds = (rule: Rule, data: Data): boolean => {
  if (rule.And) return rule.And.every((one) => holds(one, data));
  const value = PATHS[rule.Variable!](data);
  if (rule.IsPresent !== undefined) return (value !== undefined) === rule.IsPresent;
  return value === (rule.StringEquals ?? rule.BooleanEquals);
};

/** What the machine calls. */
export interface Called {
  /** The function of all steps; throws an error with Lambda's name if Lambda rejects the call. */
  step(event: { step: StageName; id: string; token?: string }): Promise<Result>;
  /** A person must repair a project. */
  person(id: string): void;
}

export class Machine {
  private readonly states: Record<string, State>;
  private readonly waiting = new Map<string, { answer(result: Result): void; fail(): void }>();
  private readonly executions = new Map<string, "running" | "ended">();
  private tokens = 0;
  transitions = 0;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly called: Called,
    approvalHours: number,
  ) {
    const names = { stepsArn: "steps", queueUrl: "queue", tableName: "table" };
    this.states = stateMachine({ ...names, approvalHours, retrySeconds: 10 }).States as unknown as Record<
      string,
      State
    >;
  }

  start(name: string, data: Data): void {
    if (this.executions.has(name)) return;
    this.executions.set(name, "running");
    void this.run({ ...data }).then(() => this.executions.set(name, "ended"));
  }

  state = (name: string): "running" | "ended" | "absent" => this.executions.get(name) ?? "absent";

  answer(token: string, result: Result): void {
    this.waiting.get(token)?.answer(result);
  }

  fail(token: string): void {
    this.waiting.get(token)?.fail();
  }

  private async run(data: Data): Promise<void> {
    for (let name: string | undefined = "Start"; name;) {
      const state: State = this.states[name]!;
      this.transitions++;
      if (state.Type === "Succeed" || state.Type === "Fail") return;
      if (state.Type === "Choice") {
        name = state.Choices!.find((rule) => holds(rule, data))?.Next ?? state.Default;
        continue;
      }
      const step = state.Parameters?.Payload?.step;
      // The states that alert a person and record it bypass our functions.
      if (!step) {
        if (state.Resource!.endsWith("sqs:sendMessage")) this.called.person(data.id);
        name = state.Next;
        continue;
      }
      name = (await this.task(state, step, data)) ? state.Next : state.Catch![0]!.Next;
    }
  }

  /** Whether it got an answer, which is then in `data`. */
  private async task(state: State, step: StageName, data: Data): Promise<boolean> {
    const tries = new Map<Retrier, number>();
    for (;;) {
      try {
        data.result = await this.attempt(state, step, data.id);
        return true;
      } catch (error) {
        const { name } = error as Error;
        const retrier = state.Retry?.find(
          ({ ErrorEquals }) => ErrorEquals.includes(name) || ErrorEquals.includes("States.ALL"),
        );
        const before = retrier ? (tries.get(retrier) ?? 0) : 0;
        if (!retrier || before >= retrier.MaxAttempts) {
          data.result = {};
          return false;
        }
        tries.set(retrier, before + 1);
        this.transitions++;
        const { IntervalSeconds, BackoffRate, MaxDelaySeconds = Infinity, JitterStrategy } = retrier;
        const seconds = Math.min(IntervalSeconds * BackoffRate ** before, MaxDelaySeconds);
        await this.clock.sleep(1000 * seconds * (JitterStrategy === "FULL" ? this.random() : 1));
      }
    }
  }

  private attempt(state: State, step: StageName, id: string): Promise<{ ok: boolean }> {
    if (!state.Resource!.endsWith("waitForTaskToken")) return this.called.step({ step, id });
    const token = `token-${this.tokens++}`;
    return new Promise<Result>((answer, reject) => {
      const fail = () => reject(new Error("States.TaskFailed"));
      this.waiting.set(token, { answer, fail });
      this.called.step({ step, id, token }).catch(reject);
      void this.clock.sleep(state.TimeoutSeconds! * 1000).then(() => {
        if (this.waiting.has(token)) fail();
      });
    }).finally(() => this.waiting.delete(token));
  }
}
