import { physicalName } from "../../harness";
import { arn, RoleCase, RoleCases, stream } from "./case";

const TAGGED = "aws:ResourceTag/Name";
const instance = arn("ec2", "instance/i-0123456789abcdef0");

/** A NAT instance fetches the interface of its own zone. */
const nat = (network: string, zone: string, other: string): RoleCase => ({
  takenBy: ["ec2.amazonaws.com"],
  may: [
    ["ec2:DescribeNetworkInterfaces", "*"],
    ["ec2:AttachNetworkInterface", arn("ec2", `network-interface/${network}-nat-${zone}`)],
    ["ec2:DetachNetworkInterface", arn("ec2", `network-interface/${network}-nat-${zone}`)],
    ["ec2:AttachNetworkInterface", instance, { [TAGGED]: `${network}-nat-${zone}` }],
    ["ec2:DetachNetworkInterface", instance, { [TAGGED]: `${network}-nat-${zone}` }],
  ],
  mayNot: [
    ["ec2:AttachNetworkInterface", arn("ec2", `network-interface/${network}-nat-${other}`)],
    ["ec2:AttachNetworkInterface", instance, { [TAGGED]: "web" }],
    ["ec2:AttachNetworkInterface", instance],
    ["ec2:ReplaceRoute", arn("ec2", `route-table/${network}-private-${zone}`)],
  ],
});

const flows = (network: string): RoleCase => ({
  takenBy: ["vpc-flow-logs.amazonaws.com"],
  may: [
    ["logs:CreateLogGroup", arn("logs", `log-group:${physicalName(`${network}-flows`)}`)],
    ["logs:DescribeLogGroups", "*"],
    ["logs:CreateLogStream", stream(`${network}-flows`)],
    ["logs:PutLogEvents", stream(`${network}-flows`)],
    ["logs:DescribeLogStreams", arn("logs", `log-group:${physicalName(`${network}-flows`)}`)],
  ],
  mayNot: [
    ["logs:PutLogEvents", stream("web")],
    ["logs:CreateLogGroup", arn("logs", `log-group:${physicalName("web")}`)],
  ],
});

export const networkCases: RoleCases = {
  "network-flows": flows("network"),
  "projects-network-flows": flows("projects-network"),
  "network-nat-a": nat("network", "a", "b"),
  "network-nat-b": nat("network", "b", "a"),
  "projects-network-nat-a": nat("projects-network", "a", "b"),
  "projects-network-nat-b": nat("projects-network", "b", "a"),
  bastion: {
    takenBy: ["ec2.amazonaws.com"],
    may: [
      ["ssmmessages:OpenDataChannel", "*"],
      ["ec2messages:GetMessages", "*"],
      ["ssm:UpdateInstanceInformation", instance],
    ],
    mayNot: [
      ["ssm:StartSession", instance],
      ["ssm:GetParameter", arn("ssm", "parameter/any")],
    ],
  },
};
