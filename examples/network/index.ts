// A VPC in three zones; everything is private until you open it.
import { Network } from "@groundwork-platform/components";

const network = new Network("network", {
  cidrBlock: "10.20.0.0/16",
  // The office is connected by a VPN: the VPC must not use its addresses.
  peerCidrBlocks: ["192.168.0.0/16"],
  zones: ["a", "b", "c"],
  // One NAT gateway: about 33 USD a month. "instance" costs 3, "gateway-per-zone" survives the loss of a zone.
  egress: "gateway",
  // Session Manager without going through the internet.
  interfaceEndpoints: ["ssm", "ssmmessages"],
});

export const vpcId = network.vpcId;
export const publicSubnetIds = network.publicSubnetIds;
export const privateSubnetIds = network.privateSubnetIds;
