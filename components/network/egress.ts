import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { userData } from "../shared/cloud-config";
import { here } from "../shared/here";
import {
  AMAZON_LINUX,
  machineProfile,
  METADATA_OPTIONS,
  newestImage,
  propagated,
  templateDefaults,
} from "../shared/instance";
import { allow } from "../shared/permissions";
import { egress, securityGroup } from "../shared/security-group";
import { Egress } from "./args";
import { natScript } from "./nat-script";
import { Zone } from "./subnet-plan";

export interface EgressArgs {
  mode: Egress;
  instanceType: string;
  vpcId: pulumi.Output<string>;
  vpcCidr: string;
  region: pulumi.Output<string>;
  zones: {
    zone: Zone;
    publicSubnetId: pulumi.Output<string>;
    privateRouteTableId: pulumi.Output<string>;
  }[];
  /** The public subnets' routes to the internet. Until they exist, no address and no gateway works, and no machine can install anything. */
  publicWayOut: pulumi.Resource[];
}

/** The egress of each zone. */
export interface Ways {
  gatewayIds: Record<string, pulumi.Output<string>>;
  /** Instances that nothing replaces. */
  instanceIds: Record<string, pulumi.Output<string>>;
}

/** The target of a route, and the instance behind it if nothing replaces that. */
interface Way {
  natGatewayId?: pulumi.Output<string>;
  networkInterfaceId?: pulumi.Output<string>;
  instanceId?: pulumi.Output<string>;
}

/**
 * Gives every private route table its default route. The routes have the same names in every mode, so a change of mode updates
 * them in place. Returns the security group of the NAT instances, if there are any, and the egress of each zone.
 */
export function buildEgress(
  name: string,
  args: EgressArgs,
  opts: pulumi.CustomResourceOptions,
): Ways & { groupId?: pulumi.Output<string>; routes: pulumi.Resource[] } {
  const ways: Ways = { gatewayIds: {}, instanceIds: {} };
  if (args.mode === "none") return { ...ways, routes: [] };
  const machines = args.mode.startsWith("instance") ? natGroup(name, args, opts) : undefined;
  const shared = args.mode === "instance" || args.mode === "gateway";
  const builder = {
    instance: natInstance,
    "instance-ha": selfHealingNat,
    gateway: natGateway,
    "gateway-per-zone": natGateway,
  }[args.mode];
  const build = (index: number): Way => {
    const way = builder(name, args, index, machines, opts);
    const { zone } = args.zones[index]!;
    if (way.natGatewayId) ways.gatewayIds[zone] = way.natGatewayId;
    if (way.instanceId) ways.instanceIds[zone] = way.instanceId;
    return way;
  };
  const first = shared ? build(0) : undefined;
  const routes = args.zones.map(({ zone, privateRouteTableId }, i) => {
    const { instanceId: _instanceId, ...target } = first ?? build(i);
    return new aws.ec2.Route(
      `${name}-private-${zone}-default`,
      { routeTableId: privateRouteTableId, destinationCidrBlock: "0.0.0.0/0", ...target },
      opts,
    );
  });
  return { ...ways, groupId: machines?.group.id, routes };
}

/** The security group of the NAT instances, and the rules that let them out. */
interface NatMachines {
  group: aws.ec2.SecurityGroup;
  opens: pulumi.Resource[];
}

type Builder = (
  name: string,
  args: EgressArgs,
  index: number,
  machines: NatMachines | undefined,
  opts: pulumi.CustomResourceOptions,
) => Way;

const natGateway: Builder = (name, args, index, _machines, opts) => {
  const { zone, publicSubnetId } = args.zones[index]!;
  const key = `${name}-nat-${zone}`;
  // Not the instances' address: they hold that until they are gone, which is after the gateway has been created.
  const address = elasticIp(`${key}-gateway`, args, opts);
  const gateway = new aws.ec2.NatGateway(
    key,
    { subnetId: publicSubnetId, allocationId: address.allocationId, tags: { Name: key } },
    opts,
  );
  return { natGatewayId: gateway.id };
};

