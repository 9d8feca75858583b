import { allows, Cases, made, named, refuses } from "./case";

const TABLE = "aws:ec2/routeTable:RouteTable";
const SUBNET = "aws:ec2/subnet:Subnet";
const ROUTE = "aws:ec2/route:Route";
const PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection";
const ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

const vpcs = [named("ours", "aws:ec2/vpc:Vpc"), named("theirs", "aws:ec2/vpc:Vpc")];
const tables = [
  named("our-table", TABLE, { vpcId: "ours-id" }),
  named("their-table", TABLE, { vpcId: "theirs-id" }),
];
const subnets = [
  named("our-subnet", SUBNET, { vpcId: "ours-id" }),
  named("their-subnet", SUBNET, { vpcId: "theirs-id" }),
];
const both = [...vpcs, ...tables, ...subnets];
const nat = named("their-nat", "aws:ec2/natGateway:NatGateway", { subnetId: "their-subnet-id" });
const wire = named("their-wire", "aws:ec2/networkInterface:NetworkInterface", {
  subnetId: "their-subnet-id",
});
const gateway = named("their-gateway", "aws:ec2/internetGateway:InternetGateway", { vpcId: "theirs-id" });
const endpoint = named("their-endpoint", ENDPOINT, {
  vpcId: "theirs-id",
  serviceName: "com.amazonaws.eu-west-1.s3",
});
const route = (more: object) => made(ROUTE, { routeTableId: "our-table-id", ...more });
const attached = (name: string, vpcId: string, transitGatewayId = "tgw") =>
  named(name, ATTACHMENT, { vpcId, transitGatewayId });
const service = named("their-service", "aws:ec2/vpcEndpointService:VpcEndpointService", {
  serviceName: "com.amazonaws.vpce.eu-west-1.vpce-svc-1",
});

export const apartCases: Cases = {
  "connects no two of its VPCs": [
    refuses("a peering", [...vpcs, made(PEERING, { vpcId: "ours-id", peerVpcId: "theirs-id" })]),
    refuses("a peering the other way round", [
      ...vpcs,
      made(PEERING, { vpcId: "theirs-id", peerVpcId: "ours-id" }),
    ]),
    refuses("a route to the other's NAT gateway", [...both, nat, route({ natGatewayId: "their-nat-id" })]),
    refuses("a route to a machine there", [...both, wire, route({ networkInterfaceId: "their-wire-id" })]),
    refuses("a route to its internet gateway", [...both, gateway, route({ gatewayId: "their-gateway-id" })]),
    refuses("a route to an endpoint there", [
      ...both,
      endpoint,
      route({ vpcEndpointId: "their-endpoint-id" }),
    ]),
    refuses("an endpoint in the tables of the other", [
      ...both,
      made(ENDPOINT, { vpcId: "ours-id", routeTableIds: ["our-table-id", "their-table-id"] }),
    ]),
    refuses("an endpoint in its subnets", [
      ...both,
      made(ENDPOINT, { vpcId: "ours-id", subnetIds: ["their-subnet-id"] }),
    ]),
    ...[service.inputs.serviceName, "their-service-id"].map((serviceName) =>
      refuses(`an endpoint of its own service ${serviceName}`, [
        ...both,
        service,
        made(ENDPOINT, { vpcId: "ours-id", serviceName }),
      ]),
    ),
    refuses(
      "a transit gateway to both",
      [...vpcs, attached("it", "ours-id"), attached("other", "theirs-id")],
      "VpcAttachment it connects ours-id",
      "VpcAttachment other connects theirs-id",
    ),
    allows(
      "a peering with a VPC of somebody else",
      ...vpcs,
      made(PEERING, { vpcId: "ours-id", peerVpcId: "vpc-1" }),
    ),
    allows(
      "ways out of each VPC's own",
      ...both,
      nat,
      made(ROUTE, { routeTableId: "their-table-id", natGatewayId: "their-nat-id" }),
    ),
    allows("what the stack does not declare", ...both, route({ natGatewayId: "nat-1" })),
    allows(
      "a transit gateway for each",
      ...vpcs,
      attached("it", "ours-id"),
      attached("other", "theirs-id", "tgw-2"),
    ),
    allows(
      "endpoints of AWS and of others",
      ...both,
      service,
      made(ENDPOINT, {
        vpcId: "ours-id",
        serviceName: "com.amazonaws.eu-west-1.s3",
        routeTableIds: ["our-table-id"],
      }),
    ),
  ],
};
