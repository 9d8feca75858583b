import { asList, omit, pascal } from "../../engine/shape";
import { Change, Changes, Inputs } from "../../engine/types";
import { again, ifThere } from "./calls";

/** EC2 has one call for the tags of all its resources. */
async function retag(r: Change): Promise<void> {
  if (!r.changed.includes("tags")) return;
  const ec2 = await r.use("ec2");
  const { Tags } = await ec2.describeTags({ Filters: [{ Name: "resource-id", Values: [r.id] }] });
  const gone = (Tags ?? []).map(({ Key }) => Key!).filter((key) => !(key in r.tags));
  if (gone.length) await ec2.deleteTags({ Resources: [r.id], Tags: gone.map((Key) => ({ Key })) });
  const Kept = Object.entries(r.tags).map(([Key, Value]) => ({ Key, Value }));
  if (Kept.length) await ec2.createTags({ Resources: [r.id], Tags: Kept });
}

const routeOf = ({ cidrBlock, ...target }: Inputs) => ({
  DestinationCidrBlock: cidrBlock,
  ...pascal(target),
});

export const network: Changes = {
  Vpc: {
    carries: ["enableDnsSupport", "enableDnsHostnames", "tags"],
    async update(r) {
      const ec2 = await r.use("ec2");
      for (const key of ["enableDnsSupport", "enableDnsHostnames"])
        if (r.changed.includes(key))
          await ec2.modifyVpcAttribute({ VpcId: r.id, ...pascal({ [key]: { Value: r.inputs[key] } }) });
      await retag(r);
    },
    remove: async (r) => (await r.use("ec2")).deleteVpc({ VpcId: r.id }),
  },
  Subnet: {
    carries: ["mapPublicIpOnLaunch", "tags"],
    async update(r) {
      const ec2 = await r.use("ec2");
      if (r.changed.includes("mapPublicIpOnLaunch"))
        await ec2.modifySubnetAttribute({
          SubnetId: r.id,
          MapPublicIpOnLaunch: { Value: r.inputs["mapPublicIpOnLaunch"] ?? false },
        });
      await retag(r);
    },
    remove: async (r) => (await r.use("ec2")).deleteSubnet({ SubnetId: r.id }),
  },
  InternetGateway: {
    carries: ["vpcId", "tags"],
    async update(r) {
      const ec2 = await r.use("ec2");
      const InternetGatewayId = r.id;
      const [from, to] = [r.before["vpcId"], r.inputs["vpcId"]];
      if (r.changed.includes("vpcId")) {
        if (from) await ec2.detachInternetGateway({ InternetGatewayId, VpcId: from });
        if (to) await ec2.attachInternetGateway({ InternetGatewayId, VpcId: to });
      }
      await retag(r);
    },
    async remove(r) {
      const ec2 = await r.use("ec2");
      const VpcId = r.inputs["vpcId"];
      if (VpcId) await ec2.detachInternetGateway({ InternetGatewayId: r.id, VpcId });
      await ec2.deleteInternetGateway({ InternetGatewayId: r.id });
    },
  },
  RouteTable: {
    carries: ["routes", "tags"],
    async update(r) {
      const ec2 = await r.use("ec2");
      if (r.changed.includes("routes")) {
        for (const { cidrBlock } of asList<Inputs>(r.before["routes"]))
          await ec2.deleteRoute({ RouteTableId: r.id, DestinationCidrBlock: cidrBlock });
        for (const one of asList<Inputs>(r.inputs["routes"]))
          await ec2.createRoute({ RouteTableId: r.id, ...routeOf(one) });
      }
      await retag(r);
    },
    remove: async (r) => (await r.use("ec2")).deleteRouteTable({ RouteTableId: r.id }),
  },
  Route: {
    async update(r) {
      await (await r.use("ec2")).replaceRoute(pascal(omit(r.inputs)));
    },
    remove: async (r) =>
      ifThere(
        (await r.use("ec2")).deleteRoute({
          RouteTableId: r.inputs["routeTableId"],
          DestinationCidrBlock: r.inputs["destinationCidrBlock"],
          DestinationPrefixListId: r.inputs["destinationPrefixListId"],
        }),
      ),
  },
  RouteTableAssociation: {
    async update(r) {
      const { NewAssociationId } = await (
        await r.use("ec2")
      ).replaceRouteTableAssociation({ AssociationId: r.id, RouteTableId: r.inputs["routeTableId"] });
      return { id: NewAssociationId };
    },
    remove: async (r) => (await r.use("ec2")).disassociateRouteTable({ AssociationId: r.id }),
  },
  VpcEndpoint: {
    carries: ["policy", "tags"],
    async update(r) {
      if (r.changed.includes("policy"))
        await (
          await r.use("ec2")
        ).modifyVpcEndpoint({ VpcEndpointId: r.id, PolicyDocument: r.inputs["policy"] });
      await retag(r);
    },
    remove: async (r) => (await r.use("ec2")).deleteVpcEndpoints({ VpcEndpointIds: [r.id] }),
  },
  FlowLog: { remove: async (r) => (await r.use("ec2")).deleteFlowLogs({ FlowLogIds: [r.id] }) },
  Eip: {
    carries: ["tags"],
    update: retag,
    async remove(r) {
      const ec2 = await r.use("ec2");
      const AssociationId = r.outputs["associationId"];
      if (AssociationId) await ifThere(ec2.disassociateAddress({ AssociationId }));
      await ec2.releaseAddress({ AllocationId: r.id });
    },
  },
  EipAssociation: {
    update: again,
    remove: async (r) => ifThere((await r.use("ec2")).disassociateAddress({ AssociationId: r.id })),
  },
  NatGateway: {
    carries: ["tags"],
    update: retag,
    remove: async (r) => (await r.use("ec2")).deleteNatGateway({ NatGatewayId: r.id }),
  },
};
