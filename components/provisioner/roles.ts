import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { SESSION_MANAGER_ACTIONS } from "../shared/instance";
import { allow, policyDocument, serviceRole, Statement } from "../shared/permissions";
import { here, Here } from "../shared/here";
import { ROLE_PATH, RolesArgs } from "./role-args";
import { readingPermissions } from "./reading-permissions";
import { databases, fileSystems, servers } from "./server-permissions";

export interface Roles {
  /** The role that CloudFormation assumes to create a project. */
  provisioningRoleArn: pulumi.Output<string>;
  /** The upper limit of what any role of a project can ever do. */
  boundaryArn: pulumi.Output<string>;
}

export function projectRoles(name: string, args: RolesArgs, parent: { parent: pulumi.Resource }): Roles {
  const at = here(parent);
  const boundary = new aws.iam.Policy(
    `${name}-boundary`,
    { policy: policyDocument(boundaryOf(args, at)) },
    parent,
  );
  const role = serviceRole(`${name}-provisioning`, { service: "cloudformation.amazonaws.com" }, parent);
  const groups = {
    reading: readingPermissions(args.prefix, at),
    storage: [...storage(args, at), ...delivery(args, at)],
    servers: [...servers(args, at), ...databases(args, at)],
    files: fileSystems(args, at),
    identity: identity(args, at, boundary.arn),
  };
  // Attached policies, because IAM counts all inline policies of a role together, and these would exceed that limit.
  for (const [part, permissions] of Object.entries(groups)) {
    const key = `${name}-provisioning-${part}`;
    const policy = new aws.iam.Policy(key, { policy: policyDocument(permissions) }, parent);
    new aws.iam.RolePolicyAttachment(key, { role: role.name, policyArn: policy.arn }, parent);
  }
  return { provisioningRoleArn: role.arn, boundaryArn: boundary.arn };
}

/** What the roles in the templates may do for any project. Each template narrows it to its own. */
function boundaryOf({ prefix, releaseDocumentName }: RolesArgs, at: Here): Statement[] {
  return [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], at.arn("logs", `log-group:/groundwork/${prefix}-*`)),
    allow(
      ["secretsmanager:GetSecretValue"],
      [at.arn("secretsmanager", `secret:${prefix}/*`), at.arn("secretsmanager", `secret:${prefix}-*`)],
    ),
    allow(["s3:ListBucket", "s3:PutObject", "s3:DeleteObject"], `arn:aws:s3:::${prefix}-*`),
    // CloudFormation builds the name from the stack's and the bucket's own in the template.
    allow(["s3:GetObject"], `arn:aws:s3:::${prefix}-*-releases-*/*`),
    allow(
      ["cloudfront:CreateInvalidation"],
      pulumi.interpolate`arn:aws:cloudfront::${at.accountId}:distribution/*`,
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
      at.arn("ecr", `repository/${prefix}-*`),
    ),
    allow(
      [
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:ClientRootAccess",
        "elasticfilesystem:ClientWrite",
      ],
      // AWS chooses the id, and each template's role names its own.
      at.arn("elasticfilesystem", "file-system/*"),
      { StringEquals: { "aws:ResourceTag/groundwork:provisioner": prefix } },
    ),
    allow(
      ["autoscaling:StartInstanceRefresh", "autoscaling:CancelInstanceRefresh"],
      at.arn("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${prefix}-*`),
    ),
    allow(["ssm:SendCommand"], at.arn("ssm", pulumi.interpolate`document/${releaseDocumentName}`)),
    allow(["ssm:SendCommand"], at.arn("ec2", "instance/*"), {
      StringLike: { "ssm:resourceTag/groundwork:stack": `${prefix}-*` },
    }),
    allow(
      [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeInstanceRefreshes",
        "ecr:GetAuthorizationToken",
        "ssm:GetCommandInvocation",
        ...SESSION_MANAGER_ACTIONS,
      ],
      "*", // * because Describe and Get calls, ECR's login and Session Manager's channels have no resource-level permission
    ),
  ];
}

