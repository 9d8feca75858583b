import { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import { OfBoth } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { MirrorNetwork } from "./network";

/**
 * Repeats in moto the groups that CloudFormation creates in MiniStack: only moto gives them instances. A mirrored group follows the size
 * of its original, and ends with it.
 */
export class MirrorGroups {
  /** The last size that each was given. */
  private readonly known = new Map<string, string>();

  constructor(
    private readonly emulators: OfBoth,
    private readonly network: MirrorNetwork,
  ) {}

  async follow(): Promise<void> {
    const autoscaling = await this.emulators.ministack("autoscaling");
    const groups = await everyPage(
      (from) => autoscaling.describeAutoScalingGroups(from),
      (page) => page.AutoScalingGroups,
    );
    for (const group of groups) await this.adapt(group);
    const present = new Set(groups.map((group) => group.AutoScalingGroupName));
    for (const name of this.known.keys()) if (!present.has(name)) await this.remove(name);
  }

  private async adapt(group: AutoScalingGroup): Promise<void> {
    const { AutoScalingGroupName: name, MinSize, MaxSize, DesiredCapacity } = group;
    const size = { MinSize, MaxSize, DesiredCapacity };
    const wanted = JSON.stringify(size);
    const known = this.known.get(name!);
    if (known === wanted) return;
    const autoscaling = await this.emulators.moto("autoscaling");
    if (known) await autoscaling.updateAutoScalingGroup({ AutoScalingGroupName: name, ...size });
    else await this.make(group);
    await this.enrol(group);
    this.known.set(name!, wanted);
  }

  /** A balancer that CloudFormation created is MiniStack's, which reports every target as healthy. */
  private async enrol({ AutoScalingGroupName, TargetGroupARNs = [] }: AutoScalingGroup): Promise<void> {
    const autoscaling = await this.emulators.moto("autoscaling");
    const { AutoScalingGroups } = await autoscaling.describeAutoScalingGroups({
      AutoScalingGroupNames: [AutoScalingGroupName!],
    });
    const Targets = AutoScalingGroups![0]!.Instances!.map(({ InstanceId }) => ({ Id: InstanceId! }));
    const elb = await this.emulators.ministack("elb");
    if (Targets.length > 0)
      for (const TargetGroupArn of TargetGroupARNs) await elb.registerTargets({ TargetGroupArn, Targets });
  }

  private async make(group: AutoScalingGroup): Promise<void> {
    const { AutoScalingGroupName, MinSize, MaxSize, DesiredCapacity, VPCZoneIdentifier, Tags } = group;
    const subnets = VPCZoneIdentifier!.split(",").map((id) => this.network.originalOf(id) ?? id);
    const LaunchConfigurationName = AutoScalingGroupName!;
    const autoscaling = await this.emulators.moto("autoscaling");
    await autoscaling.createLaunchConfiguration({
      LaunchConfigurationName,
      ...(await this.machineOf(group)),
    });
    await autoscaling.createAutoScalingGroup({
      AutoScalingGroupName,
      LaunchConfigurationName,
      MinSize,
      MaxSize,
      DesiredCapacity,
      VPCZoneIdentifier: subnets.join(","),
      Tags: Tags?.map(({ Key, Value, PropagateAtLaunch }) => ({ Key: Key!, Value, PropagateAtLaunch })),
    });
  }

  /** As a launch configuration: moto's groups give a template's machines no public address. */
  private async machineOf({ LaunchTemplate }: AutoScalingGroup) {
    const { LaunchTemplateId, Version } = LaunchTemplate!;
    const ec2 = await this.emulators.ministack("ec2");
    const { LaunchTemplateVersions } = await ec2.describeLaunchTemplateVersions({
      LaunchTemplateId,
      Versions: [Version!],
    });
    const { ImageId, InstanceType, NetworkInterfaces } = LaunchTemplateVersions![0]!.LaunchTemplateData!;
    const AssociatePublicIpAddress = NetworkInterfaces?.[0]?.AssociatePublicIpAddress;
    return { ImageId, InstanceType, AssociatePublicIpAddress };
  }

  private async remove(name: string): Promise<void> {
    const autoscaling = await this.emulators.moto("autoscaling");
    await autoscaling.deleteAutoScalingGroup({ AutoScalingGroupName: name, ForceDelete: true });
    await autoscaling.deleteLaunchConfiguration({ LaunchConfigurationName: name });
    this.known.delete(name);
  }
}
