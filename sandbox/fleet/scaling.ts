import { ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { adjustmentOf, aggregated, changed } from "./adjustments";
import { AlarmState, Points, rangeOf, stateOf } from "./alarms";
import { measurements, metricAlarms } from "./measurements";
import { Group, View } from "./view";

/** AWS's own rule: scale out after three high measurements, in after fifteen low ones. */
const TRACKING = { outAfter: 3, inAfter: 15, inBelow: 0.9 };
/** While an alarm rings, CloudWatch calls its policies again this often. */
const AGAIN_MS = 60_000;

/**
 * Scales a group by its alarms and target policies. The emulators keep both but act on neither: MiniStack's alarms ignore
 * dimensions, and moto has no clock.
 */
export class Scaling {
  /** When each ringing alarm last called its policies. */
  private readonly rang = new Map<string, number>();
  /** The end of the cooldown of a group's simple policies. */
  private readonly restsUntil = new Map<string, number>();
  /** Instances that a policy started, until they count. */
  private readonly warming = new Map<string, { until: number; count: number }[]>();

  constructor(
    private readonly use: Use,
    private readonly note: (line: string) => void,
    private readonly now = () => performance.now(),
  ) {}

  async follow({ groups }: View): Promise<void> {
    const autoscaling = await this.use("autoscaling");
    const policies = await everyPage(
      (from) => autoscaling.describePolicies(from),
      (page) => page.ScalingPolicies,
    );
    if (policies.length === 0) return;
    const byArn = new Map(policies.map((one) => [one.PolicyARN!, one]));
    for (const alarm of await metricAlarms(this.use)) await this.obey(alarm, byArn, groups);
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
    const points = await measurements(this.use, alarm, alarm.Period ?? 60, rangeOf(alarm));
    const state = stateOf(alarm, points);
    const name = alarm.AlarmName!;
    if (state !== alarm.StateValue) await this.tell(name, state, known(points));
    if (state !== "ALARM") return void this.rang.delete(name);
    if (this.now() - (this.rang.get(name) ?? -Infinity) < AGAIN_MS) return;
    this.rang.set(name, this.now());
    for (const policy of actions) {
      const group = groups.find((one) => one.name === policy.AutoScalingGroupName);
      const value = aggregated(policy, known(points).slice(-(alarm.EvaluationPeriods ?? 1)));
      const by = adjustmentOf(policy, alarm, value);
      if (group && by !== undefined) await this.apply(policy, by, group, `the alarm ${name}`);
    }
  }

  private async tell(AlarmName: string, StateValue: AlarmState, values: number[]): Promise<void> {
    const cloudwatch = await this.use("cloudwatch");
    const StateReason = `The last measurements were ${values.map((one) => one.toFixed(1)).join(", ") || "missing"}`;
    await cloudwatch.setAlarmState({ AlarmName, StateValue, StateReason });
  }

  /** A simple policy waits after each change of its group; a step policy continues, and counts instances that are still starting only once. */
  private async apply(policy: ScalingPolicy, by: number, group: Group, why: string): Promise<void> {
    if (policy.PolicyType === "StepScaling")
      return this.move(policy, group, (size) => changed(policy, by, size), why);
    if (this.now() < (this.restsUntil.get(group.name) ?? -Infinity)) return;
    const wanted = within(group, changed(policy, by, group.desired));
    if (wanted === group.desired) return;
    this.restsUntil.set(group.name, this.now() + (policy.Cooldown ?? group.cooldownSeconds) * 1000);
    await this.resize(group, wanted, why);
  }

  private async track(policy: ScalingPolicy, group: Group): Promise<void> {
    const target = policy.TargetTrackingConfiguration?.TargetValue;
    const metric = policy.TargetTrackingConfiguration?.PredefinedMetricSpecification?.PredefinedMetricType;
    if (target === undefined || metric !== "ASGAverageCPUUtilization") return;
    const measured = {
      Namespace: "AWS/EC2",
      MetricName: "CPUUtilization",
      Dimensions: [{ Name: "AutoScalingGroupName", Value: group.name }],
    };
    const values = known(await measurements(this.use, measured, 60, TRACKING.inAfter));
    const recent = values.slice(-TRACKING.outAfter);
    const why = `the policy ${policy.PolicyName}`;
    if (recent.length === TRACKING.outAfter && recent.every((one) => one > target)) {
      const average = aggregated({}, recent);
      await this.move(policy, group, (size) => Math.ceil(size * (average / target)), why);
    } else if (
      values.length === TRACKING.inAfter &&
      !policy.TargetTrackingConfiguration?.DisableScaleIn &&
      values.every((one) => one < target * TRACKING.inBelow)
    ) {
      await this.move(policy, group, (size) => size - 1, why);
    }
  }

  /** Grows a group from its warmed-up instances, so that one breach is not answered twice; shrinks none while an instance warms up. */
  private async move(
    policy: ScalingPolicy,
    group: Group,
    sizeFrom: (size: number) => number,
    why: string,
  ): Promise<void> {
    const warming = (this.warming.get(group.name) ?? []).filter(({ until }) => until > this.now());
    const cold = warming.reduce((sum, { count }) => sum + count, 0);
    const wanted = within(group, sizeFrom(group.desired - cold));
    const grows = wanted > group.desired - cold;
    if (grows ? wanted <= group.desired : cold > 0 || wanted === group.desired) return;
    const seconds = policy.EstimatedInstanceWarmup ?? group.warmUpSeconds ?? group.cooldownSeconds;
    if (grows) warming.push({ until: this.now() + seconds * 1000, count: wanted - group.desired });
    this.warming.set(group.name, warming);
    await this.resize(group, wanted, why);
  }

  private async resize(group: Group, wanted: number, why: string): Promise<void> {
    this.note(`${group.name}: ${group.desired} -> ${wanted} instances, by ${why}`);
    const autoscaling = await this.use("autoscaling");
    await autoscaling.setDesiredCapacity({ AutoScalingGroupName: group.name, DesiredCapacity: wanted });
    group.desired = wanted; // another policy continues from there before the next look
  }
}

const known = (points: Points) => points.filter((one) => one !== undefined);

const within = ({ minSize, maxSize }: Group, wanted: number) => Math.min(maxSize, Math.max(minSize, wanted));
