import { AutoScaling } from "@aws-sdk/client-auto-scaling";
import { EC2 } from "@aws-sdk/client-ec2";
import type { Stage } from "../stage";
import { webServers } from "../web-servers";

type Config = Record<string, unknown>;

/** A setting that is changed on a running stack, and what AWS reports about it. */
export interface Flip {
  area: "network" | "web";
  setting: string;
  /** Whether a stack with these settings of the area has it. @default each has */
  applies?(area: Config): boolean;
  /** AWS's current value, in a word. */
  seen(stage: Stage): Promise<string>;
  /** A value other than the one that makes AWS report this, and what AWS then reports. */
  other(seen: string): { value: unknown; seen: string };
}

const maxSize: Flip = {
  area: "web",
  setting: "maxSize",
  seen: async (stage) => String((await webServers(stage)).most),
  other: (seen) => ({ value: Number(seen) + 1, seen: String(Number(seen) + 1) }),
};

const scaling: Flip = {
  area: "web",
  setting: "scaling",
  async seen({ outputs, region }) {
    const { ScalingPolicies = [] } = await new AutoScaling({ region }).describePolicies({
      AutoScalingGroupName: outputs["webGroupName"]!,
    });
    if (ScalingPolicies.length === 0) return "no policy";
    return ScalingPolicies.some(({ PolicyType }) => PolicyType === "TargetTrackingScaling")
      ? "target"
      : "steps";
  },
  other(seen) {
    const value = seen === "steps" ? "target" : "steps";
    return { value, seen: value };
  },
};

const egress: Flip = {
  area: "network",
  setting: "egress",
  applies: ({ existing }) => existing === undefined,
  async seen({ outputs, region }) {
    const { NatGateways = [] } = await new EC2({ region }).describeNatGateways({
      Filter: [
        { Name: "vpc-id", Values: [outputs["vpcId"]!] },
        { Name: "state", Values: ["available"] },
      ],
    });
    return NatGateways.length > 0 ? "NAT gateway" : "no NAT gateway";
  },
  other: (seen) =>
    seen === "NAT gateway"
      ? { value: "instance", seen: "no NAT gateway" }
      : { value: "gateway", seen: "NAT gateway" },
};

export const FLIPS: readonly Flip[] = [maxSize, scaling, egress];
