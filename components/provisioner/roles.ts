import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, policyDocument, serviceRole, Statement } from "../policy";
import { arnIn, here, Place, ROLE_PATH } from "./place";
import { databases, servers } from "./server-rights";

export interface RolesArgs {
  prefix: string;
  templatesArn: pulumi.Input<string>;
  siem?: { roleArn: pulumi.Input<string> };
}

export interface Roles {
  /** What CloudFormation acts as when it makes a project. */
  provisioningRoleArn: pulumi.Output<string>;
  /** The most that any role of a project can ever do. */
  boundaryArn: pulumi.Output<string>;
}

export function projectRoles(name: string, args: RolesArgs, parent: { parent: pulumi.Resource }): Roles {
  const place = here(parent);
  const boundary = new aws.iam.Policy(
    `${name}-boundary`,
    { policy: policyDocument(boundaryOf(args, place)) },
    parent,
  );
  const role = serviceRole(`${name}-provisioning`, { service: "cloudformation.amazonaws.com" }, parent);
  const groups = {
    storage: [...storage(args, place), ...delivery(args, place)],
    servers: [...servers(args, place), ...databases(args, place)],
    identity: identity(args, place, boundary.arn),
  };
  // One inline policy each, since all in one would pass IAM's limit.
  for (const [part, statements] of Object.entries(groups))
    new aws.iam.RolePolicy(
      `${name}-provisioning-${part}`,
      { role: role.name, policy: policyDocument(statements) },
      parent,
    );
  return { provisioningRoleArn: role.arn, boundaryArn: boundary.arn };
}

/** What the roles in the templates do, for any project: each template narrows it to its own. */
function boundaryOf({ prefix }: RolesArgs, place: Place): Statement[] {
  return [
    allow(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      arnIn(place, "logs", `log-group:/groundwork/${prefix}-*`),
    ),
    allow(
      ["secretsmanager:GetSecretValue"],
      [
        arnIn(place, "secretsmanager", `secret:${prefix}/*`),
        arnIn(place, "secretsmanager", `secret:${prefix}-*`),
      ],
    ),
    allow(["s3:ListBucket", "s3:PutObject", "s3:DeleteObject"], `arn:aws:s3:::${prefix}-*`),
    allow(
      ["cloudfront:CreateInvalidation"],
      pulumi.interpolate`arn:aws:cloudfront::${place.account}:distribution/*`,
    ),
    allow(
      [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DescribeImages",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ],
      arnIn(place, "ecr", `repository/${prefix}-*`),
    ),
    allow(
      ["autoscaling:StartInstanceRefresh"],
      arnIn(place, "autoscaling", `autoScalingGroup:*:autoScalingGroupName/${prefix}-*`),
    ),
    allow(
      [
        "ecr:GetAuthorizationToken",
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
        "ec2messages:GetMessages",
        "ec2messages:AcknowledgeMessage",
        "ec2messages:SendReply",
      ],
      "*", // * because ECR's login and Session Manager's channels have no resource-level permission
    ),
  ];
}

function storage({ prefix, templatesArn }: RolesArgs, place: Place): Statement[] {
  const tag = { StringEquals: { "aws:RequestTag/groundwork:provisioner": prefix } };
  const mine = { StringEquals: { "aws:ResourceTag/groundwork:provisioner": prefix } };
  const cloudfront = (kind: string) => pulumi.interpolate`arn:aws:cloudfront::${place.account}:${kind}`;
  return [
    allow(
      [
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:GetBucket*",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:ListBucket",
        "s3:PutBucketLogging",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ],
      `arn:aws:s3:::${prefix}-*`,
    ),
    allow(["s3:GetObject"], pulumi.interpolate`${templatesArn}/*`),
    // * because CloudFront's create calls have no resource-level permission
    allow(["cloudfront:CreateDistribution"], "*", tag),
    allow(["cloudfront:CreateFunction"], "*"), // * because CloudFront's create calls have no resource-level permission
    // A distribution's id is AWS's, so its tags say whose it is.
    allow(["cloudfront:TagResource"], cloudfront("distribution/*"), tag),
    allow(
      ["cloudfront:UpdateDistribution", "cloudfront:DeleteDistribution"],
      cloudfront("distribution/*"),
      mine,
    ),
    allow(
      ["cloudfront:GetDistribution", "cloudfront:GetDistributionConfig", "cloudfront:ListTagsForResource"],
      cloudfront("distribution/*"),
    ),
    allow(
      [
        "cloudfront:DeleteFunction",
        "cloudfront:DescribeFunction",
        "cloudfront:GetFunction",
        "cloudfront:PublishFunction",
        "cloudfront:UpdateFunction",
      ],
      cloudfront(`function/${prefix}-*`),
    ),
    allow(
      [
        "cloudfront:DeleteOriginAccessControl",
        "cloudfront:GetOriginAccessControl",
        "cloudfront:UpdateOriginAccessControl",
        "cloudfront:DeleteResponseHeadersPolicy",
        "cloudfront:GetResponseHeadersPolicy",
        "cloudfront:UpdateResponseHeadersPolicy",
      ],
      // Their ids are AWS's, and they take no tags.
      [cloudfront("origin-access-control/*"), cloudfront("response-headers-policy/*")],
    ),
    allow(["cloudfront:CreateOriginAccessControl", "cloudfront:CreateResponseHeadersPolicy"], "*"), // * because what is not there yet has no name
  ];
}

function delivery({ prefix, siem }: RolesArgs, place: Place): Statement[] {
  return [
    allow(
      [
        "codebuild:CreateProject",
        "codebuild:UpdateProject",
        "codebuild:DeleteProject",
        "codebuild:BatchGetProjects",
      ],
      arnIn(place, "codebuild", `project/${prefix}-*`),
    ),
    allow(
      [
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:PutRetentionPolicy",
        "logs:PutSubscriptionFilter",
        "logs:DeleteSubscriptionFilter",
        "logs:TagResource",
        "logs:ListTagsForResource",
      ],
      arnIn(place, "logs", `log-group:/groundwork/${prefix}-*`),
    ),
    allow(["logs:DescribeLogGroups", "logs:DescribeSubscriptionFilters"], "*"), // * because CloudWatch Logs lists all groups or none
    ...(siem ? [allow(["iam:PassRole"], siem.roleArn)] : []),
  ];
}

/** Roles under the path, and only within the boundary: what makes roles could otherwise make itself anything. */
function identity({ prefix }: RolesArgs, { account }: Place, boundaryArn: pulumi.Input<string>): Statement[] {
  const role = pulumi.interpolate`arn:aws:iam::${account}:role${ROLE_PATH}${prefix}-*`;
  const profile = pulumi.interpolate`arn:aws:iam::${account}:instance-profile${ROLE_PATH}${prefix}-*`;
  const linked = (service: string) =>
    pulumi.interpolate`arn:aws:iam::${account}:role/aws-service-role/${service}.amazonaws.com/*`;
  return [
    allow(["iam:CreateRole", "iam:PutRolePolicy"], role, {
      StringEquals: { "iam:PermissionsBoundary": boundaryArn },
    }),
    allow(
      [
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "iam:TagRole",
        "iam:UpdateAssumeRolePolicy",
      ],
      role,
    ),
    allow(
      [
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:GetInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
      ],
      profile,
    ),
    allow(["iam:PassRole"], role, {
      StringEquals: { "iam:PassedToService": ["codebuild.amazonaws.com", "ec2.amazonaws.com"] },
    }),
    allow(
      ["iam:CreateServiceLinkedRole"],
      [linked("autoscaling"), linked("elasticloadbalancing"), linked("rds")],
    ),
  ];
}
