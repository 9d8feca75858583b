import * as pulumi from "@pulumi/pulumi";
import { allow, Statement } from "../shared/permissions";
import { DeployGroupArgs } from "./deploy-group";

interface Place {
  region: pulumi.Output<string>;
  account: pulumi.Output<string>;
  deploymentGroup: string;
}

/** What CodeDeploy may do to the web servers; its managed policy allows the same on every group of the account. */
export function deployStatements(args: DeployGroupArgs, place: Place): Statement[] {
  return [
    // * because the describe calls of these services have no resource-level permission
    allow(
      [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeLifecycleHooks",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceStatus",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "tag:GetResources",
      ],
      "*",
    ),
    // Every alarm, because a call that asks for some by their names is about all of them.
    allow(["cloudwatch:DescribeAlarms"], alarms(place)),
    allow(
      [
        "autoscaling:CompleteLifecycleAction",
        "autoscaling:DeleteLifecycleHook",
        "autoscaling:PutLifecycleHook",
        "autoscaling:RecordLifecycleActionHeartbeat",
        "autoscaling:ResumeProcesses",
        "autoscaling:SuspendProcesses",
        "autoscaling:UpdateAutoScalingGroup",
      ],
      [args.groupArn, ...(args.deployment === "blue-green" ? [copiedGroups(place)] : [])],
    ),
    allow(
      ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
      args.targetGroupArn,
    ),
    ...(args.deployment === "blue-green" ? blueGreenStatements(args, place) : []),
  ];
}

const alarms = ({ region, account }: Place) =>
  pulumi.interpolate`arn:aws:cloudwatch:${region}:${account}:alarm:*`;

/** CodeDeploy names the groups that it makes after the deployment group. */
const copiedGroups = ({ region, account, deploymentGroup }: Place) =>
  pulumi.interpolate`arn:aws:autoscaling:${region}:${account}:autoScalingGroup:*:autoScalingGroupName/CodeDeploy_${deploymentGroup}_*`;

function blueGreenStatements(args: DeployGroupArgs, place: Place): Statement[] {
  const { region, account } = place;
  return [
    // * because the describe calls of Auto Scaling have no resource-level permission
    allow(
      [
        "autoscaling:DescribeNotificationConfigurations",
        "autoscaling:DescribePolicies",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeScheduledActions",
      ],
      "*",
    ),
    allow(
      [
        "autoscaling:AttachLoadBalancerTargetGroups",
        "autoscaling:CreateAutoScalingGroup",
        "autoscaling:CreateOrUpdateTags",
        "autoscaling:DeleteAutoScalingGroup",
        "autoscaling:EnableMetricsCollection",
        "autoscaling:PutNotificationConfiguration",
        "autoscaling:PutScalingPolicy",
        "autoscaling:PutScheduledUpdateGroupAction",
      ],
      [args.groupArn, copiedGroups(place)],
    ),
    allow(
      ["ec2:TerminateInstances"],
      pulumi.interpolate`arn:aws:ec2:${region}:${account}:instance/*`,
      // Instances have no name before they are: the tag of the group that they belong to narrows it.
      {
        StringLike: {
          "aws:ResourceTag/aws:autoscaling:groupName": pulumi
            .output(args.groupName)
            .apply((group) => [group, `CodeDeploy_${place.deploymentGroup}_*`]),
        },
      },
    ),
    // A group made from a launch template is checked with the rights of whoever makes it.
    allow(
      ["ec2:CreateTags", "ec2:RunInstances"],
      [
        pulumi.interpolate`arn:aws:ec2:${region}:${account}:*/*`,
        pulumi.interpolate`arn:aws:ec2:${region}::image/*`,
      ],
    ),
    allow(["iam:PassRole"], args.webRoleArn, {
      StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" },
    }),
  ];
}