/** One instance for all zones. It is cheap, but when it dies, egress is gone until somebody acts. */
const natInstance: Builder = (name, args, index, machines, opts) => {
  const { zone, publicSubnetId } = args.zones[index]!;
  const key = `${name}-nat-${zone}`;
  const instance = new aws.ec2.Instance(
    key,
    {
      ami: aws.ssm.getParameterOutput({ name: AMAZON_LINUX }, opts).value,
      instanceType: args.instanceType,
      subnetId: publicSubnetId,
      vpcSecurityGroupIds: [machines!.group.id],
      sourceDestCheck: false,
      userData: natScript({ vpcCidr: args.vpcCidr }),
      // Only the first boot reads user data. Without a replacement, a change would merely stop and start the machine.
      userDataReplaceOnChange: true,
      metadataOptions: METADATA_OPTIONS,
      rootBlockDevice: { encrypted: true, volumeType: "gp3" },
      ebsOptimized: true,
      monitoring: true,
      tags: { Name: key },
    },
    // Amazon publishes a new image every other week, which is no reason to cut everybody off.
    { ...opts, ignoreChanges: ["ami"], dependsOn: [...args.publicWayOut, ...machines!.opens] },
  );
  const address = elasticIp(key, args, opts);
  associate(key, { instanceId: instance.id, allocationId: address.allocationId }, opts);
  return { networkInterfaceId: instance.primaryNetworkInterfaceId, instanceId: instance.id };
};

/** One group per zone. The interface outlives the machine: a new machine takes it over, and no route changes. */
const selfHealingNat: Builder = (name, args, index, machines, opts) => {
  const { zone, publicSubnetId } = args.zones[index]!;
  const key = `${name}-nat-${zone}`;
  const wire = new aws.ec2.NetworkInterface(
    key,
    {
      subnetId: publicSubnetId,
      securityGroups: [machines!.group.id],
      sourceDestCheck: false,
      tags: { Name: key },
    },
    opts,
  );
  const address = elasticIp(key, args, opts);
  associate(key, { networkInterfaceId: wire.id, allocationId: address.allocationId }, opts);
  const { profile } = machineProfile(
    key,
    [
      // Only this interface may be attached, and only to this group's machines.
      allow(["ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface"], wire.arn),
      allow(
        ["ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface"],
        here(opts).arn("ec2", "instance/*"),
        {
          StringEquals: { "aws:ResourceTag/Name": key },
        },
      ),
      allow(["ec2:DescribeNetworkInterfaces"], "*"), // * because EC2's describe calls have no resource-level permission
    ],
    opts,
  );
  const template = new aws.ec2.LaunchTemplate(
    key,
    {
      imageId: newestImage(AMAZON_LINUX),
      instanceType: args.instanceType,
      iamInstanceProfile: { arn: profile.arn },
      ...templateDefaults(),
      // The first interface only fetches the second one, and needs an address of its own to call EC2.
      networkInterfaces: [
        {
          associatePublicIpAddress: "true",
          deleteOnTermination: "true",
          securityGroups: [machines!.group.id],
        },
      ],
      userData: pulumi
        .all([wire.id, args.region])
        .apply(([networkInterfaceId, region]) =>
          userData(natScript({ vpcCidr: args.vpcCidr, takeOver: { networkInterfaceId, region } })),
        ),
    },
    opts,
  );
  new aws.autoscaling.Group(
    key,
    {
      minSize: 1,
      maxSize: 1,
      vpcZoneIdentifiers: [publicSubnetId],
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      healthCheckType: "EC2",
      instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 0 } },
      tags: propagated({ Name: key }),
    },
    { ...opts, dependsOn: [...args.publicWayOut, ...machines!.opens] },
  );
  return { networkInterfaceId: wire.id };
};

function natGroup(name: string, args: EgressArgs, opts: pulumi.CustomResourceOptions): NatMachines {
  const group = securityGroup(`${name}-nat`, args.vpcId, "NAT instances", opts);
  const opens = [80, 443].map((port) =>
    egress(
      `${name}-nat-out-${port}`,
      group.id,
      { description: "What the private subnets ask of the internet", port, cidr: "0.0.0.0/0" },
      opts,
    ),
  );
  return { group, opens };
}

function elasticIp(key: string, args: EgressArgs, opts: pulumi.CustomResourceOptions): aws.ec2.Eip {
  return new aws.ec2.Eip(
    key,
    { domain: "vpc", tags: { Name: key } },
    { ...opts, dependsOn: args.publicWayOut },
  );
}

/** An address belongs to one thing at a time: it leaves the machine before it moves to the interface, and the other way round. */
function associate(
  key: string,
  args: aws.ec2.EipAssociationArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.EipAssociation {
  return new aws.ec2.EipAssociation(key, args, { ...opts, deleteBeforeReplace: true });
}
