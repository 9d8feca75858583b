// What a deployment group needs for deployments to a second group of servers.
import { CodeDeploy, DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { SharedSandbox } from "./shared";

const PolicyName = "second-group";

/** What AWS's managed policy AWSCodeDeployRole allows of a second group, and what its page has one add for a launch template. */
const ACTIONS = [
  "autoscaling:AttachLoadBalancerTargetGroups",
  "autoscaling:CreateAutoScalingGroup",
  "autoscaling:DeleteAutoScalingGroup",
  "autoscaling:DescribePolicies",
  "autoscaling:PutLifecycleHook",
  "autoscaling:PutScalingPolicy",
  "autoscaling:UpdateAutoScalingGroup",
  "cloudwatch:PutMetricAlarm",
  "ec2:CreateTags",
  "ec2:RunInstances",
  "iam:PassRole",
];

const roleOf = ({ serviceRoleArn }: DeploymentGroupInfo) => serviceRoleArn!.split("/").at(-1)!;

/** Lets a group's role make a second group of servers, but for what is named. */
export async function allowSecondGroup(
  { use }: SharedSandbox,
  group: DeploymentGroupInfo,
  ...without: string[]
): Promise<void> {
  const Action = ACTIONS.filter((one) => !without.includes(one));
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action, Resource: "*" }],
  });
  await (await use("iam")).putRolePolicy({ RoleName: roleOf(group), PolicyName, PolicyDocument });
}

export async function forbidSecondGroup({ use }: SharedSandbox, group: DeploymentGroupInfo): Promise<void> {
  const iam = await use("iam");
  await iam.deleteRolePolicy({ RoleName: roleOf(group), PolicyName }).catch((error: Error) => {
    if (error.name !== "NoSuchEntityException") throw error;
  });
}

/** Has a group's deployments go to a second group of servers from now on. */
export const toSecondGroup = (codedeploy: CodeDeploy, group: DeploymentGroupInfo, minutes: number) =>
  codedeploy.updateDeploymentGroup({
    applicationName: group.applicationName!,
    currentDeploymentGroupName: group.deploymentGroupName!,
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    blueGreenDeploymentConfiguration: {
      deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
      greenFleetProvisioningOption: { action: "COPY_AUTO_SCALING_GROUP" },
      terminateBlueInstancesOnDeploymentSuccess: {
        action: "TERMINATE",
        terminationWaitTimeInMinutes: minutes,
      },
    },
  });

export const toOneGroup = (codedeploy: CodeDeploy, group: DeploymentGroupInfo) =>
  codedeploy.updateDeploymentGroup({
    applicationName: group.applicationName!,
    currentDeploymentGroupName: group.deploymentGroupName!,
    deploymentStyle: group.deploymentStyle,
  });
