import { allows, Cases, made, named, refuses } from "./case";

const ROUTE = "aws:ec2/route:Route";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const INSTANCE = "aws:ec2/instance:Instance";

const ROLE = named("role", "aws:iam/role:Role");
/** The inline policy of a role that allows these actions. */
export const mayDo = (...actions: string[]) =>
  named("policy", "aws:iam/rolePolicy:RolePolicy", {
    role: "role-id",
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] }),
  });
const log = made("aws:ec2/flowLog:FlowLog", { iamRoleArn: "role-id" });
const FLOWS = [
  "CreateLogGroup",
  "CreateLogStream",
  "PutLogEvents",
  "DescribeLogGroups",
  "DescribeLogStreams",
];
const flows = FLOWS.map((action) => `logs:${action}`);

const route = (name: string, inputs: object) =>
  named(name, ROUTE, { routeTableId: "table", destinationCidrBlock: "0.0.0.0/0", ...inputs });
const rule = (name: string, inputs: object, type = INGRESS) =>
  named(name, type, { securityGroupId: "sg", ipProtocol: "tcp", fromPort: 80, toPort: 80, ...inputs });
const holder = (name: string, allocationId?: string) =>
  named(name, "aws:ec2/natGateway:NatGateway", { allocationId });

export const awsNetworkCases: Cases = {
  "gives flow logs the permissions that AWS requires": [
    ...flows.map((action) =>
      refuses(
        `a role without ${action}`,
        [log, ROLE, mayDo(...flows.filter((one) => one !== action))],
        `lacks ${action}`,
      ),
    ),
    refuses("a role without any right", [log, ROLE], flows.join(", ")),
    refuses(
      "rights that are denied",
      [
        log,
        ROLE,
        named("policy", "aws:iam/rolePolicy:RolePolicy", {
          role: "role-id",
          policy: JSON.stringify({ Statement: [{ Effect: "Deny", Action: flows, Resource: "*" }] }),
        }),
      ],
      flows.join(", "),
    ),
    allows("a role with all of them", log, ROLE, mayDo(...flows)),
    allows(
      "a policy that is known only after the update",
      log,
      ROLE,
      named("policy", "aws:iam/rolePolicy:RolePolicy", {
        role: "role-id",
        policy: "(known after the update)",
      }),
    ),
    allows("a role of somebody else's", made("aws:ec2/flowLog:FlowLog", { iamRoleArn: "other" })),
    allows("a log in S3, which needs no role", made("aws:ec2/flowLog:FlowLog"), ROLE),
  ],
  "replaces an instance when its user data changes": [
    refuses("a text", [made(INSTANCE, { userData: "a" })]),
    refuses("a text in base64", [made(INSTANCE, { userDataBase64: "a", userDataReplaceOnChange: false })]),
    allows("one that is replaced", made(INSTANCE, { userData: "a", userDataReplaceOnChange: true })),
    allows("one without user data", made(INSTANCE)),
  ],
  "gives each route exactly one target": [
    refuses("none", [route("it", {})], "it leads to nothing"),
    refuses(
      "two",
      [route("it", { gatewayId: "a", natGatewayId: "b" })],
      "it leads to gatewayId and natGatewayId",
    ),
    allows("one", route("it", { networkInterfaceId: "a" })),
  ],
  "has one route to each destination in a route table": [
    refuses("a second one", [route("one", { gatewayId: "a" }), route("two", { natGatewayId: "b" })], "two"),
    allows(
      "other destinations and other tables",
      route("one", {}),
      route("two", { destinationCidrBlock: "10.0.0.0/8" }),
      route("three", { routeTableId: "other" }),
    ),
  ],
  "associates each Elastic IP address once": [
    refuses("a second holder", [holder("one", "a"), holder("two", "a")], "two"),
    refuses(
      "a holder of another kind",
      [holder("one", "a"), named("two", "aws:ec2/eipAssociation:EipAssociation", { allocationId: "a" })],
      "two",
    ),
    allows("an address each", holder("one", "a"), holder("two", "b")),
    allows("gateways without an address", holder("one"), holder("two")),
  ],
  "gives each security group rule exactly one source or destination": [
    ...[INGRESS, EGRESS].flatMap((type) => [
      refuses("none", [rule("it", {}, type)], "it names no source or destination"),
      refuses(
        "two",
        [rule("it", { cidrIpv4: "10.0.0.0/8", referencedSecurityGroupId: "sg-2" }, type)],
        "it names cidrIpv4 and referencedSecurityGroupId",
      ),
      allows("one", rule("it", { prefixListId: "pl-1" }, type)),
    ]),
  ],
  "gives ports to the protocols that have them, and to no other": [
    refuses("ports to every protocol", [rule("it", { ipProtocol: "-1" })], "it gives ports"),
    refuses("no end", [rule("it", { toPort: undefined })], "names no range of ports for tcp"),
    refuses(
      "an end before the beginning",
      [rule("it", { fromPort: 90 })],
      "begins after its end, at port 90",
    ),
    allows("a range", rule("it", { ipProtocol: "udp", toPort: 90 })),
    allows(
      "every protocol, and one without ports",
      rule("it", { ipProtocol: "-1", fromPort: undefined, toPort: undefined }),
      rule("it", { ipProtocol: "icmp", fromPort: 8, toPort: 0 }),
    ),
  ],
  "declares each security group rule once": [
    refuses(
      "the same again with other words",
      [rule("one", { description: "a" }), rule("two", { description: "b" })],
      "two",
    ),
    allows(
      "what differs",
      rule("one", { cidrIpv4: "10.0.0.0/8" }),
      rule("two", { cidrIpv4: "10.0.0.0/9" }),
      rule("three", { cidrIpv4: "10.0.0.0/8", toPort: 81 }),
      rule("four", { cidrIpv4: "10.0.0.0/8", securityGroupId: "sg-2" }),
      rule("five", { cidrIpv4: "10.0.0.0/8" }, EGRESS),
    ),
  ],
  "gives each VPC endpoint only what its type accepts": [
    refuses(
      "a gateway in subnets",
      [made(ENDPOINT, { subnetIds: ["a"], securityGroupIds: ["b"] })],
      "is of the type Gateway, which accepts no subnetIds, securityGroupIds",
    ),
    refuses(
      "an interface in route tables",
      [made(ENDPOINT, { vpcEndpointType: "Interface", routeTableIds: ["a"] })],
      "is of the type Interface, which accepts no routeTableIds",
    ),
    allows(
      "each in its own place",
      made(ENDPOINT, { vpcEndpointType: "Gateway", routeTableIds: ["a"] }),
      made(ENDPOINT, { vpcEndpointType: "Interface", subnetIds: ["a"], privateDnsEnabled: true }),
    ),
  ],
};
