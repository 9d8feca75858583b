import { kept, needs, Rule, taken } from "./rule";

const GROUP = "autoscaling/group:Group";
const TEMPLATE = "ec2/launchTemplate:LaunchTemplate";
const EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
const SCALING = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";

export const instances: Rule[] = [
  kept(
    {
      name: "a guarded machine stays",
      code: "OperationNotPermitted",
      call: "EC2: TerminateInstances",
      source: `${EC2}/API_TerminateInstances.html`,
    },
    ["ec2/instance:Instance"],
    ({ inputs }) => inputs.disableApiTermination === true,
    ({ id }) =>
      `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  ),
  needs(
    {
      name: "a machine's profile holds its role",
      code: "InvalidParameterValue",
      call: "EC2: RunInstances",
      source: `${EC2}/API_RunInstances.html`,
    },
    ["ec2/instance:Instance"],
    ({ iamInstanceProfile }, account) =>
      iamInstanceProfile === undefined ||
      account.find("iam/instanceProfile:InstanceProfile", iamInstanceProfile) !== undefined,
    ({ iamInstanceProfile }) =>
      `Value (${String(iamInstanceProfile)}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`,
  ),
  taken(
    {
      name: "a launch template's name is unique",
      code: "InvalidLaunchTemplateName.AlreadyExistsException",
      call: "EC2: CreateLaunchTemplate",
      source: `${EC2}/API_CreateLaunchTemplate.html`,
    },
    [TEMPLATE],
    ({ name }) => name as unknown,
    () => "Launch template name already in use.",
  ),
  taken(
    {
      name: "a scaling group's name is unique",
      code: "AlreadyExists",
      call: "Auto Scaling: CreateAutoScalingGroup",
      source: `${SCALING}/API_CreateAutoScalingGroup.html`,
    },
    [GROUP],
    ({ name }) => name as unknown,
    () => "AutoScalingGroup by this name already exists - A group with the name already exists",
  ),
  needs(
    {
      name: "a refresh rolls back only to an image's id",
      code: "ValidationError",
      call: "Auto Scaling: StartInstanceRefresh",
      source: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html",
    },
    [GROUP],
    ({ instanceRefresh, launchTemplate }, account) => {
      const image = account.find(TEMPLATE, launchTemplate?.id)?.inputs.imageId as unknown;
      return !instanceRefresh?.preferences?.autoRollback || !String(image).startsWith("resolve:ssm:");
    },
    () =>
      "A DesiredConfiguration cannot be given for a launch template whose image is a Systems Manager parameter (resolve:ssm)",
    { on: ["update"] },
  ),
  needs(
    {
      name: "a launch template's group is in its subnets' VPC",
      code: "InvalidParameter",
      call: "Auto Scaling: CreateAutoScalingGroup",
      source: `${SCALING}/API_CreateAutoScalingGroup.html`,
    },
    [GROUP],
    ({ launchTemplate, vpcZoneIdentifiers = [] }, account) => {
      const template = account.find(TEMPLATE, launchTemplate?.id);
      const groups = (template?.inputs.networkInterfaces?.[0]?.securityGroups ?? []) as unknown[];
      const vpcs = [
        ...groups.map((one) => account.find("ec2/securityGroup:SecurityGroup", one)?.inputs.vpcId as unknown),
        ...(vpcZoneIdentifiers as unknown[]).map(
          (one) => account.find("ec2/subnet:Subnet", one)?.inputs.vpcId as unknown,
        ),
      ].filter((one) => one !== undefined);
      return new Set(vpcs).size <= 1;
    },
    () => "The security group and the subnet belong to different networks.",
  ),
];
