import { Inputs, inUse, Rule, Standing, taken, Thing } from "./rule";

const GROUP = "ec2/securityGroup:SecurityGroup";
const RULES = [
  "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];
const EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";

/** What AWS puts network interfaces into subnets and security groups for. */
export const WITH_INTERFACES = [
  "ec2/instance:Instance",
  "ec2/networkInterface:NetworkInterface",
  "ec2/natGateway:NatGateway",
  "lb/loadBalancer:LoadBalancer",
  "ec2/vpcEndpoint:VpcEndpoint",
  "autoscaling/group:Group",
  "ec2/launchTemplate:LaunchTemplate",
  "efs/mountTarget:MountTarget",
  "lambda/function:Function",
  "rds/instance:Instance",
];
/** A template holds nothing by itself: its group's machines do. */
const runs = (user: Thing, account: Standing) =>
  !user.type.endsWith("LaunchTemplate") || account.naming(user.id, ["autoscaling/group:Group"]).length > 0;

const sameRule = ({ securityGroupId, ipProtocol, fromPort, toPort, ...other }: Inputs) =>
  [
    ...[securityGroupId, ipProtocol, fromPort, toPort],
    ...[other.cidrIpv4, other.referencedSecurityGroupId, other.prefixListId],
  ].join(" ");

export const securityGroups: Rule[] = [
  taken(
    {
      name: "a security group's name is unique",
      code: "InvalidGroup.Duplicate",
      call: "EC2: CreateSecurityGroup",
      source: `${EC2}/API_CreateSecurityGroup.html`,
    },
    [GROUP],
    ({ vpcId, name }) => `${String(vpcId)} ${String(name)}`,
    (key) => `The security group '${key.split(" ")[1]}' already exists for VPC '${key.split(" ")[0]}'`,
  ),
  ...RULES.map((type) =>
    taken(
      {
        name: `a security group has each rule once: ${type.split(":")[1]}`,
        code: "InvalidPermission.Duplicate",
        call: "EC2: AuthorizeSecurityGroup",
        source: `${EC2}/API_AuthorizeSecurityGroupIngress.html`,
      },
      [type],
      sameRule,
      (key) => `the specified rule "${key}" already exists`,
    ),
  ),
  inUse(
    {
      name: "a security group in use stays",
      code: "DependencyViolation",
      call: "EC2: DeleteSecurityGroup",
      source: `${EC2}/API_DeleteSecurityGroup.html`,
    },
    [GROUP],
    ({ id }) => id,
    WITH_INTERFACES,
    ({ id }) => `resource ${id} has a dependent object`,
    runs,
  ),
  {
    name: "a security group stays while others' rules name it",
    code: "DependencyViolation",
    source: `${EC2}/API_DeleteSecurityGroup.html`,
    on: ["delete"],
    types: [GROUP],
    patient: true,
    refuses({ thing }, account) {
      const rule = account
        .all(...RULES)
        .find(
          ({ inputs }) =>
            inputs.referencedSecurityGroupId === thing!.id && inputs.securityGroupId !== thing!.id,
        );
      return (
        rule && { call: "EC2: DeleteSecurityGroup", message: `resource ${thing!.id} has a dependent object` }
      );
    },
  },
];
