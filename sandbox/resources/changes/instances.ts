import { Changes } from "../../engine/types";
import { groupOf } from "../autoscaling";
import { templateData } from "../instances";
import { again, moved } from "./calls";

export const autoscaling: Changes = {
  Group: {
    async update(r) {
      const autoscaling = await r.use("autoscaling");
      const AutoScalingGroupName = r.id;
      await autoscaling.updateAutoScalingGroup({
        AutoScalingGroupName,
        ...groupOf(r.inputs),
        DesiredCapacity: r.inputs["desiredCapacity"],
      });
      const targets = moved<string>(r.before["targetGroupArns"], r.inputs["targetGroupArns"]);
      if (targets.gone.length)
        await autoscaling.detachLoadBalancerTargetGroups({
          AutoScalingGroupName,
          TargetGroupARNs: targets.gone,
        });
      if (targets.added.length)
        await autoscaling.attachLoadBalancerTargetGroups({
          AutoScalingGroupName,
          TargetGroupARNs: targets.added,
        });
    },
    remove: async (r) =>
      (await r.use("autoscaling")).deleteAutoScalingGroup({
        AutoScalingGroupName: r.id,
        ForceDelete: true,
      }),
  },
  Policy: {
    update: again,
    remove: async (r) =>
      (await r.use("autoscaling")).deletePolicy({
        AutoScalingGroupName: r.inputs["autoscalingGroupName"],
        PolicyName: r.id,
      }),
  },
};

export const instances: Changes = {
  Instance: {
    carries: ["sourceDestCheck", "disableApiTermination"],
    async update(r) {
      const ec2 = await r.use("ec2");
      const { sourceDestCheck, disableApiTermination } = r.inputs;
      if (r.changed.includes("sourceDestCheck"))
        await ec2.modifyInstanceAttribute({
          InstanceId: r.id,
          SourceDestCheck: { Value: sourceDestCheck ?? true },
        });
      if (r.changed.includes("disableApiTermination"))
        await ec2.modifyInstanceAttribute({
          InstanceId: r.id,
          DisableApiTermination: { Value: disableApiTermination ?? false },
        });
    },
    remove: async (r) => (await r.use("ec2")).terminateInstances({ InstanceIds: [r.id] }),
  },
  NetworkInterface: {
    remove: async (r) => (await r.use("ec2")).deleteNetworkInterface({ NetworkInterfaceId: r.id }),
  },
  LaunchTemplate: {
    moves: ["latestVersion", "defaultVersion"],
    async update(r) {
      const ec2 = await r.use("ec2");
      const { LaunchTemplateVersion } = await ec2.createLaunchTemplateVersion({
        LaunchTemplateId: r.id,
        LaunchTemplateData: await templateData(r),
        VersionDescription: r.inputs["description"],
      });
      const latestVersion = LaunchTemplateVersion!.VersionNumber!;
      if (r.inputs["updateDefaultVersion"])
        await ec2.modifyLaunchTemplate({ LaunchTemplateId: r.id, DefaultVersion: String(latestVersion) });
      const defaultVersion = r.inputs["updateDefaultVersion"] ? latestVersion : r.outputs["defaultVersion"];
      return { outputs: { latestVersion, defaultVersion } };
    },
    remove: async (r) => (await r.use("ec2")).deleteLaunchTemplate({ LaunchTemplateId: r.id }),
  },
  EncryptionByDefault: {
    async update(r) {
      const ec2 = await r.use("ec2");
      if (r.inputs["enabled"] === false) await ec2.disableEbsEncryptionByDefault({});
      else await ec2.enableEbsEncryptionByDefault({});
    },
    remove: async (r) => (await r.use("ec2")).disableEbsEncryptionByDefault({}),
  },
};
