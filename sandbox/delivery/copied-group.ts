import type { AutoScalingGroup, ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { metricAlarms } from "../fleet/measurements";
import { Problem } from "../problem";

/**
 * Makes a second group like a first, with as many servers as that one has. Nobody is sent to them: the copy has no target group yet.
 * @param use as CodeDeploy's role may ask
 */
export async function copyGroup(use: Use, from: string, to: string): Promise<void> {
  const autoscaling = await use("autoscaling");
  const group = await groupNamed(use, from);
  await autoscaling.createAutoScalingGroup({
    AutoScalingGroupName: to,
    LaunchTemplate: group.LaunchTemplate && {
      LaunchTemplateId: group.LaunchTemplate.LaunchTemplateId,
      Version: group.LaunchTemplate.Version,
    },
    MixedInstancesPolicy: group.MixedInstancesPolicy,
    MinSize: 0,
    MaxSize: group.MaxSize,
    DesiredCapacity: 0, // its hooks come before its servers
    VPCZoneIdentifier: group.VPCZoneIdentifier,
    HealthCheckType: group.HealthCheckType,
    HealthCheckGracePeriod: group.HealthCheckGracePeriod,
    DefaultCooldown: group.DefaultCooldown,
    DefaultInstanceWarmup: group.DefaultInstanceWarmup,
    TerminationPolicies: group.TerminationPolicies,
    Tags: group.Tags?.map(({ Key, Value, PropagateAtLaunch }) => ({ Key: Key!, Value, PropagateAtLaunch })),
  });
  const { LifecycleHooks = [] } = await autoscaling.describeLifecycleHooks({ AutoScalingGroupName: from });
  for (const { LifecycleHookName, LifecycleTransition, HeartbeatTimeout, DefaultResult } of LifecycleHooks)
    await autoscaling.putLifecycleHook({
      ...{ AutoScalingGroupName: to, LifecycleHookName, LifecycleTransition },
      ...{ HeartbeatTimeout, DefaultResult },
    });
  await autoscaling.updateAutoScalingGroup({
    ...{ AutoScalingGroupName: to, MinSize: group.MinSize, DesiredCapacity: group.DesiredCapacity },
  });
}

async function policiesOf(use: Use, of: { AutoScalingGroupName: string; PolicyNames?: string[] }) {
  const autoscaling = await use("autoscaling");
  return everyPage(
    (from) => autoscaling.describePolicies({ ...of, ...from }),
    (page) => page.ScalingPolicies,
  );
}

/** Gives a copy the scaling policies of its original, with alarms of their own. @param use as CodeDeploy's role may ask */
export async function copyPolicies(use: Use, from: string, to: string): Promise<void> {
  const autoscaling = await use("autoscaling");
  const alarms = await metricAlarms(use);
  for (const policy of await policiesOf(use, { AutoScalingGroupName: from })) {
    const PolicyName = nameFor(policy.PolicyName!, from, to); // moto knows policies by their name alone
    await autoscaling.putScalingPolicy({ ...plain(policy), PolicyName, AutoScalingGroupName: to });
    const [copy] = await policiesOf(use, { AutoScalingGroupName: to, PolicyNames: [PolicyName] });
    const arn = copy!.PolicyARN!;
    const cloudwatch = await use("cloudwatch");
    for (const alarm of alarms.filter(({ AlarmActions }) => AlarmActions?.includes(policy.PolicyARN!)))
      await cloudwatch.putMetricAlarm({
        ...{ AlarmName: nameFor(alarm.AlarmName!, from, to), AlarmDescription: alarm.AlarmDescription },
        ...{ Namespace: alarm.Namespace, MetricName: alarm.MetricName, Statistic: alarm.Statistic },
        ...{ Period: alarm.Period, EvaluationPeriods: alarm.EvaluationPeriods, Threshold: alarm.Threshold },
        ComparisonOperator: alarm.ComparisonOperator,
        TreatMissingData: alarm.TreatMissingData,
        Dimensions: alarm.Dimensions?.map((one) => (one.Value === from ? { ...one, Value: to } : one)),
        AlarmActions: [arn],
      });
  }
}

/** Deletes a group with its servers, its policies and their alarms. */
export async function endGroup(use: Use, name: string): Promise<void> {
  const [autoscaling, cloudwatch] = [await use("autoscaling"), await use("cloudwatch")];
  const policies = await policiesOf(use, { AutoScalingGroupName: name });
  const arns = policies.map(({ PolicyARN }) => PolicyARN!);
  const own = (await metricAlarms(use)).filter(({ AlarmActions = [] }) =>
    AlarmActions.some((arn) => arns.includes(arn)),
  );
  if (own.length > 0) await cloudwatch.deleteAlarms({ AlarmNames: own.map(({ AlarmName }) => AlarmName!) });
  for (const { PolicyName } of policies)
    await autoscaling.deletePolicy({ AutoScalingGroupName: name, PolicyName });
  await autoscaling.deleteAutoScalingGroup({ AutoScalingGroupName: name, ForceDelete: true });
}

async function groupNamed(use: Use, name: string): Promise<AutoScalingGroup> {
  const autoscaling = await use("autoscaling");
  const { AutoScalingGroups } = await autoscaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [name],
  });
  const [group] = AutoScalingGroups ?? [];
  if (!group) throw new Problem(`There is no group ${name} to copy.`);
  return group;
}

/** A policy in the form for writing, without what only an answer has. */
function plain(policy: ScalingPolicy) {
  const { PolicyARN: _arn, Alarms: _alarms, ...rest } = policy;
  return rest;
}

/** A copy's name must not grow with each release. */
const nameFor = (name: string, from: string, to: string) =>
  `${to}-${name.startsWith(`${from}-`) ? name.slice(from.length + 1) : name}`;
