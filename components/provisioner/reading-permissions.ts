import * as pulumi from "@pulumi/pulumi";
import { allow, Statement } from "../shared/permissions";
import { Here } from "../shared/here";
import { ROLE_PATH } from "./role-args";

/**
 * What CloudFormation reads of a project's resources, in the name of a caller that creates them or checks their drift. It does not
 * look into a database's own stack.
 */
export function readingPermissions(prefix: string, at: Here): Statement[] {
  const cloudfront = (kind: string) => pulumi.interpolate`arn:aws:cloudfront::${at.accountId}:${kind}`;
  const iam = (kind: string) =>
    pulumi.interpolate`arn:aws:iam::${at.accountId}:${kind}${ROLE_PATH}${prefix}-*`;
  return [
    allow(
      [
        "s3:GetAccelerateConfiguration",
        "s3:GetAnalyticsConfiguration",
        "s3:GetBucket*",
        "s3:GetEncryptionConfiguration",
        "s3:GetIntelligentTieringConfiguration",
        "s3:GetInventoryConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetMetricsConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:ListTagsForResource",
      ],
      `arn:aws:s3:::${prefix}-*`,
    ),
    allow(
      ["cloudfront:GetDistribution", "cloudfront:GetDistributionConfig", "cloudfront:ListTagsForResource"],
      cloudfront("distribution/*"),
    ),
    // For older sites that each have their own, from before all sites shared one.
    allow(
      ["cloudfront:DescribeFunction", "cloudfront:GetFunction", "cloudfront:ListTagsForResource"],
      cloudfront(`function/${prefix}-*`),
    ),
    allow(["cloudfront:GetOriginAccessControl"], cloudfront("origin-access-control/*")),
    allow(["cloudfront:GetResponseHeadersPolicy"], cloudfront("response-headers-policy/*")),
    allow(["codebuild:BatchGetProjects"], at.arn("codebuild", `project/${prefix}-*`)),
    allow(
      [
        "ecr:DescribeRepositories",
        "ecr:GetLifecyclePolicy",
        "ecr:GetRepositoryPolicy",
        "ecr:ListTagsForResource",
      ],
      at.arn("ecr", `repository/${prefix}-*`),
    ),
    allow(
      ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
      iam("role"),
    ),
    allow(["iam:GetInstanceProfile"], iam("instance-profile")),
    allow(
      ["logs:DescribeSubscriptionFilters", "logs:GetDataProtectionPolicy", "logs:ListTagsForResource"],
      at.arn("logs", `log-group:/groundwork/${prefix}-*`),
    ),
    allow(
      [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeLifecycleHooks",
        "autoscaling:DescribeNotificationConfigurations",
        "autoscaling:DescribePolicies",
        "autoscaling:DescribeTags",
        "autoscaling:DescribeTrafficSources",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:DescribeSecurityGroups",
        "elasticloadbalancing:DescribeCapacityReservation",
        "elasticloadbalancing:DescribeListenerAttributes",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "logs:DescribeIndexPolicies",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
      ],
      "*", // * because Describe calls have no resource-level permission
    ),
  ];
}
