import type { Declared } from "../declared";
import { each, label, list, ofType, Rules } from "./rule";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const ADMINISTRATION = [22, 3389];
/** A block with a shorter prefix is too wide for anybody to know its members. */
const WIDE_PREFIX = 8;

/** The prefix length of a block, or 0 if the text is no block. */
const prefixOf = (cidr: string) => Number(/\/(\d+)$/.exec(cidr)?.[1] ?? 0);

const fromInternet = ({ inputs }: Declared) =>
  inputs.cidrIpv6 !== undefined || (inputs.cidrIpv4 !== undefined && prefixOf(inputs.cidrIpv4) < WIDE_PREFIX);

const covers = ({ inputs }: Declared, port: number) =>
  inputs.ipProtocol === "-1" || (inputs.fromPort <= port && port <= inputs.toPort);

/** What our networks may look like. */
export const networkRules: Rules = {
  "opens no administration port to the internet": each(
    [INGRESS],
    (rule) =>
      fromInternet(rule) &&
      ADMINISTRATION.some((port) => covers(rule, port)) &&
      "lets the internet administer instances",
  ),

  "lets the internet reach nothing but load balancers": (view) => {
    const balancers = ofType(view, "aws:lb/loadBalancer:LoadBalancer").flatMap((lb) =>
      list(lb.inputs.securityGroups),
    );
    return ofType(view, INGRESS)
      .filter((rule) => fromInternet(rule) && !balancers.includes(rule.inputs.securityGroupId))
      .map(
        (rule) =>
          `${label(rule)} opens ${rule.inputs.securityGroupId}, which does not belong to a load balancer, to the internet`,
      );
  },

  "says why each security group and each rule is there": each(
    [GROUP, INGRESS, EGRESS],
    ({ inputs }) =>
      (!inputs.description || inputs.description === "Managed by Pulumi") && "has no description",
  ),

  "keeps each rule of a security group as a resource of its own": (view) => [
    ...ofType(view, GROUP)
      .filter(({ inputs }) => list(inputs.ingress).length + list(inputs.egress).length > 0)
      .map((group) => `${label(group)} holds rules itself`),
    ...ofType(view, "aws:ec2/securityGroupRule:SecurityGroupRule").map(
      (rule) => `${label(rule)} is of the old type, which cannot describe each block by itself`,
    ),
  ],

  "closes the default security group of each VPC": each(["aws:ec2/vpc:Vpc"], (vpc, view) => {
    const closed = ofType(view, DEFAULT_GROUP).some(
      ({ inputs }) =>
        inputs.vpcId === `${vpc.name}-id` && list(inputs.ingress).length + list(inputs.egress).length === 0,
    );
    return !closed && "leaves its default security group open";
  }),

  "logs the flows of each VPC": each(
    ["aws:ec2/vpc:Vpc"],
    (vpc, view) =>
      !ofType(view, "aws:ec2/flowLog:FlowLog").some(
        ({ inputs }) => inputs.vpcId === `${vpc.name}-id` && inputs.trafficType === "ALL",
      ) && "has no flow log of all traffic",
  ),

  "lets no subnet assign public addresses": each(
    ["aws:ec2/subnet:Subnet"],
    ({ inputs }) =>
      inputs.mapPublicIpOnLaunch === true && "assigns a public address to whatever starts in it",
  ),
};
