import assert from "node:assert/strict";
import { ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { adjustmentOf, aggregated, changed } from "../../sandbox/fleet/adjustments";
import { Scaling } from "../../sandbox/fleet/scaling";
import { Group } from "../../sandbox/fleet/view";
import { standIns } from "./stand-ins";

describe("the sandbox's scaling policies", () => {
  const alarm: MetricAlarm = { Threshold: 60, ComparisonOperator: "GreaterThanOrEqualToThreshold" };
  const step = (by: number, lower?: number, upper?: number) => ({
    ScalingAdjustment: by,
    MetricIntervalLowerBound: lower,
    MetricIntervalUpperBound: upper,
  });

  it("take the step in which the metric lies, whose bound nearer to the threshold belongs to it", () => {
    const out = {
      PolicyType: "StepScaling",
      StepAdjustments: [step(1, 0, 15), step(2, 15, 25), step(3, 25)],
    };
    assert.deepEqual(
      [60, 74.9, 75, 84.9, 85, 500].map((value) => adjustmentOf(out, alarm, value)),
      [1, 1, 2, 2, 3, 3],
    );
    const low = { Threshold: 40, ComparisonOperator: "LessThanOrEqualToThreshold" } as const;
    const into = { PolicyType: "StepScaling", StepAdjustments: [step(-1, -10, 0), step(-2, undefined, -10)] };
    assert.deepEqual(
      [40, 30.1, 30, 0].map((value) => adjustmentOf(into, low, value)),
      [-1, -1, -2, -2],
    );
  });

  it("do nothing where no step is meant", () => {
    const hole = { PolicyType: "StepScaling", StepAdjustments: [step(1, 10)] };
    assert.equal(adjustmentOf(hole, alarm, 65), undefined);
    assert.equal(adjustmentOf({ PolicyType: "StepScaling" }, alarm, 65), undefined);
    const from = { PolicyType: "StepScaling", StepAdjustments: [step(1, 0)] };
    assert.deepEqual(
      [adjustmentOf(from, alarm, 60), adjustmentOf(from, { Threshold: 60 }, 60)],
      [1, undefined],
    );
    assert.equal(adjustmentOf(from, {}, 1), 1);
  });

  it("take a step below the threshold of an alarm that rings above it by the same rule", () => {
    const policy = {
      PolicyType: "StepScaling",
      StepAdjustments: [step(-2, undefined, -10), step(-1, -10, 0)],
    };
    assert.deepEqual(
      [40, 50, 51, 55].map((value) => adjustmentOf(policy, alarm, value)),
      [-2, -2, -1, -1],
    );
    const least = { PolicyType: "StepScaling", StepAdjustments: [step(-1, -10, 0)] };
    assert.deepEqual([adjustmentOf(least, alarm, 50), adjustmentOf(least, alarm, 51)], [undefined, -1]);
  });

  it("look at the least, the largest or the average of what was measured", () => {
    const of = (MetricAggregationType?: string) => aggregated({ MetricAggregationType }, [1, 2, 6]);
    assert.deepEqual([of("Minimum"), of("Maximum"), of("Average"), of()], [1, 6, 3, 3]);
  });

  it("change a group by a number, to a number or by a share", () => {
    const by = (AdjustmentType: string, amount: number, size: number, MinAdjustmentMagnitude?: number) =>
      changed({ AdjustmentType, MinAdjustmentMagnitude }, amount, size);
    assert.deepEqual(
      [
        by("ChangeInCapacity", -1, 3),
        by("ExactCapacity", 5, 3),
        by("PercentChangeInCapacity", 10, 3),
        by("PercentChangeInCapacity", 50, 5),
        by("PercentChangeInCapacity", -50, 5),
        by("PercentChangeInCapacity", 10, 10, 3),
      ],
      [2, 5, 4, 7, 3, 13],
    );
  });
});

describe("the sandbox scales", () => {
  const PERIOD = 60;
  /** A group of ten under one alarm above 60, and one policy. */
  function scaled(policy: ScalingPolicy, over: Partial<Group> = {}) {
    const group = {
      name: "web",
      desired: 10,
      minSize: 1,
      maxSize: 50,
      cooldownSeconds: 300,
      ...over,
    } as Group;
    let seconds = 0;
    let value: number | undefined;
    const alarm: MetricAlarm = {
      AlarmName: "hot",
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 60,
      EvaluationPeriods: 2,
      Period: PERIOD,
      AlarmActions: ["policy"],
      StateValue: "OK",
    };
    const autoscaling = {
      describePolicies: async () => ({
        ScalingPolicies: [
          { PolicyARN: "policy", PolicyName: "policy", AutoScalingGroupName: "web", ...policy },
        ],
      }),
      setDesiredCapacity: async () => {},
    };
    const cloudwatch = {
      describeAlarms: async () => ({ MetricAlarms: [alarm] }),
      setAlarmState: async ({ StateValue }: MetricAlarm) => void (alarm.StateValue = StateValue),
      getMetricStatistics: async ({ StartTime, EndTime }: { StartTime: Date; EndTime: Date }) => ({
        Datapoints: Array.from(
          { length: (EndTime.getTime() - StartTime.getTime()) / (PERIOD * 1000) },
          (_, i) => ({
            Timestamp: new Date(StartTime.getTime() + i * PERIOD * 1000),
            Average: value,
          }),
        ).filter(({ Average }) => Average !== undefined),
      }),
    };
    const scaling = new Scaling(
      standIns({ autoscaling, cloudwatch }),
      () => {},
      () => seconds * 1000,
    );
    /** The group's size after each measurement, ten seconds apart as the fleet takes them. */
    const sizes = async (...values: (number | undefined)[]) => {
      const all: number[] = [];
      for (value of values) {
        await scaling.follow({ machines: [], groups: [group], targetGroups: [], registered: new Map() });
        all.push(group.desired);
        seconds += 10;
      }
      return all;
    };
    return { sizes, state: () => alarm.StateValue, pass: (more: number) => (seconds += more) };
  }
  const simple: ScalingPolicy = {
    PolicyType: "SimpleScaling",
    AdjustmentType: "ChangeInCapacity",
    ScalingAdjustment: 1,
  };
  const steps: ScalingPolicy = {
    PolicyType: "StepScaling",
    AdjustmentType: "PercentChangeInCapacity",
    StepAdjustments: [
      { ScalingAdjustment: 10, MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10 },
      { ScalingAdjustment: 30, MetricIntervalLowerBound: 10 },
    ],
    EstimatedInstanceWarmup: 120,
  };

  it("by a simple policy once, and again when its cooldown is over", async () => {
    const { sizes, pass } = scaled({ ...simple, Cooldown: 90 });
    assert.deepEqual(await sizes(70, 70, 70), [11, 11, 11]);
    pass(30); // a minute since the alarm began to ring, and no cooldown
    assert.deepEqual(await sizes(70), [11]);
    pass(50);
    assert.deepEqual(await sizes(70), [12]);
  });

  it("by a simple policy that names no cooldown after the group's own", async () => {
    const { sizes, pass } = scaled(simple, { cooldownSeconds: 70 });
    assert.deepEqual(await sizes(70), [11]);
    pass(50);
    assert.deepEqual(await sizes(70), [11]);
    pass(50);
    assert.deepEqual(await sizes(70), [12]);
  });

  it("by steps without a cooldown, but counts an instance that warms up only once", async () => {
    const { sizes, pass } = scaled({ ...steps, Cooldown: 3600, EstimatedInstanceWarmup: 300 });
    assert.deepEqual(await sizes(65), [11]); // a tenth of ten
    pass(50);
    assert.deepEqual(await sizes(65), [11]); // the same breach: the eleventh is on its way
    pass(50);
    assert.deepEqual(await sizes(75), [13]); // three tenths of the ten that are warm
  });

  it("by steps from the whole group once all are warm", async () => {
    const { sizes, pass } = scaled(steps);
    assert.deepEqual(await sizes(75), [13]);
    pass(110);
    assert.deepEqual(await sizes(75), [16]);
  });

  it("by steps with the group's own warm-up where the policy names none", async () => {
    const { sizes, pass } = scaled({ ...steps, EstimatedInstanceWarmup: undefined }, { warmUpSeconds: 200 });
    assert.deepEqual(await sizes(65), [11]);
    pass(110);
    assert.deepEqual(await sizes(65), [11]);
    pass(80);
    assert.deepEqual(await sizes(65), [12]);
  });

  it("no group down while one of its instances warms up", async () => {
    const { sizes, pass } = scaled({
      ...steps,
      EstimatedInstanceWarmup: 500,
      StepAdjustments: [
        { ScalingAdjustment: 10, MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10 },
        { ScalingAdjustment: -50, MetricIntervalLowerBound: 10 },
      ],
    });
    assert.deepEqual(await sizes(65), [11]);
    pass(60);
    assert.deepEqual(await sizes(75), [11]);
    pass(500);
    assert.deepEqual(await sizes(75), [6]);
  });

  it("again each minute for as long as the alarm rings, and at once when it rings anew", async () => {
    const { sizes, state } = scaled({ ...simple, Cooldown: 0 });
    assert.deepEqual(await sizes(70, 70, 70, 70, 70, 70, 70), [11, 11, 11, 11, 11, 11, 12]);
    assert.deepEqual(await sizes(50, 70), [12, 13]);
    assert.equal(state(), "ALARM");
    assert.deepEqual(await sizes(undefined), [13]);
    assert.equal(state(), "INSUFFICIENT_DATA");
  });

  it("towards a target from what is warm", async () => {
    const TargetTrackingConfiguration = {
      TargetValue: 50,
      PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" as const },
    };
    const policy = { PolicyType: "TargetTrackingScaling", TargetTrackingConfiguration };
    const { sizes, pass } = scaled({ ...policy, EstimatedInstanceWarmup: 100 });
    assert.deepEqual(await sizes(60, 60), [12, 12]);
    pass(100);
    assert.deepEqual(await sizes(60), [15]);
    pass(100);
    assert.deepEqual(await sizes(40, 40), [14, 13]);
  });

  it("within the group's bounds", async () => {
    const { sizes } = scaled({ ...simple, ScalingAdjustment: 5, Cooldown: 0 }, { maxSize: 12 });
    assert.deepEqual(await sizes(70), [12]);
  });
});
