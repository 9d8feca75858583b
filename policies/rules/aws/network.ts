import type { Declared } from "../../declared";
import { each, label, ofType, Rules } from "../rule";
import { lacking } from "./rights";

const INSTANCE = "aws:ec2/instance:Instance";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
const FLOW_LOG_ACTIONS = [
  "logs:CreateLogGroup",
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "logs:DescribeLogGroups",
  "logs:DescribeLogStreams",
];

/** Where a route may lead; https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html */
const TARGETS = [
  "carrierGatewayId",
  "coreNetworkArn",
  "egressOnlyGatewayId",
  "gatewayId",
  "localGatewayId",
  "natGatewayId",
  "networkInterfaceId",
  "transitGatewayId",
  "vpcEndpointId",
  "vpcPeeringConnectionId",
];

/** The other end of a security group's rule; https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
const ENDS = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

const given = ({ inputs }: Declared, fields: string[]) =>
  fields.filter((field) => inputs[field] !== undefined);

/** The values of fields that two resources of one kind must not share, as one text. */
const together = ({ inputs }: Declared, fields: string[]) =>
  JSON.stringify(fields.map((field) => inputs[field] ?? null));

/** Duplicates, by the key that AWS uses to tell two resources apart. */
const twice = (resources: Declared[], keyOf: (one: Declared) => string) =>
  resources.filter((one, i) => resources.findIndex((other) => keyOf(other) === keyOf(one)) !== i);

/** What AWS refuses in a network, or accepts without effect. */
export const networkRefusals: Rules = {
  "gives flow logs the permissions that AWS requires": each(
    ["aws:ec2/flowLog:FlowLog"],
    ({ inputs }, view) => {
      const missing = lacking(view, inputs.iamRoleArn, FLOW_LOG_ACTIONS);
      return missing.length > 0 && `writes with a role that lacks ${missing.join(", ")}`;
    },
  ),

  // Cloud-init reads user data only at the first boot. For a change, the provider merely stops the instance and starts it again.
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
  "replaces an instance when its user data changes": each(
    [INSTANCE],
    (instance) =>
      given(instance, ["userData", "userDataBase64"]).length > 0 &&
      instance.inputs.userDataReplaceOnChange !== true &&
      "would only be stopped and started when its user data changes, but reads it at its first boot alone",
  ),

  "gives each route exactly one target": each(["aws:ec2/route:Route"], (route) => {
    const targets = given(route, TARGETS);
    return (
      targets.length !== 1 && `leads to ${targets.join(" and ") || "nothing"}, where AWS requires one target`
    );
  }),

  // RouteAlreadyExists
  "has one route to each destination in a route table": (view) =>
    twice(ofType(view, "aws:ec2/route:Route"), (route) =>
      together(route, [
        "routeTableId",
        "destinationCidrBlock",
        "destinationIpv6CidrBlock",
        "destinationPrefixListId",
      ]),
    ).map((route) => `${label(route)} is the second route to its destination`),

  // Resource.AlreadyAssociated: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html
  "associates each Elastic IP address once": (view) =>
    twice(
      ofType(view, "aws:ec2/eipAssociation:EipAssociation", "aws:ec2/natGateway:NatGateway").filter(
        ({ inputs }) => inputs.allocationId !== undefined,
      ),
      (holder) => together(holder, ["allocationId"]),
    ).map((holder) => `${label(holder)} uses an address that is in use already`),

  "gives each security group rule exactly one source or destination": each([INGRESS, EGRESS], (rule) => {
    const ends = given(rule, ENDS);
    return (
      ends.length !== 1 && `names ${ends.join(" and ") || "no source or destination"}, where AWS requires one`
    );
  }),

  // "Every protocol" has no ports: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
  "gives ports to the protocols that have them, and to no other": each([INGRESS, EGRESS], (rule) => {
    const ports = given(rule, ["fromPort", "toPort"]).length;
    const { ipProtocol, fromPort, toPort } = rule.inputs;
    if (ipProtocol === "-1") return ports > 0 && "gives ports to every protocol";
    if (!["tcp", "udp"].includes(ipProtocol)) return false;
    if (ports < 2) return `names no range of ports for ${ipProtocol}`;
    return fromPort > toPort && `begins after its end, at port ${fromPort}`;
  }),

  // InvalidPermission.Duplicate. A different description does not make two rules different.
  "declares each security group rule once": (view) =>
    [INGRESS, EGRESS].flatMap((type) =>
      twice(ofType(view, type), (rule) =>
        together(rule, ["securityGroupId", "ipProtocol", "fromPort", "toPort", ...ENDS]),
      ).map((rule) => `${label(rule)} repeats another rule`),
    ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
  "gives each VPC endpoint only what its type accepts": each(
    ["aws:ec2/vpcEndpoint:VpcEndpoint"],
    (endpoint) => {
      const kind = endpoint.inputs.vpcEndpointType ?? "Gateway";
      const strange =
        kind === "Gateway"
          ? given(endpoint, ["subnetIds", "securityGroupIds", "privateDnsEnabled"])
          : given(endpoint, ["routeTableIds"]);
      return strange.length > 0 && `is of the type ${kind}, which accepts no ${strange.join(", ")}`;
    },
  ),
};
