import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { scale, ScalingArgs } from "../../../components/web/scaling";
import { run } from "../../harness";

const scaled = (args: Partial<ScalingArgs>) =>
  run(() => {
    const groupName = pulumi.output("web-1");
    const all = { mode: "steps", groupName, targetCpuPercent: 45, periodSeconds: 60, cooldownSeconds: 90 };
    scale("web", { ...all, ...args } as ScalingArgs, {});
    return {};
  });

describe("scaling by steps", () => {
  it("adds one server above 60 % of the group's CPU, and takes one away below 40 %", async () => {
    const { all } = await scaled({ periodSeconds: 10 });
    const figure = { namespace: "AWS/EC2", metricName: "CPUUtilization", statistic: "Average" };
    const shared = {
      ...figure,
      dimensions: { AutoScalingGroupName: "web-1" },
      period: 10,
      evaluationPeriods: 2,
    };
    assert.deepEqual(
      all("cloudwatch/metricAlarm:MetricAlarm").map(({ name, inputs: { alarmActions, ...inputs } }) => {
        assert.equal(alarmActions.length, 1);
        return [name, inputs];
      }),
      [
        [
          "web-cpu-up",
          {
            ...shared,
            alarmDescription: "Scales up by one while the CPU is above 60 %",
            comparisonOperator: "GreaterThanThreshold",
            threshold: 60,
          },
        ],
        [
          "web-cpu-down",
          {
            ...shared,
            alarmDescription: "Scales down by one while the CPU is below 40 %",
            comparisonOperator: "LessThanThreshold",
            threshold: 40,
          },
        ],
      ],
    );
  });

  it("makes each alarm call the policy of its own direction, which then cools down", async () => {
    const { one } = await scaled({});
    for (const [role, scalingAdjustment] of [
      ["up", 1],
      ["down", -1],
    ] as const) {
      assert.deepEqual(one("autoscaling/policy:Policy", `web-${role}`).inputs, {
        autoscalingGroupName: "web-1",
        policyType: "SimpleScaling",
        adjustmentType: "ChangeInCapacity",
        scalingAdjustment,
        cooldown: 90,
      });
      const [action] = one("cloudwatch/metricAlarm:MetricAlarm", `web-cpu-${role}`).inputs.alarmActions;
      assert.match(action, new RegExp(`/web-${role}$`));
    }
  });
});

describe("scaling towards a target", () => {
  it("lets AWS keep the group's CPU at the given share, without alarms of its own", async () => {
    const { all, one } = await scaled({ mode: "target" });
    assert.deepEqual(one("autoscaling/policy:Policy").inputs, {
      autoscalingGroupName: "web-1",
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        targetValue: 45,
      },
    });
    assert.deepEqual(all("cloudwatch/metricAlarm:MetricAlarm"), []);
  });
});
