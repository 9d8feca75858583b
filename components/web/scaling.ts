import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Scaling } from "./args";

/** The reference thresholds: up above 60 %, down below 40 %, each for two minutes. */
const STEPS = [
  { role: "up", adjustment: 1, comparison: "GreaterThanThreshold", threshold: 60 },
  { role: "down", adjustment: -1, comparison: "LessThanThreshold", threshold: 40 },
] as const;

export interface ScalingArgs {
  mode: Scaling;
  groupName: pulumi.Output<string>;
  /** The CPU load that `target` maintains. */
  targetCpuPercent: number;
  /** The length of one measurement of an alarm of `steps`. */
  periodSeconds: number;
  cooldownSeconds: number;
}

/** Makes the group follow the load: step by step with alarms, or towards a target that AWS tracks. */
export function scale(name: string, args: ScalingArgs, opts: pulumi.CustomResourceOptions): void {
  if (args.mode === "steps") return steps(name, args, opts);
  new aws.autoscaling.Policy(
    name,
    {
      autoscalingGroupName: args.groupName,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        targetValue: args.targetCpuPercent,
      },
    },
    opts,
  );
}

function steps(name: string, args: ScalingArgs, opts: pulumi.CustomResourceOptions): void {
  for (const { role, adjustment, comparison, threshold } of STEPS) {
    const policy = new aws.autoscaling.Policy(
      `${name}-${role}`,
      {
        autoscalingGroupName: args.groupName,
        policyType: "SimpleScaling",
        adjustmentType: "ChangeInCapacity",
        scalingAdjustment: adjustment,
        cooldown: args.cooldownSeconds,
      },
      opts,
    );
    new aws.cloudwatch.MetricAlarm(
      `${name}-cpu-${role}`,
      {
        alarmDescription: `Scales ${role} by one while the CPU is ${adjustment > 0 ? "above" : "below"} ${threshold} %`,
        namespace: "AWS/EC2",
        metricName: "CPUUtilization",
        dimensions: { AutoScalingGroupName: args.groupName },
        statistic: "Average",
        period: args.periodSeconds,
        evaluationPeriods: 2,
        comparisonOperator: comparison,
        threshold,
        alarmActions: [policy.arn],
      },
      opts,
    );
  }
}
