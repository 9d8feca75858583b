import type { IpPermission } from "@aws-sdk/client-ec2";
import { isDeepStrictEqual } from "node:util";
import { asList, tagsIn } from "../../engine/shape";
import { IF_GIVEN, Inputs, Read, StandingResource } from "../../engine/types";
import { permissionOf } from "../security-groups";

/** Networks, and who may pass there. */
export const network: Record<string, Read> = {
  "ec2/DefaultSecurityGroup": { normally: { ingress: [], egress: [] }, read: rules },
  "ec2/InternetGateway": {
    normally: { tags: undefined },
    async read(r) {
      const ec2 = await r.use("ec2");
      const { InternetGateways } = await ec2.describeInternetGateways({ InternetGatewayIds: [r.id] });
      return { tags: tagsIn(InternetGateways![0]!.Tags) };
    },
  },
  "ec2/RouteTable": {
    normally: { tags: undefined },
    async read(r) {
      const { RouteTables } = await (await r.use("ec2")).describeRouteTables({ RouteTableIds: [r.id] });
      return { tags: tagsIn(RouteTables![0]!.Tags) };
    },
  },
  // Separate rule resources belong to a group that declares none.
  "ec2/SecurityGroup": { normally: { ingress: IF_GIVEN, egress: IF_GIVEN }, read: rules },
  "ec2/Subnet": {
    normally: { mapPublicIpOnLaunch: false, tags: undefined },
    async read(r) {
      const { Subnets } = await (await r.use("ec2")).describeSubnets({ SubnetIds: [r.id] });
      const [found] = Subnets!;
      return { mapPublicIpOnLaunch: found!.MapPublicIpOnLaunch, tags: tagsIn(found!.Tags) };
    },
  },
  "ec2/Vpc": {
    normally: { enableDnsSupport: true, enableDnsHostnames: false, tags: undefined },
    async read(r) {
      const ec2 = await r.use("ec2");
      const VpcId = r.id;
      const { Vpcs } = await ec2.describeVpcs({ VpcIds: [VpcId] });
      const support = await ec2.describeVpcAttribute({ VpcId, Attribute: "enableDnsSupport" });
      const names = await ec2.describeVpcAttribute({ VpcId, Attribute: "enableDnsHostnames" });
      return {
        enableDnsSupport: support.EnableDnsSupport?.Value,
        enableDnsHostnames: names.EnableDnsHostnames?.Value,
        tags: tagsIn(Vpcs![0]!.Tags),
      };
    },
  },
};

/** A group's rules as they were given, if they are equal in whatever grouping; otherwise one entry per rule. */
async function rules(r: StandingResource): Promise<Inputs> {
  const { SecurityGroups } = await (await r.use("ec2")).describeSecurityGroups({ GroupIds: [r.id] });
  const { IpPermissions = [], IpPermissionsEgress = [] } = SecurityGroups![0]!;
  const told = (given: Inputs[] | undefined, found: IpPermission[]) => {
    const seen = found.flatMap((one) => entriesOf(one, r.id));
    const wanted = asList<Inputs>(given).flatMap((one) => entriesOf(permissionOf(one, r.id), r.id));
    return isDeepStrictEqual(inOrder(wanted), inOrder(seen)) ? given : seen;
  };
  return {
    ingress: told(r.inputs["ingress"], IpPermissions),
    egress: told(r.inputs["egress"], IpPermissionsEgress),
  };
}

const inOrder = (entries: Inputs[]) => entries.map((one) => JSON.stringify(one)).sort();

function entriesOf(permission: IpPermission, own: string): Inputs[] {
  const { IpProtocol, FromPort, ToPort, ...sources } = permission;
  const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] } = sources;
  const [fromPort, toPort] = IpProtocol === "-1" ? [0, 0] : [FromPort, ToPort];
  const entry = (source: Inputs, description?: string) => ({
    ...{ protocol: IpProtocol, fromPort, toPort, ...source },
    ...(description && { description }),
  });
  return [
    ...IpRanges.map(({ CidrIp, Description }) => entry({ cidrBlocks: [CidrIp] }, Description)),
    ...Ipv6Ranges.map(({ CidrIpv6 }) => entry({ ipv6CidrBlocks: [CidrIpv6] })),
    ...PrefixListIds.map(({ PrefixListId }) => entry({ prefixListIds: [PrefixListId] })),
    ...UserIdGroupPairs.map(({ GroupId, Description }) =>
      entry(GroupId === own ? { self: true } : { securityGroups: [GroupId] }, Description),
    ),
  ];
}
