import * as pulumi from "@pulumi/pulumi";
import { allow, Statement } from "../shared/permissions";
import { Here } from "../shared/here";
import type { RolesArgs } from "./role-args";

/** What CloudFormation needs to create a server template's resources, restricted by their names and tags. */
export function servers({ prefix }: RolesArgs, at: Here): Statement[] {
  const tag = { StringEquals: { "aws:RequestTag/groundwork:provisioner": prefix } };
  const mine = { StringEquals: { "aws:ResourceTag/groundwork:provisioner": prefix } };
  const ec2 = (...kinds: string[]) => kinds.map((kind) => at.arn("ec2", `${kind}/*`));
  const balancers = ["loadbalancer/app", "targetgroup", "listener/app"].map((kind) =>
    at.arn("elasticloadbalancing", `${kind}/${prefix}-*`),
  );
  return [
    allow(
      [
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstances",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        "ec2:GetSecurityGroupsForVpc",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeScheduledActions",
      ],
      "*", // * because Describe calls have no resource-level permission
    ),
    allow(["ec2:CreateSecurityGroup", "ec2:DescribeVpcAttribute"], ec2("vpc")),
    allow(["ec2:CreateSecurityGroup"], ec2("security-group"), tag),
    // CloudFormation does not pass a stack's tags on to launch templates, so they have a tag of their own.
    allow(["ec2:CreateLaunchTemplate"], ec2("launch-template"), {
      StringLike: { "aws:RequestTag/groundwork:stack": `${prefix}-*` },
    }),
    allow(["ec2:CreateTags"], ec2("instance", "launch-template", "security-group"), {
      StringEquals: { "ec2:CreateAction": ["CreateSecurityGroup", "CreateLaunchTemplate", "RunInstances"] },
    }),
    allow(
      [
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
        "ec2:DeleteSecurityGroup",
      ],
      ec2("security-group"),
      mine,
    ),
    allow(["ec2:CreateLaunchTemplateVersion", "ec2:DeleteLaunchTemplate"], ec2("launch-template"), {
      StringLike: { "aws:ResourceTag/groundwork:stack": `${prefix}-*` },
    }),
    // A group tests its template on creation. Only instances from a template of these projects may start.
    allow(
      ["ec2:RunInstances"],
      [
        ...ec2("instance", "launch-template", "network-interface", "security-group", "subnet", "volume"),
        pulumi.interpolate`arn:aws:ec2:${at.region}::image/*`,
      ],
      {
        ArnLike: { "ec2:LaunchTemplate": at.arn("ec2", "launch-template/*") },
      },
    ),
    allow(
      ["ssm:GetParameters"],
      pulumi.interpolate`arn:aws:ssm:${at.region}::parameter/aws/service/ami-amazon-linux-latest/*`,
    ),
    allow(
      [
        "autoscaling:CreateAutoScalingGroup",
        "autoscaling:CreateOrUpdateTags",
        "autoscaling:DeleteAutoScalingGroup",
        "autoscaling:DeletePolicy",
        "autoscaling:PutScalingPolicy",
        "autoscaling:ResumeProcesses",
        "autoscaling:SuspendProcesses",
        "autoscaling:UpdateAutoScalingGroup",
      ],
      at.arn("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${prefix}-*`),
    ),
    allow(
      [
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:CreateTargetGroup",
        "elasticloadbalancing:DeleteListener",
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets",
      ],
      balancers,
    ),
    allow(
      [
        "ecr:CreateRepository",
        "ecr:DeleteRepository",
        "ecr:PutImageScanningConfiguration",
        "ecr:PutLifecyclePolicy",
        "ecr:TagResource",
      ],
      at.arn("ecr", `repository/${prefix}-*`),
    ),
  ];
}

/** The same for a database template. */
export function databases({ prefix }: RolesArgs, at: Here): Statement[] {
  return [
    allow(
      [
        "cloudformation:CreateStack",
        "cloudformation:UpdateStack",
        "cloudformation:DeleteStack",
        "cloudformation:DescribeStacks",
        "cloudformation:GetStackPolicy",
        "cloudformation:GetTemplate",
      ],
      at.arn("cloudformation", `stack/${prefix}-*`),
    ),
    allow(
      [
        "rds:AddTagsToResource",
        "rds:CreateDBInstance",
        "rds:CreateDBParameterGroup",
        "rds:CreateDBSnapshot",
        "rds:CreateDBSubnetGroup",
        "rds:DeleteDBInstance",
        "rds:DeleteDBParameterGroup",
        "rds:DeleteDBSubnetGroup",
        "rds:ListTagsForResource",
        "rds:ModifyDBInstance",
        "rds:ModifyDBParameterGroup",
        "rds:ModifyDBSubnetGroup",
      ],
      ["db", "pg", "subgrp", "snapshot"].map((kind) => at.arn("rds", `${kind}:${prefix}-*`)),
    ),
    allow(
      [
        "rds:DescribeDBEngineVersions",
        "rds:DescribeDBInstanceAutomatedBackups",
        "rds:DescribeDBInstances",
        "rds:DescribeDBParameterGroups",
        "rds:DescribeDBParameters",
        "rds:DescribeDBSubnetGroups",
        "rds:DescribeEngineDefaultParameters",
        "rds:DescribeEvents",
      ],
      "*", // * because these calls only list resources
    ),
    allow(
      [
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:TagResource",
        "secretsmanager:UpdateSecret",
      ],
      at.arn("secretsmanager", `secret:${prefix}-*`),
    ),
    allow(["secretsmanager:GetRandomPassword"], "*"), // * because a random password has no resource
    allow(["kms:DescribeKey"], at.arn("kms", "key/*")),
  ];
}

/** The same for the file system of a project's uploads. */
export function fileSystems({ prefix }: RolesArgs, at: Here): Statement[] {
  const tag = { StringEquals: { "aws:RequestTag/groundwork:provisioner": prefix } };
  const mine = { StringEquals: { "aws:ResourceTag/groundwork:provisioner": prefix } };
  const all = ["file-system", "access-point"].map((kind) => at.arn("elasticfilesystem", `${kind}/*`));
  return [
    // * because a file system that does not exist yet has no id
    allow(["elasticfilesystem:CreateFileSystem"], "*", tag),
    allow(["elasticfilesystem:TagResource"], all, tag),
    allow(
      [
        "elasticfilesystem:CreateAccessPoint",
        "elasticfilesystem:CreateMountTarget",
        "elasticfilesystem:DeleteAccessPoint",
        "elasticfilesystem:DeleteFileSystem",
        "elasticfilesystem:DeleteMountTarget",
        "elasticfilesystem:ModifyMountTargetSecurityGroups",
        "elasticfilesystem:PutBackupPolicy",
        "elasticfilesystem:PutFileSystemPolicy",
        "elasticfilesystem:PutLifecycleConfiguration",
      ],
      all,
      mine,
    ),
    allow(
      [
        "elasticfilesystem:DescribeAccessPoints",
        "elasticfilesystem:DescribeBackupPolicy",
        "elasticfilesystem:DescribeFileSystemPolicy",
        "elasticfilesystem:DescribeFileSystems",
        "elasticfilesystem:DescribeLifecycleConfiguration",
        "elasticfilesystem:DescribeMountTargets",
        "elasticfilesystem:DescribeMountTargetSecurityGroups",
        "elasticfilesystem:DescribeReplicationConfigurations",
      ],
      all,
      mine,
    ),
    // EFS creates a mount target's network interface in the caller's name.
    allow(["ec2:DescribeNetworkInterfaces"], "*"), // * because Describe calls have no resource-level permission
  ];
}
