// Every event rule of every stack is fed events of the shape that AWS publishes: a pattern is right when it takes those, and no near miss.
// A new rule needs its samples in event-samples.ts.
import { physicalName } from "../harness";
import { strict as assert } from "node:assert";
import { Fields, takes } from "../../sandbox/fleet/event-pattern";
import { some } from "../some";
import { SAMPLES, SCHEDULES } from "./event-samples";
import { ONCE, scheduleOf } from "./schedule";
import { ofType } from "../../policies/rules/rule";
import { STACKS, stackView } from "./stacks";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";

/** A pattern as many patterns that each want one of the values that it lists: a value that no sample has is misspelt, or untested. */
function single(pattern: Fields): Fields[] {
  return Object.entries(pattern).flatMap(([key, wanted]) => {
    const narrower = Array.isArray(wanted) ? wanted.map((one) => [one]) : single(wanted as Fields);
    return narrower.map((one) => ({ ...pattern, [key]: one }));
  });
}

/** The value at a path such as `$.detail.state`, undefined where the event has none. */
const at = (path: string, event: Fields): unknown =>
  path
    .replace(/^\$\.?/, "")
    .split(".")
    .reduce<unknown>((inside, key) => (inside as Fields | undefined)?.[key], event);

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html: only one is singular. */
const RATE = /^rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)$/;

/** Network and web wait for no event. */
const WITHOUT_RULES = ["first"];

async function rulesOf(stack: string) {
  const view = await stackView(stack);
  const rules = ofType(view, RULE);
  return (WITHOUT_RULES.includes(stack) ? rules : some(rules)).map(({ name, inputs }) => ({
    name,
    schedule: scheduleOf(inputs),
    pattern: inputs.eventPattern === undefined ? undefined : (JSON.parse(inputs.eventPattern) as Fields),
    samples: SAMPLES[name]?.(view),
    targets: ofType(view, TARGET).filter((target) => target.inputs.rule === physicalName(name)),
  }));
}

async function rulesOfAll() {
  const rules = [];
  for (const stack of STACKS) rules.push(...(await rulesOf(stack)));
  return rules;
}

for (const stack of some(STACKS.filter((one) => !WITHOUT_RULES.includes(one))))
  describe(`the event rules of ${stack}`, () => {
    it("match the events that they are meant for, and list only values that AWS sends", async () => {
      for (const { name, pattern, samples } of some(await rulesOf(stack))) {
        if (!pattern) continue;
        assert.ok(samples, `${name} has no sample in test/stacks/event-samples.ts`);
        for (const event of some(samples.takes))
          assert.equal(takes(pattern, event), true, `${name} misses ${JSON.stringify(event)}`);
        for (const narrow of some(single(pattern)))
          assert.ok(
            samples.takes.some((event) => takes(narrow, event)),
            `${name}: no sample has what ${JSON.stringify(narrow)} wants`,
          );
      }
    });

    it("do not match near misses", async () => {
      for (const { name, pattern, samples } of some(await rulesOf(stack)))
        if (pattern)
          for (const event of some(samples!.passes))
            assert.equal(takes(pattern, event), false, `${name} takes ${JSON.stringify(event)}`);
    });

    it("run as often as they should, if they run on a schedule", async () => {
      for (const { name, pattern, schedule } of some(await rulesOf(stack))) {
        assert.equal(schedule, SCHEDULES[name], name);
        assert.equal(schedule === undefined, pattern !== undefined, `${name} waits for one thing`);
        if (schedule && schedule !== ONCE) assert.match(schedule, RATE, name);
      }
    });

    it("have a target, and pass on what the events say", async () => {
      for (const { name, samples, targets } of some(await rulesOf(stack)))
        for (const { inputs } of some(targets)) {
          if (!inputs.inputTransformer) continue;
          const { inputPaths, inputTemplate } = inputs.inputTransformer;
          for (const [key, path] of some(Object.entries<string>(inputPaths)))
            for (const event of some(samples!.takes))
              assert.notEqual(at(path, event), undefined, `${name}: ${key} is at no ${path}`);
          const used = [...String(inputTemplate).matchAll(/<(\w+)>/g)].map(([, key]) => key!);
          assert.deepEqual([...new Set(used)].sort(), Object.keys(inputPaths).sort(), name);
        }
    });
  });

describe("the samples of AWS's events", () => {
  it("each belong to a rule of a stack", async () => {
    const names = (await rulesOfAll()).map(({ name }) => name);
    assert.deepEqual([...Object.keys(SAMPLES), ...Object.keys(SCHEDULES)].sort(), [...new Set(names)].sort());
  });

  it("name the page of AWS's documentation that shows them", async () => {
    for (const { name, samples } of some(await rulesOfAll()))
      if (samples) assert.match(samples.page, /^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/, name);
  });
});

describe("a rate of EventBridge", () => {
  it("uses the singular only for one", () => {
    for (const good of ["rate(1 minute)", "rate(2 hours)", "rate(10 days)"]) assert.match(good, RATE);
    for (const bad of ["rate(1 minutes)", "rate(2 hour)", "rate(0 days)", "rate(60 seconds)", "1 minute"])
      assert.doesNotMatch(bad, RATE);
  });
});
