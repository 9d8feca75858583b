import { ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { Use } from "../engine/clients";
import { Group, View } from "./view";

/** AWS's own rule of thumb: out after three high measurements, in after fifteen low ones. */
const TRACKING = { outAfter: 3, inAfter: 15, inBelow: 0.9 };

/**
 * Moves a group as its alarms and target policies say. The emulators keep both and act on neither: MiniStack's alarms look
 * past dimensions, and moto has no clock.
 */
export class Scaling {
  private readonly steppedAt = new Map<string, number>();

  constructor(
    private readonly use: Use,
    private readonly note: (line: string) => void,
  ) {}

  async follow({ groups }: View): Promise<void> {
    const autoscaling = await this.use("autoscaling");
    const { ScalingPolicies } = await autoscaling.describePolicies({});
    const policies = ScalingPolicies ?? [];
    if (policies.length === 0) return;
    const byArn = new Map(policies.map((one) => [one.PolicyARN!, one]));
    const cloudwatch = await this.use("cloudwatch");
    const { MetricAlarms } = await cloudwatch.describeAlarms({ AlarmTypes: ["MetricAlarm"] });
    for (const alarm of MetricAlarms ?? []) await this.obey(alarm, byArn, groups);
    for (const policy of policies) {
      const group = groups.find(({ name }) => name === policy.AutoScalingGroupName);
      if (group && policy.PolicyType === "TargetTrackingScaling") await this.track(policy, group);
    }
  }

  private async obey(
    alarm: MetricAlarm,
    policies: Map<string, ScalingPolicy>,
    groups: Group[],
  ): Promise<void> {
    const actions = (alarm.AlarmActions ?? []).flatMap((arn) => policies.get(arn) ?? []);
    if (actions.length === 0) return;
    const values = await this.measurements(alarm, alarm.Period ?? 60, alarm.EvaluationPeriods ?? 1);
    const state = stateOf(alarm, values);
    if (state !== alarm.StateValue) await this.tell(alarm, state, values);
    if (state !== "ALARM") return;
    for (const policy of actions) {
      const group = groups.find(({ name }) => name === policy.AutoScalingGroupName);
      if (group) await this.step(policy, group, alarm.AlarmName!);
    }
  }

  private async tell(
    alarm: MetricAlarm,
    state: "OK" | "ALARM" | "INSUFFICIENT_DATA",
    values: number[],
  ): Promise<void> {
    const cloudwatch = await this.use("cloudwatch");
    await cloudwatch.setAlarmState({
      AlarmName: alarm.AlarmName,
      StateValue: state,
      StateReason: `The last measurements were ${values.map((one) => one.toFixed(1)).join(", ") || "missing"}`,
    });
  }

  private async step(policy: ScalingPolicy, group: Group, alarm: string): Promise<void> {
    const cooldown = (policy.Cooldown ?? 300) * 1000;
    if (performance.now() - (this.steppedAt.get(group.name) ?? -Infinity) < cooldown) return;
    const wanted = within(group, changed(policy, group.desired));
    if (wanted === group.desired) return;
    this.steppedAt.set(group.name, performance.now());
    await this.resize(group, wanted, `the alarm ${alarm}`);
  }

  private async track(policy: ScalingPolicy, group: Group): Promise<void> {
    const target = policy.TargetTrackingConfiguration?.TargetValue;
    const metric = policy.TargetTrackingConfiguration?.PredefinedMetricSpecification?.PredefinedMetricType;
    if (target === undefined || metric !== "ASGAverageCPUUtilization") return;
    const values = await this.measurements(
      {
        Namespace: "AWS/EC2",
        MetricName: "CPUUtilization",
        Dimensions: [{ Name: "AutoScalingGroupName", Value: group.name }],
      },
      60,
      TRACKING.inAfter,
    );
    const recent = values.slice(-TRACKING.outAfter);
    if (recent.length === TRACKING.outAfter && recent.every((one) => one > target)) {
      const average = recent.reduce((sum, one) => sum + one, 0) / recent.length;
      await this.resizeTo(group, Math.ceil(group.desired * (average / target)), policy);
    } else if (
      values.length === TRACKING.inAfter &&
      !policy.TargetTrackingConfiguration?.DisableScaleIn &&
      values.every((one) => one < target * TRACKING.inBelow)
    ) {
      await this.resizeTo(group, group.desired - 1, policy);
    }
  }

  private async resizeTo(group: Group, wanted: number, policy: ScalingPolicy): Promise<void> {
    const bounded = within(group, wanted);
    const warmUp = (policy.EstimatedInstanceWarmup ?? 60) * 1000;
    if (
      bounded === group.desired ||
      performance.now() - (this.steppedAt.get(group.name) ?? -Infinity) < warmUp
    )
      return;
    this.steppedAt.set(group.name, performance.now());
    await this.resize(group, bounded, `the policy ${policy.PolicyName}`);
  }

  private async resize(group: Group, wanted: number, why: string): Promise<void> {
    this.note(`${group.name}: ${group.desired} -> ${wanted} instances, by ${why}`);
    const autoscaling = await this.use("autoscaling");
    await autoscaling.setDesiredCapacity({ AutoScalingGroupName: group.name, DesiredCapacity: wanted });
  }

  /** The last measurements of complete periods, oldest first. */
  private async measurements(metric: MetricAlarm, period: number, count: number): Promise<number[]> {
    const cloudwatch = await this.use("cloudwatch");
    const end = Math.floor(Date.now() / 1000 / period) * period;
    const { Datapoints } = await cloudwatch.getMetricStatistics({
      Namespace: metric.Namespace,
      MetricName: metric.MetricName,
      Dimensions: metric.Dimensions,
      StartTime: new Date((end - count * period) * 1000),
      EndTime: new Date(end * 1000),
      Period: period,
      Statistics: [metric.Statistic ?? "Average"],
    });
    return (Datapoints ?? [])
      .sort((a, b) => a.Timestamp!.getTime() - b.Timestamp!.getTime())
      .map((one) => one[metric.Statistic ?? "Average"] ?? 0);
  }
}

export function stateOf(alarm: MetricAlarm, values: number[]): "OK" | "ALARM" | "INSUFFICIENT_DATA" {
  const needed = alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods ?? 1;
  const breaching = values.filter((one) => breaches(alarm, one)).length;
  const missing = (alarm.EvaluationPeriods ?? 1) - values.length;
  const counted = alarm.TreatMissingData === "breaching" ? breaching + missing : breaching;
  if (counted >= needed) return "ALARM";
  if (values.length === 0 && !["notBreaching", "breaching"].includes(alarm.TreatMissingData ?? ""))
    return "INSUFFICIENT_DATA";
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

export function changed(policy: ScalingPolicy, desired: number): number {
  const by = policy.ScalingAdjustment ?? policy.StepAdjustments?.[0]?.ScalingAdjustment ?? 0;
  switch (policy.AdjustmentType) {
    case "ExactCapacity":
      return by;
    case "PercentChangeInCapacity":
      return desired + Math.sign(by) * Math.max(1, Math.floor(Math.abs((desired * by) / 100)));
    default:
      return desired + by;
  }
}

const within = ({ minSize, maxSize }: Group, wanted: number) => Math.min(maxSize, Math.max(minSize, wanted));
