import { asList, omit, pascal, pick } from "../engine/shape";
import { Inputs, Table } from "../engine/types";

/** Groups and their policies, on moto. */
export const autoscaling: Table = {
  Group: async (r) => {
    const autoscaling = await r.use("autoscaling");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 255);
    const propagated = asList<Inputs>(i["tags"]).map((tag) => ({
      Key: tag["key"],
      Value: tag["value"],
      PropagateAtLaunch: tag["propagateAtLaunch"],
    }));
    const hooks = asList<Inputs>(i["initialLifecycleHooks"]);
    const size = { MinSize: i["minSize"], DesiredCapacity: i["desiredCapacity"] ?? i["minSize"] };
    await autoscaling.createAutoScalingGroup({
      AutoScalingGroupName: name,
      ...groupOf(i),
      ...(hooks.length > 0 ? { MinSize: 0, DesiredCapacity: 0 } : size),
      TargetGroupARNs: i["targetGroupArns"],
      Tags: propagated,
    });
    for (const hook of hooks)
      await autoscaling.putLifecycleHook({
        AutoScalingGroupName: name,
        ...pascal(omit(hook, "name")),
        LifecycleHookName: hook["name"],
      } as never);
    // moto takes no hooks with the group, and its first instances wait for them, too.
    if (hooks.length > 0) await autoscaling.updateAutoScalingGroup({ AutoScalingGroupName: name, ...size });
    return {
      id: name,
      outputs: { name, arn: r.arn("autoscaling", `autoScalingGroup:${name}:autoScalingGroupName/${name}`) },
    };
  },

  Policy: async (r) => {
    const autoscaling = await r.use("autoscaling");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 255);
    const AutoScalingGroupName = i["autoscalingGroupName"];
    await autoscaling.putScalingPolicy({
      PolicyName: name,
      AutoScalingGroupName,
      ...pascal(
        pick(
          i,
          "policyType",
          "adjustmentType",
          "scalingAdjustment",
          "cooldown",
          "metricAggregationType",
          "estimatedInstanceWarmup",
          "minAdjustmentMagnitude",
        ),
      ),
      StepAdjustments: pascal(i["stepAdjustments"]),
      TargetTrackingConfiguration: tracking(i["targetTrackingConfiguration"]),
    });
    // moto answers the call above without the ARN, and an alarm without the ARN triggers nothing.
    const { ScalingPolicies } = await autoscaling.describePolicies({
      AutoScalingGroupName,
      PolicyNames: [name],
    });
    return { id: name, outputs: { name, arn: ScalingPolicies![0]!.PolicyARN } };
  },
};

/** What an update of a group may change. */
export function groupOf(i: Inputs) {
  const template =
    i["launchTemplate"] ?? i["mixedInstancesPolicy"]?.launchTemplate?.launchTemplateSpecification;
  return {
    ...pascal(
      pick(
        i,
        "minSize",
        "maxSize",
        "healthCheckType",
        "healthCheckGracePeriod",
        "availabilityZones",
        "capacityRebalance",
        "maxInstanceLifetime",
      ),
    ),
    DefaultCooldown: i["defaultCooldown"],
    DefaultInstanceWarmup: i["defaultInstanceWarmup"],
    NewInstancesProtectedFromScaleIn: i["protectFromScaleIn"],
    TerminationPolicies: i["terminationPolicies"],
    VPCZoneIdentifier: i["vpcZoneIdentifiers"]?.join(","),
    LaunchTemplate: template && {
      LaunchTemplateId: template.id ?? template.launchTemplateId,
      LaunchTemplateName: template.name ?? template.launchTemplateName,
      Version: String(template.version ?? "$Latest"),
    },
  };
}

function tracking(configuration: Inputs | undefined) {
  if (!configuration) return undefined;
  const { customizedMetricSpecification: custom, ...rest } = configuration;
  return {
    ...pascal(rest),
    CustomizedMetricSpecification: custom && {
      ...pascal(omit(custom, "metricDimensions")),
      Dimensions: pascal(custom.metricDimensions),
    },
  };
}
