import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { overlaps, parseCidr } from "../shared/cidr";
import { armInstanceType } from "../shared/instance-type";
import { ipBlock } from "../shared/ip-block";
import { Given, logRetentionDays, options } from "../shared/options";
import { Tier, VPC_PREFIX, ZONES } from "./subnet-plan";

/** The kinds of egress for private subnets, cheapest first. */
export const EGRESS_MODES = ["none", "instance", "instance-ha", "gateway", "gateway-per-zone"] as const;
export type Egress = (typeof EGRESS_MODES)[number];

export const networkOptions = options(
  {
    cidrBlock: ipBlock(VPC_PREFIX).default("10.0.0.0/16").describe("The VPC's own CIDR block"),
    peerCidrBlocks: z
      .array(ipBlock())
      .default([])
      .describe("CIDR blocks to which the VPC will be connected, so it must not overlap with them"),
    zones: z
      .array(z.enum(ZONES))
      .min(2)
      .refine((letters) => new Set(letters).size === letters.length, "different letters")
      .default(["a", "b"])
      .describe("The letters of the region's zones to use"),
    egress: z.enum(EGRESS_MODES).default("instance").describe("How the private subnets reach the internet"),
    natInstanceType: armInstanceType("t4g.nano", "The machine of the modes `instance` and `instance-ha`"),
    interfaceEndpoints: z
      .array(z.string())
      .default([])
      .describe(
        "AWS services with an endpoint inside the VPC, such as `ssm`; each costs about 8 USD a month per zone",
      ),
    logRetentionDays: logRetentionDays("How long flow logs are kept"),
  },
  [
    {
      of: ["cidrBlock", "peerCidrBlocks"],
      wrong: "peerCidrBlocks",
      accepted: "outside the VPC's own cidrBlock",
      fit: ({ cidrBlock, peerCidrBlocks }) => {
        const own = parseCidr(cidrBlock)!;
        return peerCidrBlocks.every((block) => !overlaps(parseCidr(block)!, own));
      },
    },
  ],
);

export interface NetworkArgs extends Given<typeof networkOptions> {
  /** The tiers whose route tables contain the route to the database's virtual IP, tagged `database=true`. @default none */
  virtualIpTiers?: Tier[];
  /** Whether NAT instances serve the whole VPC, rather than only the groups for which `allowEgress` was called. @default false */
  letsEverybodyOut?: boolean;
}

export const bastionOptions = options(
  {
    access: z
      .enum(["ssh", "session-manager"])
      .default("session-manager")
      .describe("`session-manager` opens no port"),
    adminCidrs: z.array(ipBlock()).default([]).describe("Who may connect by SSH"),
    keyName: z.string().optional().describe("The EC2 key pair for SSH"),
    instanceType: armInstanceType("t4g.nano", "The machine"),
  },
  [
    {
      of: ["access", "adminCidrs"],
      wrong: "adminCidrs",
      accepted: "at least one block where access is ssh",
      fit: ({ access, adminCidrs }) => access !== "ssh" || adminCidrs.length > 0,
    },
    {
      of: ["access", "keyName"],
      wrong: "keyName",
      accepted: "an EC2 key pair where access is ssh",
      fit: ({ access, keyName }) => access !== "ssh" || keyName !== undefined,
    },
  ],
);

export interface BastionArgs extends Given<typeof bastionOptions> {
  network: NetworkLike;
}

/** A VPC with public and private subnets: our `Network`, or an existing VPC. */
export interface NetworkLike {
  readonly vpcId: pulumi.Input<string>;
  /** The VPC's own block. */
  readonly cidrBlock: string;
  readonly publicSubnetIds: pulumi.Input<string>[];
  readonly privateSubnetIds: pulumi.Input<string>[];
  /** The gateways and routes. A resource that needs traffic in or out must wait for them. */
  readonly ready?: pulumi.Resource[];
  /** Gives a security group's members egress through the NAT instances, if there are any. Returns what the members must wait for. */
  allowEgress?(name: string, securityGroupId: pulumi.Input<string>): pulumi.Resource[];
}

/** A machine from which to reach others by SSH. */
export interface BastionLike {
  readonly securityGroupId: pulumi.Input<string>;
}

/** An existing VPC, described by its parts. */
export const existingNetworkOptions = options({
  vpcId: z.string().startsWith("vpc-", "a VPC's id such as vpc-0a1b2c3d").describe("The VPC"),
  cidrBlock: ipBlock().describe("The VPC's own CIDR block"),
  publicSubnetIds: subnetIds("Subnets that the internet reaches, in two zones at least"),
  privateSubnetIds: subnetIds(
    "Subnets that reach the internet and are not reached from there, in two zones at least",
  ),
  virtualIpRouteTableIds: z
    .array(z.string().startsWith("rtb-", "a route table's id such as rtb-0a1b2c3d"))
    .default([])
    .describe("Route tables to which the route to a shared-storage database's virtual IP is added"),
});

export type ExistingNetworkArgs = Given<typeof existingNetworkOptions>;

function subnetIds(words: string) {
  return z
    .array(z.string().startsWith("subnet-", "a subnet's id such as subnet-0a1b2c3d"))
    .min(2)
    .describe(words);
}
