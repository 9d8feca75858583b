import { TagSpecification } from "@aws-sdk/client-ec2";
import { asList, omit, pascal, pick, tagList } from "../engine/shape";
import { Inputs, Request, Table } from "../engine/types";

/** VPC, subnets, routes and endpoints, on moto. */
export const network: Table = {
  Vpc: async (r) => {
    const ec2 = await r.use("ec2");
    const { Vpc } = await ec2.createVpc({
      ...pascal(pick(r.inputs, "cidrBlock", "instanceTenancy")),
      TagSpecifications: tagged("vpc", r),
    });
    const VpcId = Vpc!.VpcId!;
    for (const key of ["enableDnsSupport", "enableDnsHostnames"])
      if (r.inputs[key] !== undefined)
        await ec2.modifyVpcAttribute({ VpcId, ...pascal({ [key]: { Value: r.inputs[key] } }) });
    const Filters = [{ Name: "vpc-id", Values: [VpcId] }];
    const [tables, groups, acls] = await Promise.all([
      ec2.describeRouteTables({ Filters }),
      ec2.describeSecurityGroups({ Filters }),
      ec2.describeNetworkAcls({ Filters }),
    ]);
    return {
      id: VpcId,
      outputs: {
        arn: r.arn("ec2", `vpc/${VpcId}`),
        ownerId: r.account,
        mainRouteTableId: tables.RouteTables?.[0]?.RouteTableId,
        defaultRouteTableId: tables.RouteTables?.[0]?.RouteTableId,
        defaultSecurityGroupId: groups.SecurityGroups?.[0]?.GroupId,
        defaultNetworkAclId: acls.NetworkAcls?.[0]?.NetworkAclId,
      },
    };
  },

  Subnet: async (r) => {
    const ec2 = await r.use("ec2");
    const { Subnet } = await ec2.createSubnet({
      ...pascal(pick(r.inputs, "vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId")),
      TagSpecifications: tagged("subnet", r),
    });
    const id = Subnet!.SubnetId!;
    if (r.inputs["mapPublicIpOnLaunch"])
      await ec2.modifySubnetAttribute({ SubnetId: id, MapPublicIpOnLaunch: { Value: true } });
    return {
      id,
      outputs: {
        arn: r.arn("ec2", `subnet/${id}`),
        ownerId: r.account,
        availabilityZone: Subnet!.AvailabilityZone,
        availabilityZoneId: Subnet!.AvailabilityZoneId,
      },
    };
  },

  InternetGateway: async (r) => {
    const ec2 = await r.use("ec2");
    const { InternetGateway } = await ec2.createInternetGateway({
      TagSpecifications: tagged("internet-gateway", r),
    });
    const id = InternetGateway!.InternetGatewayId!;
    if (r.inputs["vpcId"])
      await ec2.attachInternetGateway({ InternetGatewayId: id, VpcId: r.inputs["vpcId"] });
    return { id, outputs: { arn: r.arn("ec2", `internet-gateway/${id}`), ownerId: r.account } };
  },

  RouteTable: async (r) => {
    const ec2 = await r.use("ec2");
    const { RouteTable } = await ec2.createRouteTable({
      VpcId: r.inputs["vpcId"],
      TagSpecifications: tagged("route-table", r),
    });
    const id = RouteTable!.RouteTableId!;
    for (const { cidrBlock, ...target } of asList<Inputs>(r.inputs["routes"]))
      await ec2.createRoute({ RouteTableId: id, DestinationCidrBlock: cidrBlock, ...pascal(target) });
    return { id, outputs: { arn: r.arn("ec2", `route-table/${id}`), ownerId: r.account } };
  },

  Route: async (r) => {
    const ec2 = await r.use("ec2");
    await ec2.createRoute(pascal(omit(r.inputs)));
    const target = r.inputs["destinationCidrBlock"] ?? r.inputs["destinationPrefixListId"] ?? "";
    return {
      id: `r-${r.inputs["routeTableId"]}-${target}`,
      outputs: { state: "active", origin: "CreateRoute" },
    };
  },

  RouteTableAssociation: async (r) => {
    const ec2 = await r.use("ec2");
    const { AssociationId } = await ec2.associateRouteTable(pascal(omit(r.inputs)));
    return { id: AssociationId! };
  },

  VpcEndpoint: async (r) => {
    const ec2 = await r.use("ec2");
    const { policy, ...rest } = omit(r.inputs, "autoAccept");
    const { VpcEndpoint } = await ec2.createVpcEndpoint({
      ...pascal(rest),
      PolicyDocument: policy,
      TagSpecifications: tagged("vpc-endpoint", r),
    });
    const id = VpcEndpoint!.VpcEndpointId!;
    return {
      id,
      outputs: {
        arn: r.arn("ec2", `vpc-endpoint/${id}`),
        ownerId: r.account,
        state: VpcEndpoint!.State,
        prefixListId: VpcEndpoint!.VpcEndpointType === "Gateway" ? "pl-6da54004" : undefined,
        networkInterfaceIds: VpcEndpoint!.NetworkInterfaceIds,
        dnsEntries: VpcEndpoint!.DnsEntries?.map(({ DnsName, HostedZoneId }) => ({
          dnsName: DnsName,
          hostedZoneId: HostedZoneId,
        })),
      },
    };
  },

  FlowLog: async (r) => {
    const ec2 = await r.use("ec2");
    const { vpcId, subnetId, eniId, iamRoleArn, logGroupName, ...rest } = omit(r.inputs);
    const { FlowLogIds, Unsuccessful } = await ec2.createFlowLogs({
      ...pascal(rest),
      LogGroupName: logGroupName,
      DeliverLogsPermissionArn: iamRoleArn,
      ResourceIds: [vpcId ?? subnetId ?? eniId],
      ResourceType: vpcId ? "VPC" : subnetId ? "Subnet" : "NetworkInterface",
      TagSpecifications: tagged("vpc-flow-log", r),
    });
    if (Unsuccessful?.[0]) throw new Error(Unsuccessful[0].Error?.Message);
    return { id: FlowLogIds![0]!, outputs: { arn: r.arn("ec2", `vpc-flow-log/${FlowLogIds![0]!}`) } };
  },

  Eip: async (r) => {
    const ec2 = await r.use("ec2");
    const { AllocationId, PublicIp } = await ec2.allocateAddress({
      Domain: "vpc",
      TagSpecifications: tagged("elastic-ip", r),
    });
    const { instance, networkInterface } = r.inputs;
    let AssociationId: string | undefined;
    if (instance || networkInterface)
      ({ AssociationId } = await ec2.associateAddress({
        AllocationId,
        InstanceId: instance,
        NetworkInterfaceId: networkInterface,
      }));
    return {
      id: AllocationId!,
      outputs: {
        allocationId: AllocationId,
        publicIp: PublicIp,
        associationId: AssociationId,
        publicDns: `ec2-${PublicIp!.replaceAll(".", "-")}.${r.region}.compute.amazonaws.com`,
        arn: r.arn("ec2", `elastic-ip/${AllocationId}`),
      },
    };
  },

  EipAssociation: async (r) => {
    const ec2 = await r.use("ec2");
    const { AssociationId } = await ec2.associateAddress(pascal(omit(r.inputs)));
    return { id: AssociationId! };
  },

  NatGateway: async (r) => {
    const ec2 = await r.use("ec2");
    const { NatGateway } = await ec2.createNatGateway({
      ...pascal(pick(r.inputs, "allocationId", "subnetId", "connectivityType")),
      TagSpecifications: tagged("natgateway", r),
    });
    const address = NatGateway!.NatGatewayAddresses?.[0];
    return {
      id: NatGateway!.NatGatewayId!,
      outputs: {
        publicIp: address?.PublicIp,
        privateIp: address?.PrivateIp,
        networkInterfaceId: address?.NetworkInterfaceId,
      },
    };
  },
};

export function tagged(ResourceType: string, { tags }: Request): TagSpecification[] | undefined {
  if (Object.keys(tags).length === 0) return undefined;
  return [{ ResourceType, Tags: tagList(tags) } as TagSpecification];
}

export async function setTags(r: Request, id: string): Promise<void> {
  if (Object.keys(r.tags).length === 0) return;
  const ec2 = await r.use("ec2");
  await ec2.createTags({ Resources: [id], Tags: tagList(r.tags) });
}
