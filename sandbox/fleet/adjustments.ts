import { ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import { MetricAlarm } from "@aws-sdk/client-cloudwatch";

/** By how much a policy changes a group when its alarm's metric has this value; undefined if none of its steps applies. */
export function adjustmentOf(policy: ScalingPolicy, alarm: MetricAlarm, value: number): number | undefined {
  if (policy.PolicyType !== "StepScaling") return policy.ScalingAdjustment;
  const distance = value - (alarm.Threshold ?? 0);
  // A step includes its bound nearer to the threshold, but not the farther one.
  const upwards = distance > 0 || (distance === 0 && alarm.ComparisonOperator?.startsWith("Greater"));
  const step = policy.StepAdjustments?.find(
    ({ MetricIntervalLowerBound: lower = -Infinity, MetricIntervalUpperBound: upper = Infinity }) =>
      upwards ? lower <= distance && distance < upper : lower < distance && distance <= upper,
  );
  return step?.ScalingAdjustment;
}

/** The new size of a group of this size. */
export function changed(policy: ScalingPolicy, by: number, size: number): number {
  switch (policy.AdjustmentType) {
    case "ExactCapacity":
      return by;
    case "PercentChangeInCapacity": {
      const least = Math.max(1, policy.MinAdjustmentMagnitude ?? 1);
      return size + Math.sign(by) * Math.max(least, Math.floor(Math.abs((size * by) / 100)));
    }
    default:
      return size + by;
  }
}

/** How a policy aggregates an alarm's measurements before it looks for a step. */
export function aggregated({ MetricAggregationType }: ScalingPolicy, values: number[]): number {
  if (MetricAggregationType === "Minimum") return Math.min(...values);
  if (MetricAggregationType === "Maximum") return Math.max(...values);
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
