import { MetricAlarm } from "@aws-sdk/client-cloudwatch";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** One period's measurement; undefined if nothing was measured. The oldest comes first. */
export type Points = (number | undefined)[];

/** How many periods CloudWatch looks at: more than it evaluates, so that a late point does not count as missing. */
export const rangeOf = ({ EvaluationPeriods = 1 }: MetricAlarm) => EvaluationPeriods + 2;

/** An alarm's state by its last measurements, with missing ones treated as it declares. */
export function stateOf(alarm: MetricAlarm, points: Points): AlarmState {
  const periods = alarm.EvaluationPeriods ?? 1;
  const needed = alarm.DatapointsToAlarm ?? periods;
  const known = points.filter((one) => one !== undefined).slice(-periods);
  const missing = periods - known.length;
  const breaching = known.filter((one) => breaches(alarm, one)).length;
  const treat = alarm.TreatMissingData ?? "missing";
  if (breaching + (treat === "breaching" ? missing : 0) >= needed) return "ALARM";
  if (treat === "ignore" && breaching === known.length)
    return (alarm.StateValue as AlarmState) ?? "INSUFFICIENT_DATA";
  if (treat === "missing" && known.length === 0) return "INSUFFICIENT_DATA";
  // All known points breach, and have done so for as long as the alarm requires.
  const since = points.length - points.findIndex((one) => one !== undefined);
  if (treat === "missing" && breaching === known.length && since >= needed) return "ALARM";
  return "OK";
}

function breaches({ ComparisonOperator, Threshold = 0 }: MetricAlarm, value: number): boolean {
  switch (ComparisonOperator) {
    case "GreaterThanThreshold":
      return value > Threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= Threshold;
    case "LessThanThreshold":
      return value < Threshold;
    case "LessThanOrEqualToThreshold":
      return value <= Threshold;
    default:
      return false;
  }
}
