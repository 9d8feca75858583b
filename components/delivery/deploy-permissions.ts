import * as pulumi from "@pulumi/pulumi";
import { Here } from "../shared/here";
import { allow, Statement } from "../shared/permissions";
import type { DeployGroupArgs, ReleaseTarget } from "./args";

/** What CodeDeploy may do to the web servers. Its managed policy allows the same on every group of the account. */
export function deployPermissions(args: DeployGroupArgs, deploymentGroup: string, here: Here): Statement[] {
  const { web } = args;
  return [
    // * because the describe calls of these services have no resource-level permission
    allow(
      [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeLifecycleHooks",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceStatus",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "tag:GetResources",
      ],
      "*",
    ),
    // Every alarm: IAM checks a call for some alarms by name against all of them.
    allow(["cloudwatch:DescribeAlarms"], here.arn("cloudwatch", "alarm:*")),
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
      [web.groupArn, ...(args.deployment === "blue-green" ? [copiedGroups(deploymentGroup, here)] : [])],
    ),
    allow(
      ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
      web.targetGroupArn,
    ),
    ...(args.deployment === "blue-green" ? blueGreen(web, deploymentGroup, here) : []),
  ];
}

/** What a server needs for its own group. Its role knows only the group that Pulumi created, so it could not join a copy of it. */
export const copiedServers = (deploymentGroup: string, here: Here): Statement[] => [
  allow(["autoscaling:CompleteLifecycleAction"], copiedGroups(deploymentGroup, here)),
];

/** CodeDeploy names the groups that it creates after the deployment group. */
const copiedGroups = (deploymentGroup: string, here: Here) =>
  here.arn("autoscaling", `autoScalingGroup:*:autoScalingGroupName/CodeDeploy_${deploymentGroup}_*`);

function blueGreen(web: ReleaseTarget, deploymentGroup: string, here: Here): Statement[] {
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
      [web.groupArn, copiedGroups(deploymentGroup, here)],
    ),
    allow(
      ["ec2:TerminateInstances"],
      here.arn("ec2", "instance/*"),
      // Instances have no predictable ids, so the tag of their group narrows the statement.
      {
        StringLike: {
          "aws:ResourceTag/aws:autoscaling:groupName": pulumi
            .output(web.groupName)
            .apply((group) => [group, `CodeDeploy_${deploymentGroup}_*`]),
        },
      },
    ),
    // Auto Scaling checks a group with a launch template against the permissions of its creator.
    allow(
      ["ec2:CreateTags", "ec2:RunInstances"],
      [here.arn("ec2", "*/*"), pulumi.interpolate`arn:aws:ec2:${here.region}::image/*`],
    ),
    allow(["iam:PassRole"], web.roleArn, {
      StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" },
    }),
    // The template resolves its image from a parameter (resolve:ssm): Amazon's, or the one of the baked image.
    allow(
      ["ssm:GetParameters"],
      [
        pulumi.interpolate`arn:aws:ssm:${here.region}::parameter/aws/service/ami-amazon-linux-latest/*`,
        here.arn("ssm", `parameter/imagebuilder/groundwork/${pulumi.getStack()}/*`),
      ],
    ),
    // A copied scaling policy has its own alarms, whose names CodeDeploy and Auto Scaling choose.
    allow(["cloudwatch:PutMetricAlarm"], here.arn("cloudwatch", "alarm:*")),
  ];
}
