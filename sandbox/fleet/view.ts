import { Instance } from "@aws-sdk/client-ec2";
import { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { tagsIn } from "../engine/shape";

/** An instance as EC2 knows it. */
export interface Machine {
  id: string;
  state: string;
  /** The auto scaling group it belongs to. */
  group?: string;
  launchedAt: Date;
  privateIp?: string;
  zone?: string;
  profile?: string;
  tags: Record<string, string>;
  networkInterfaceIds: string[];
}

export interface Group {
  name: string;
  healthCheckType: string;
  graceSeconds: number;
  cooldownSeconds: number;
  /** How long a new instance does not count for the policies; the cooldown by default. */
  warmUpSeconds?: number;
  targetGroupArns: string[];
  desired: number;
  minSize: number;
  maxSize: number;
  instanceIds: string[];
  /** Those of them that still wait for a launch hook. */
  pending: string[];
  /** Where it may start them. */
  zones: string[];
  template?: { LaunchTemplateId?: string; Version?: string };
}

/** What the program put into EC2, Auto Scaling and Elastic Load Balancing, at one moment. */
export interface View {
  machines: Machine[];
  groups: Group[];
  targetGroups: TargetGroup[];
  /** Who is registered, by the target group's ARN. */
  registered: Map<string, string[]>;
}

export async function observe(use: Use): Promise<View> {
  const [autoscaling, ec2, elb] = await Promise.all([use("autoscaling"), use("ec2"), use("elb")]);
  const [found, reservations, targetGroups] = await Promise.all([
    everyPage(
      (from) => autoscaling.describeAutoScalingGroups(from),
      (page) => page.AutoScalingGroups,
    ),
    everyPage(
      (from) => ec2.describeInstances(from),
      (page) => page.Reservations,
    ),
    everyPage(
      (from) => elb.describeTargetGroups(from),
      (page) => page.TargetGroups,
    ),
  ]);
  const registered = await Promise.all(
    targetGroups.map(async ({ TargetGroupArn }): Promise<[string, string[]]> => {
      const { TargetHealthDescriptions } = await elb.describeTargetHealth({ TargetGroupArn });
      return [TargetGroupArn!, (TargetHealthDescriptions ?? []).map((one) => one.Target!.Id!)];
    }),
  );
  const groups = found.map((group) => ({
    name: group.AutoScalingGroupName!,
    healthCheckType: group.HealthCheckType ?? "EC2",
    graceSeconds: group.HealthCheckGracePeriod ?? 0,
    cooldownSeconds: group.DefaultCooldown ?? 300,
    warmUpSeconds: group.DefaultInstanceWarmup,
    targetGroupArns: group.TargetGroupARNs ?? [],
    desired: group.DesiredCapacity ?? 0,
    minSize: group.MinSize ?? 0,
    maxSize: group.MaxSize ?? 0,
    template: group.LaunchTemplate ?? group.Instances?.[0]?.LaunchTemplate,
    zones: group.AvailabilityZones ?? [],
    instanceIds: (group.Instances ?? []).map((one) => one.InstanceId!),
    pending: (group.Instances ?? [])
      .filter((one) => one.LifecycleState === "Pending:Wait")
      .map((one) => one.InstanceId!),
  }));
  const groupOf = new Map(groups.flatMap((group) => group.instanceIds.map((id) => [id, group.name])));
  const instances = reservations.flatMap((one) => one.Instances ?? []);
  const machines = instances.map((one) => machine(one, groupOf.get(one.InstanceId!)));
  return { groups, machines, targetGroups, registered: new Map(registered) };
}

function machine(instance: Instance, group: string | undefined): Machine {
  return {
    id: instance.InstanceId!,
    state: instance.State?.Name ?? "unknown",
    group,
    launchedAt: instance.LaunchTime ?? new Date(),
    privateIp: instance.PrivateIpAddress,
    zone: instance.Placement?.AvailabilityZone,
    profile: instance.IamInstanceProfile?.Arn?.split("/").at(-1),
    tags: tagsIn(instance.Tags),
    networkInterfaceIds: (instance.NetworkInterfaces ?? []).map((one) => one.NetworkInterfaceId!),
  };
}
