// What the sandbox's scaling asks CloudWatch and Auto Scaling for, and when it asks for nothing.
import assert from "node:assert/strict";
import { ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import { GetMetricStatisticsInput, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { Scaling } from "../../sandbox/fleet/scaling";
import { Group } from "../../sandbox/fleet/view";
import { some } from "../some";
import { standIns } from "./stand-ins";

type Values = (number | undefined)[];

/** Groups of ten with these policies and alarms; one alarm rings above 60. */
function scaling(policies: ScalingPolicy[], alarms: Partial<MetricAlarm>[] = [{}], names = ["other", "web"]) {
  const groups = names.map(
    (name) => ({ name, desired: 10, minSize: 1, maxSize: 50, cooldownSeconds: 300 }) as Group,
  );
  const declared = alarms.map((over): MetricAlarm => ({
    AlarmName: "hot",
    ComparisonOperator: "GreaterThanThreshold",
    Threshold: 60,
    EvaluationPeriods: 2,
    Period: 60,
    AlarmActions: ["policy"],
    StateValue: "OK",
    ...over,
  }));
  let seconds = 1_000;
  let values: Values = [];
  const [notes, sizes, states, asked]: [string[], object[], object[], GetMetricStatisticsInput[]] = [
    [],
    [],
    [],
    [],
  ];
  const autoscaling = {
    describePolicies: async () => ({
      ScalingPolicies: policies.map((one) => ({ PolicyARN: "policy", AutoScalingGroupName: "web", ...one })),
    }),
    setDesiredCapacity: async (input: object) => void sizes.push(input),
  };
  const cloudwatch = {
    describeAlarms: async () => ({ MetricAlarms: declared }),
    setAlarmState: async (input: MetricAlarm) => {
      states.push(input);
      declared.find((one) => one.AlarmName === input.AlarmName)!.StateValue = input.StateValue;
    },
    getMetricStatistics: async (input: GetMetricStatisticsInput) => {
      asked.push(input);
      const [begin, end] = [input.StartTime!.getTime(), input.EndTime!.getTime()];
      const count = (end - begin) / (input.Period! * 1000);
      const last = [...Array<undefined>(count).fill(undefined), ...values].slice(-count);
      const Datapoints = last.map((Average, i) => ({
        Timestamp: new Date(begin + i * input.Period! * 1000),
        Average,
      }));
      return { Datapoints: Datapoints.filter(({ Average }) => Average !== undefined) };
    },
  };
  const one = new Scaling(
    standIns(policies.length > 0 ? { autoscaling, cloudwatch } : { autoscaling }),
    (line) => void notes.push(line),
    () => seconds * 1000,
  );
  return {
    groups,
    notes,
    sizes,
    states,
    asked,
    pass: (more: number) => (seconds += more),
    /** @param now the last measurements, the newest last */
    look: async (...now: Values) => {
      values = now;
      await one.follow({ machines: [], groups, targetGroups: [], registered: new Map() });
      return notes.length;
    },
  };
}

const simple: ScalingPolicy = {
  PolicyType: "SimpleScaling",
  AdjustmentType: "ChangeInCapacity",
  ScalingAdjustment: 1,
  Cooldown: 0,
};
const steps = (...all: [by: number, lower?: number, upper?: number][]): ScalingPolicy => ({
  PolicyType: "StepScaling",
  AdjustmentType: "ChangeInCapacity",
  StepAdjustments: all.map(([ScalingAdjustment, MetricIntervalLowerBound, MetricIntervalUpperBound]) => ({
    ...{ ScalingAdjustment, MetricIntervalLowerBound, MetricIntervalUpperBound },
  })),
  EstimatedInstanceWarmup: 100,
});

describe("the sandbox's scaling by alarms", () => {
  it("changes the policy's own group, and says why", async () => {
    const { look, groups, notes, sizes } = scaling([simple]);
    await look(61, 61);
    assert.deepEqual(
      groups.map(({ desired }) => desired),
      [10, 11],
    );
    assert.deepEqual(sizes, [{ AutoScalingGroupName: "web", DesiredCapacity: 11 }]);
    assert.deepEqual(notes, ["web: 10 -> 11 instances, by the alarm hot"]);
  });

  it("tells CloudWatch an alarm's new state, once, and by what", async () => {
    const { look, states } = scaling([simple]);
    await look(50, 61.25, 62);
    await look(50, 61.25, 62);
    await look();
    const told = (StateValue: string, words: string) => ({
      ...{ AlarmName: "hot", StateValue, StateReason: `The last measurements were ${words}` },
    });
    assert.deepEqual(states, [told("ALARM", "50.0, 61.3, 62.0"), told("INSUFFICIENT_DATA", "missing")]);
  });

  it("asks once a minute, also when it looks more often, and a simple policy from the end of its cooldown on", async () => {
    const { look, pass } = scaling([{ ...simple, Cooldown: 60 }]);
    const counts = [await look(61, 61)];
    for (const more of [1, 58.999, 0.001]) {
      pass(more);
      counts.push(await look(61, 61));
    }
    assert.deepEqual(counts, [1, 1, 1, 2]);
  });

  it("takes the periods that the alarm evaluates, and no older ones, for the step", async () => {
    const { look, groups } = scaling([steps([1, 0, 12], [2, 12])]);
    await look(0, 80, 70);
    assert.equal(groups[1]!.desired, 12);
    const single = scaling([steps([1, 0, 12], [2, 12])], [{ EvaluationPeriods: undefined }]);
    await single.look(0, 80, 70);
    assert.equal(single.groups[1]!.desired, 11);
  });

  it("takes an alarm's own period, or a minute", async () => {
    for (const Period of some([300, undefined])) {
      const { look, asked } = scaling([simple], [{ Period }]);
      await look();
      assert.deepEqual(
        asked.map((one) => [one.Period, one.EndTime!.getTime() - one.StartTime!.getTime()]),
        [[Period ?? 60, (Period ?? 60) * 4_000]],
      );
    }
  });

  it("does nothing for a group that is not here, a step that is not meant, or a size that stays", async () => {
    for (const [policy, names] of some([
      [simple, ["other"]],
      [steps([1, 10]), ["web"]],
      [{ ...simple, AdjustmentType: "ExactCapacity", ScalingAdjustment: 10 }, ["web"]],
      [{ ...steps([10, 0]), AdjustmentType: "ExactCapacity" }, ["web"]],
    ] as const)) {
      const { look, states, sizes, notes } = scaling([policy], [{}], [...names]);
      await look(61, 61);
      assert.deepEqual([states.length, sizes, notes], [1, [], []]);
    }
  });

  it("does not look at an alarm that calls no policy, nor at any where there is no policy", async () => {
    const { look, asked, states } = scaling(
      [simple],
      [{ AlarmActions: undefined }, { AlarmActions: ["topic"] }],
    );
    await look(61, 61);
    assert.deepEqual([asked, states], [[], []]);
    assert.equal(await scaling([]).look(61, 61), 0);
  });

  it("adds to what warms up only what is more than that", async () => {
    const { look, groups, notes, pass } = scaling([steps([1, 0, 10], [2, 10])]);
    await look(61, 61);
    pass(60);
    await look(61, 61);
    assert.equal(notes.length, 1);
    pass(10);
    await look(50, 50); // it rings no more, and then anew
    await look(71, 71);
    assert.deepEqual([groups[1]!.desired, notes.length], [12, 2]);
  });
});

describe("the sandbox's scaling towards a target", () => {
  const tracking = (over: object = {}): ScalingPolicy => ({
    PolicyType: "TargetTrackingScaling",
    PolicyName: "half",
    EstimatedInstanceWarmup: 0,
    TargetTrackingConfiguration: {
      TargetValue: 50,
      PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
      ...over,
    },
  });
  const low = (count: number, value = 40) => Array<number>(count).fill(value);

  it("measures the group's CPU, for as long as scaling in takes", async () => {
    const { look, asked } = scaling([tracking()], []);
    await look(60, 60, 60);
    const [{ StartTime, EndTime, ...rest }] = asked as [GetMetricStatisticsInput];
    assert.equal(EndTime!.getTime() - StartTime!.getTime(), 15 * 60_000);
    assert.deepEqual(rest, {
      Namespace: "AWS/EC2",
      MetricName: "CPUUtilization",
      Dimensions: [{ Name: "AutoScalingGroupName", Value: "web" }],
      Period: 60,
      Statistics: ["Average"],
    });
  });

  const CASES: [what: string, values: number[], note: string | undefined, over?: object][] = [
    ["grows by the average of three high minutes", [0, 60, 70, 80], "10 -> 14"],
    ["waits for the third", [60, 60], undefined],
    ["waits where one of three is not above the target", [60, 50, 60], undefined],
    ["shrinks by one after fifteen low minutes", low(15), "10 -> 9"],
    ["waits for the fifteenth", low(14), undefined],
    ["waits where one of fifteen is not low", [45, ...low(14)], undefined],
    ["waits where all are less than a tenth below the target", low(15, 46), undefined],
    ["never shrinks where that is forbidden", low(15), undefined, { DisableScaleIn: true }],
    ["leaves another metric", [60, 60, 60], undefined, { PredefinedMetricSpecification: { PredefinedMetricType: "ALBRequestCountPerTarget" } }], // prettier-ignore
    ["leaves a metric of one's own", [60, 60, 60], undefined, { PredefinedMetricSpecification: undefined }],
    ["leaves a policy without a target", [60, 60, 60], undefined, { TargetValue: undefined }],
  ];
  for (const [what, values, note, over] of CASES)
    it(what, async () => {
      const { look, notes, sizes } = scaling([tracking(over)], []);
      await look(...values);
      assert.deepEqual(notes, note ? [`web: ${note} instances, by the policy half`] : []);
      assert.equal(sizes.length, notes.length);
    });

  it("leaves a group that is not here, and a policy that tracks nothing", async () => {
    for (const [policy, names] of some([
      [tracking(), ["other"]],
      [{ PolicyType: "TargetTrackingScaling" }, ["web"]],
      [{ ...tracking(), PolicyType: "PredictiveScaling" }, ["web"]],
    ] as const)) {
      const { look, asked, notes } = scaling([policy], [], [...names]);
      await look(60, 60, 60);
      assert.deepEqual([asked, notes], [[], []]);
    }
  });
});