function storage({ prefix, templatesArn, visitsArn }: RolesArgs, at: Here): Statement[] {
  const tag = { StringEquals: { "aws:RequestTag/groundwork:provisioner": prefix } };
  const mine = { StringEquals: { "aws:ResourceTag/groundwork:provisioner": prefix } };
  const cloudfront = (kind: string) => pulumi.interpolate`arn:aws:cloudfront::${at.accountId}:${kind}`;
  return [
    allow(
      [
        "s3:CreateBucket",
        "s3:DeleteBucket",
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
    // A caller that turns on a distribution's logs must be able to grant CloudFront access to the bucket.
    allow(["s3:GetBucketAcl", "s3:PutBucketAcl"], visitsArn),
    // * because CloudFront's create calls have no resource-level permission
    allow(["cloudfront:CreateDistribution"], "*", tag),
    // AWS chooses a distribution's id, so its tags tell whose it is.
    allow(["cloudfront:TagResource"], cloudfront("distribution/*"), tag),
    allow(
      ["cloudfront:UpdateDistribution", "cloudfront:DeleteDistribution"],
      cloudfront("distribution/*"),
      mine,
    ),
    // Projects from before all sites shared these still have their own, until their next update removes them.
    allow(["cloudfront:DeleteFunction"], cloudfront(`function/${prefix}-*`)),
    allow(
      ["cloudfront:DeleteOriginAccessControl", "cloudfront:DeleteResponseHeadersPolicy"],
      // AWS chooses the ids, and they take no tags. CloudFront does not delete one that a distribution still uses.
      [cloudfront("origin-access-control/*"), cloudfront("response-headers-policy/*")],
    ),
  ];
}

function delivery({ prefix, siem }: RolesArgs, at: Here): Statement[] {
  return [
    allow(
      ["codebuild:CreateProject", "codebuild:UpdateProject", "codebuild:DeleteProject"],
      at.arn("codebuild", `project/${prefix}-*`),
    ),
    allow(
      [
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:PutRetentionPolicy",
        "logs:PutSubscriptionFilter",
        "logs:DeleteSubscriptionFilter",
        "logs:TagResource",
      ],
      at.arn("logs", `log-group:/groundwork/${prefix}-*`),
    ),
    ...(siem ? [allow(["iam:PassRole"], siem.roleArn)] : []),
  ];
}

/** Creates roles only under the path and only with the boundary: otherwise CloudFormation could give itself any permission. */
function identity(
  { prefix }: RolesArgs,
  { accountId }: Here,
  boundaryArn: pulumi.Input<string>,
): Statement[] {
  const role = pulumi.interpolate`arn:aws:iam::${accountId}:role${ROLE_PATH}${prefix}-*`;
  const profile = pulumi.interpolate`arn:aws:iam::${accountId}:instance-profile${ROLE_PATH}${prefix}-*`;
  const linked = (service: string) =>
    pulumi.interpolate`arn:aws:iam::${accountId}:role/aws-service-role/${service}.amazonaws.com/*`;
  return [
    allow(["iam:CreateRole", "iam:PutRolePolicy"], role, {
      StringEquals: { "iam:PermissionsBoundary": boundaryArn },
    }),
    allow(["iam:DeleteRole", "iam:DeleteRolePolicy", "iam:TagRole", "iam:UpdateAssumeRolePolicy"], role),
    allow(
      [
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
      ],
      profile,
    ),
    allow(["iam:PassRole"], role, {
      StringEquals: { "iam:PassedToService": ["codebuild.amazonaws.com", "ec2.amazonaws.com"] },
    }),
    allow(
      ["iam:CreateServiceLinkedRole"],
      [linked("autoscaling"), linked("elasticfilesystem"), linked("elasticloadbalancing"), linked("rds")],
    ),
  ];
}
