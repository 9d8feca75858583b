import { allows, Cases, made, named, refuses } from "./case";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const SUBNET = "aws:ec2/subnet:Subnet";

const opening = (fromPort: number, toPort: number, source: object = { cidrIpv4: "0.0.0.0/0" }) =>
  made(INGRESS, { ipProtocol: "tcp", fromPort, toPort, securityGroupId: "sg", ...source });
const vpc = named("net", "aws:ec2/vpc:Vpc");
const closed = (more: object = {}) => made(DEFAULT_GROUP, { vpcId: "net-id", ...more });
const flows = (more: object = {}) =>
  made("aws:ec2/flowLog:FlowLog", { vpcId: "net-id", trafficType: "ALL", ...more });
const PLAIN = [{ protocol: "tcp", fromPort: 80, toPort: 80 }];

export const networkCases: Cases = {
  "opens no administration port to the internet": [
    refuses("SSH alone", [opening(22, 22)]),
    refuses("remote desktop alone", [opening(3389, 3389)]),
    refuses("a range that ends at SSH", [opening(1, 22)]),
    refuses("a range that begins at SSH", [opening(22, 80)]),
    refuses("every protocol, which has no ports", [
      made(INGRESS, { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }),
    ]),
    refuses("a block as wide as half of the internet", [opening(22, 22, { cidrIpv4: "128.0.0.0/1" })]),
    refuses("a block of a 128th of the internet", [opening(22, 22, { cidrIpv4: "10.0.0.0/7" })]),
    refuses("a block that cannot be read", [opening(22, 22, { cidrIpv4: "everywhere" })]),
    refuses("IPv6", [opening(22, 22, { cidrIpv6: "::/0" })]),
    allows("SSH from a private block", opening(22, 22, { cidrIpv4: "10.0.0.0/8" })),
    allows("SSH from another group", opening(22, 22, { referencedSecurityGroupId: "sg-2" })),
    allows("what lies below, between and above", opening(1, 21), opening(23, 3388), opening(3390, 9000)),
  ],
  "lets the internet reach nothing but load balancers": [
    refuses("any other group", [named("web", BALANCER, { securityGroups: ["sg-web"] }), opening(443, 443)]),
    refuses("any group where there is no load balancer", [opening(443, 443)]),
    allows(
      "a load balancer's group",
      named("web", BALANCER, { securityGroups: ["sg-web", "sg"] }),
      opening(443, 443),
    ),
    allows("a private block", opening(443, 443, { cidrIpv4: "10.0.0.0/8" })),
  ],
  "says why each security group and each rule is there": [
    ...[GROUP, INGRESS, EGRESS].flatMap((type) => [
      refuses(`a ${type} without a description`, [made(type)]),
      refuses(`a ${type} with an empty one`, [made(type, { description: "" })]),
      refuses(`a ${type} with Pulumi's own`, [made(type, { description: "Managed by Pulumi" })]),
      allows(`a ${type} with a description`, made(type, { description: "Lets the web in" })),
    ]),
  ],
  "keeps each rule of a security group as a resource of its own": [
    refuses("a way in within a group", [made(GROUP, { ingress: PLAIN })]),
    refuses("a way out within a group", [made(GROUP, { egress: PLAIN })]),
    refuses(
      "a rule of the old kind",
      [made("aws:ec2/securityGroupRule:SecurityGroupRule")],
      "it is of the old type",
    ),
    allows("a group without rules", made(GROUP), made(GROUP, { ingress: [], egress: [] })),
  ],
  "closes the default security group of each VPC": [
    refuses("another VPC's", [vpc, closed({ vpcId: "other-id" })], "net"),
    refuses("a way in", [vpc, closed({ ingress: PLAIN })], "net"),
    refuses("a way in and a way out", [vpc, closed({ ingress: PLAIN, egress: PLAIN })], "net"),
    refuses("a way out", [vpc, closed({ egress: PLAIN })], "net"),
    refuses("another kind of resource", [vpc, made(GROUP, { vpcId: "net-id" })], "net"),
    allows("an empty one", vpc, closed(), closed({ vpcId: "other-id", ingress: PLAIN })),
  ],
  "logs the flows of each VPC": [
    refuses("another VPC's log", [vpc, flows({ vpcId: "other-id" })], "net"),
    refuses("a log of refused traffic only", [vpc, flows({ trafficType: "REJECT" })], "net"),
    allows("a log of all traffic beside others", vpc, flows(), flows({ trafficType: "REJECT" })),
  ],
  "lets no subnet assign public addresses": [
    refuses("a subnet that does", [made(SUBNET, { mapPublicIpOnLaunch: true })]),
    allows("one that does not", made(SUBNET), made(SUBNET, { mapPublicIpOnLaunch: false })),
  ],
};
