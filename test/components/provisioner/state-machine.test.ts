import { strict as assert } from "node:assert";
import { stateMachine } from "../../../components/provisioner/state-machine";

const validate = require("asl-validator") as (definition: object) => { isValid: boolean; errors: unknown[] };
const definition = stateMachine({
  stepsArn: "arn:aws:lambda:eu-west-1:123456789012:function:steps",
  queueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/hands",
  tableName: "projects",
  approvalHours: 72,
  retrySeconds: 10,
});
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- states of different kinds have no common type
const states = definition.States as Record<string, any>;

/** The states from one on, answering every step as told. */
function walk(from: string, input: Record<string, unknown>, says: (state: string) => unknown): string[] {
  const path = [from];
  const data: Record<string, unknown> = { ...input };
  for (let name = from; ;) {
    const state = states[name];
    if (state.Type === "Task") data["result"] = says(name);
    const next = state.Type === "Choice" ? choose(state, data) : state.Next;
    if (!next) return path;
    path.push((name = next));
  }
}

function choose(state: { Choices: Rule[]; Default: string }, data: Record<string, unknown>): string {
  return state.Choices.find((rule) => holds(rule, data))?.Next ?? state.Default;
}

interface Retry {
  ErrorEquals: string[];
  IntervalSeconds: number;
  MaxAttempts: number;
  BackoffRate: number;
}

interface Rule {
  And?: Rule[];
  Variable?: string;
  IsPresent?: boolean;
  BooleanEquals?: boolean;
  StringEquals?: string;
  Next: string;
}

function holds(rule: Rule, data: Record<string, unknown>): boolean {
  if (rule.And) return rule.And.every((part) => holds(part, data));
  const keys = rule.Variable!.split(".").slice(1);
  const value = keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], data);
  if (rule.IsPresent !== undefined) return (value !== undefined) === rule.IsPresent;
  return value === (rule.BooleanEquals ?? rule.StringEquals);
}

const yes = () => ({ ok: true });
const noAt = (failing: string) => (state: string) => ({ ok: state !== failing });
const thrownAt = (failing: string) => (state: string) => (state === failing ? { Error: "x" } : { ok: true });
const create = { action: "create", approval: false };
const BACK = ["Undo serve", "Undo deliver", "Undo create", "Undo reserve", "Undone"];

describe("the provisioner's state machine", () => {
  it("is valid Amazon States Language", () => {
    assert.deepEqual(validate(definition).errors, []);
  });

  it("takes ten states from start to ready", () => {
    assert.deepEqual(walk("Start", create, yes), [
      ...["Start", "Create", "Created?", "Deliver", "Delivered?", "Serve", "Serves?", "Finish"],
      ...["Finished?", "Ready"],
    ]);
  });

  it("asks for approval first where it is required", () => {
    const path = walk("Start", { action: "create", approval: true }, yes);
    assert.deepEqual(path.slice(0, 4), ["Start", "Approve", "Approved?", "Create"]);
  });

  const WAYS: [string, string[]][] = [
    ["Approve", BACK.slice(3)],
    ["Create", BACK.slice(2)],
  ];
  for (const [step, back] of WAYS)
    for (const [label, answers] of [["says no", noAt] as const, ["throws", thrownAt] as const])
      it(`undoes what was created, in reverse order, when ${step} ${label}`, () => {
        const path = walk("Start", { action: "create", approval: true }, answers(step));
        assert.deepEqual(path.slice(path.indexOf(step) + 2), back);
      });

  for (const step of ["Deliver", "Serve", "Finish"])
    for (const [label, answers] of [["says no", noAt] as const, ["throws", thrownAt] as const])
      it(`keeps what was created when ${step} ${label}`, () => {
        const path = walk("Start", create, answers(step));
        assert.deepEqual(path.slice(path.indexOf(step) + 2), ["Hold", "Held?", "Held"]);
      });

  it("undoes everything when the project was cancelled, and so cannot be held", () => {
    const path = walk("Start", create, (state) => ({ ok: state !== "Deliver" && state !== "Hold" }));
    assert.deepEqual(path.slice(path.indexOf("Hold")), ["Hold", "Held?", ...BACK]);
  });

  it("retries for two minutes a step that nobody waits for", () => {
    const retry = states["Finish"].Retry.find(({ ErrorEquals }: Retry) => ErrorEquals.includes("States.ALL"));
    const { IntervalSeconds, MaxAttempts, BackoffRate } = retry as Retry;
    const waits = Array.from({ length: MaxAttempts }, (_, index) => IntervalSeconds * BackoffRate ** index);
    assert.equal(
      waits.reduce((sum, each) => sum + each, 0),
      126,
    );
  });

  it("keeps an existing project when its update fails at any step", () => {
    for (const step of ["Approve", "Update", "Deliver", "Serve", "Finish"])
      assert.deepEqual(walk("Start", { action: "update", approval: true }, noAt(step)).slice(-2), [
        "Keep",
        "Kept",
      ]);
  });

  it("deletes by the compensations alone", () => {
    assert.deepEqual(walk("Start", { action: "delete", approval: false }, yes), ["Start", ...BACK]);
  });

  it("deletes after an approval where it is required, and otherwise keeps the project", () => {
    const asked = { action: "delete", approval: true };
    assert.deepEqual(walk("Start", asked, yes), ["Start", "Approve", "Approved?", ...BACK]);
    for (const answers of [noAt, thrownAt])
      assert.deepEqual(walk("Start", asked, answers("Approve")).slice(2), ["Approved?", "Keep", "Kept"]);
  });

  it("tries every compensation five times, then calls a person without any function of ours", () => {
    for (const name of ["Keep", "Hold", ...BACK.slice(0, 4)]) {
      const [passing, own] = states[name].Retry;
      assert.deepEqual([passing.MaxAttempts, passing.MaxDelaySeconds], [12, 60]);
      assert.ok(passing.ErrorEquals.every((one: string) => one.startsWith("Lambda.")));
      assert.deepEqual(own, {
        ErrorEquals: ["States.ALL"],
        IntervalSeconds: 10,
        MaxAttempts: 4,
        BackoffRate: 2,
      });
      assert.deepEqual(states[name].Catch, [
        { ErrorEquals: ["States.ALL"], ResultPath: "$.result", Next: "Call a person" },
      ]);
    }
    const path = walk("Call a person", {}, yes);
    assert.deepEqual(path, ["Call a person", "Note it", "Needs attention"]);
    assert.ok(path.every((name) => !String(states[name].Resource ?? "").includes("lambda")));
  });

  it("catches every error alike, whatever its name", () => {
    const caught = Object.values(states).flatMap((state) => state.Catch ?? []);
    assert.deepEqual([...new Set(caught.flatMap((one) => one.ErrorEquals))], ["States.ALL"]);
  });
});
