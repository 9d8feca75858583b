import * as pulumi from "@pulumi/pulumi";
import { allow, Statement } from "../shared/permissions";
import { CompleteArgs } from "./args";
import { CLOUDFRONT_REGION } from "../../functions/provisioner/cloudfront-region";
import { apiUrlParameter } from "./console-access";
import type { Surroundings } from "./surroundings";
import { here, Here } from "../shared/here";
import { readingPermissions } from "./reading-permissions";

type Parent = { parent: pulumi.Resource };

// IfExists on CloudFormation's role: a stack without a role would use the function's own permissions, which can create nothing.

/**
 * All identities: SES checks the sender's address or domain, recipients that are verified identities, and the configuration set that
 * an identity may have. The condition restricts the sender.
 */
const sendingMail = ({ sender }: CompleteArgs, at: Here) =>
  allow(["ses:SendEmail"], [at.arn("ses", "identity/*"), at.arn("ses", "configuration-set/*")], {
    StringEquals: { "ses:FromAddress": sender },
  });

/** What all three functions do: store data, publish events, send e-mails, and let a waiting state continue. */
function common(args: CompleteArgs, { table }: Surroundings, parent: Parent): Statement[] {
  const at = here(parent);
  return [
    allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], table.arn),
    allow(["events:PutEvents"], at.arn("events", "event-bus/default")),
    sendingMail(args, at),
    allow(["states:SendTaskSuccess"], "*"), // * because a task is known by its token only
    allow(["cloudformation:DescribeStacks"], at.arn("cloudformation", `stack/${args.prefix}-*`)),
  ];
}

const ofRepositories = ({ prefix }: CompleteArgs, at: Here) => at.arn("secretsmanager", `secret:${prefix}/*`);
const ofPrograms = ({ prefix }: CompleteArgs, at: Here) =>
  at.arn("secretsmanager", `secret:${prefix}-*/values-*`);

/** The secrets with which Git hosts sign. */
const ofHooks = ({ prefix }: CompleteArgs, at: Here) => at.arn("secretsmanager", `secret:${prefix}-*/hook-*`);

/** Releases what a project held: its secrets, and its share of the quota. */
function release(args: CompleteArgs, { table }: Surroundings, parent: Parent): Statement[] {
  return [
    allow(["dynamodb:DeleteItem"], table.arn),
    allow(
      ["secretsmanager:DeleteSecret"],
      [ofRepositories, ofPrograms, ofHooks].map((of) => of(args, here(parent))),
    ),
  ];
}

/** Makes a waiting state fail, for the steps and the reconciler. */
const failing = allow(["states:SendTaskFailure"], "*"); // * because a task is known by its token only

/** Points a name to an instance, and finds the admins' e-mail addresses, for the steps and the reconciler. */
function visitors({ people }: CompleteArgs, { domain }: Surroundings): Statement[] {
  return [
    allow(["ec2:DescribeInstances"], "*"), // * because DescribeInstances has no resource-level permission
    allow(["elasticloadbalancing:DescribeTargetHealth"], "*"), // * because Describe calls have no resource-level permission
    allow(["cognito-idp:ListUsersInGroup"], people.userPoolArn),
    ...(domain
      ? [
          allow(
            ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
            pulumi.interpolate`arn:aws:route53:::hostedzone/${domain.zoneId}`,
          ),
        ]
      : []),
  ];
}

export function stepPermissions(args: CompleteArgs, around: Surroundings, parent: Parent): Statement[] {
  const at = here(parent);
  const stacks = at.arn("cloudformation", `stack/${args.prefix}-*`);
  const asProvisioner = { StringEqualsIfExists: { "cloudformation:RoleArn": around.provisioningRoleArn } };
  return [
    ...common(args, around, parent),
    ...release(args, around, parent),
    ...visitors(args, around),
    allow(
      ["cloudformation:CreateStack", "cloudformation:CreateChangeSet", "cloudformation:DeleteStack"],
      stacks,
      asProvisioner,
    ),
    allow(
      [
        "cloudformation:DescribeChangeSet",
        "cloudformation:DeleteChangeSet",
        "cloudformation:ExecuteChangeSet",
        "cloudformation:TagResource",
      ],
      stacks,
    ),
    allow(["iam:PassRole"], around.provisioningRoleArn, {
      StringEquals: { "iam:PassedToService": "cloudformation.amazonaws.com" },
    }),
    allow(["s3:GetObject"], pulumi.interpolate`${around.templatesArn}/*`),
    allow(["codebuild:StartBuild", "codebuild:StopBuild"], at.arn("codebuild", `project/${args.prefix}-*`)),
    allow(
      ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:PutImage"],
      at.arn("ecr", `repository/${args.prefix}-*`),
    ),
    allow(
      ["autoscaling:StartInstanceRefresh"],
      at.arn("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${args.prefix}-*`),
    ),
    allow(["s3:ListBucketVersions"], `arn:aws:s3:::${args.prefix}-*`),
    allow(["s3:DeleteObject", "s3:DeleteObjectVersion"], `arn:aws:s3:::${args.prefix}-*/*`),
    // The repository's token reports the build's status on the commit.
    allow(["secretsmanager:GetSecretValue"], ofRepositories(args, at)),
    failing,
  ];
}

export function reconcilePermissions(
  args: CompleteArgs,
  around: Surroundings,
  machineArn: pulumi.Output<string>,
  parent: Parent,
): Statement[] {
  const at = here(parent);
  const stacks = at.arn("cloudformation", `stack/${args.prefix}-*`);
  return [
    ...common(args, around, parent),
    ...visitors(args, around),
    allow(["states:StartExecution"], machineArn),
    allow(["states:DescribeExecution"], executionsOf(machineArn)),
    failing,
    allow(["dynamodb:Query"], [around.table.arn, pulumi.interpolate`${around.table.arn}/index/byDue`]),
    allow(
      [
        "cloudformation:DescribeStackEvents",
        "cloudformation:DetectStackDrift",
        "cloudformation:DetectStackResourceDrift",
      ],
      stacks,
    ),
    ...readingPermissions(args.prefix, at),
    allow(["cloudformation:DeleteStack"], stacks, {
      StringEqualsIfExists: { "cloudformation:RoleArn": around.provisioningRoleArn },
    }),
    allow(["iam:PassRole"], around.provisioningRoleArn, {
      StringEquals: { "iam:PassedToService": "cloudformation.amazonaws.com" },
    }),
    // Starts the build of a project that found no capacity before.
    allow(
      ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
      at.arn("codebuild", `project/${args.prefix}-*`),
    ),
    allow(["autoscaling:DescribeInstanceRefreshes"], "*"), // * because Describe calls have no resource-level permission
    // Reads the last lines of a failed build from its stream, never what a project itself logs.
    allow(["logs:GetLogEvents"], at.arn("logs", `log-group:/groundwork/${args.prefix}-*/build*`)),
    allow(["sqs:SendMessage"], around.queue.arn),
  ];
}

export function apiPermissions(
  args: CompleteArgs,
  around: Surroundings,
  machineArn: pulumi.Output<string>,
  parent: Parent,
): Statement[] {
  const at = here(parent);
  const { documents, roleArn } = around.runbooks;
  return [
    ...common(args, around, parent),
    ...release(args, around, parent),
    allow(["states:StartExecution"], machineArn),
    allow(["dynamodb:PutItem"], around.table.arn),
    allow(["dynamodb:Query"], [around.table.arn, pulumi.interpolate`${around.table.arn}/index/*`]),
    allow(
      ["secretsmanager:CreateSecret", "secretsmanager:TagResource"],
      [ofRepositories, ofPrograms, ofHooks].map((of) => of(args, at)),
    ),
    // A change names some of a program's secrets and leaves the others as they are.
    allow(["secretsmanager:GetSecretValue"], ofPrograms(args, at)),
    allow(["ssm:GetParameter"], at.arn("ssm", `parameter${apiUrlParameter(args.parameterPath)}`)),
    allow(
      ["s3:PutObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:DeleteObjectVersion"],
      pulumi.interpolate`${around.requests.bucketArn}/requests/*`,
    ),
    allow(["s3:ListBucketVersions"], around.requests.bucketArn),
    allow(["cognito-idp:AdminGetUser"], args.people.userPoolArn),
    // A dry run reports whether e-mails would arrive.
    allow(["ses:GetAccount"], "*"), // * because GetAccount has no resource-level permission
    allow(["ses:GetEmailIdentity"], at.arn("ses", "identity/*")),
    allow(
      ["ssm:StartAutomationExecution"],
      [documents.restart, documents.patch].flatMap(({ name }) => [
        pulumi.interpolate`arn:aws:ssm:${at.region}:${at.accountId}:automation-definition/${name}:*`,
        pulumi.interpolate`arn:aws:ssm:${at.region}:${at.accountId}:document/${name}`,
        at.arn("ssm", "automation-execution/*"),
      ]),
    ),
    allow(["iam:PassRole"], roleArn, { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } }),
  ];
}

/** Reads logs, but only those of projects' builds and servers. */
export function readingFunctionPermissions(
  { prefix, parameterPath }: CompleteArgs,
  { table }: Surroundings,
  parent: Parent,
): Statement[] {
  const at = here(parent);
  return [
    allow(["dynamodb:GetItem"], table.arn),
    allow(["ssm:GetParameter"], at.arn("ssm", `parameter${apiUrlParameter(parameterPath)}`)),
    allow(
      ["logs:FilterLogEvents"],
      ["build", "app"].map((log) => at.arn("logs", `log-group:/groundwork/${prefix}-*/${log}*`)),
    ),
  ];
}

/** Receives pushes, and creates a project for a branch. Nobody signs in there, so it may do nothing else. */
export function pushPermissions(
  args: CompleteArgs,
  { table }: Surroundings,
  machineArn: pulumi.Output<string>,
  parent: Parent,
): Statement[] {
  const at = here(parent);
  const kept = [ofRepositories, ofPrograms].map((of) => of(args, at));
  return [
    allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"], table.arn),
    allow(["dynamodb:Query"], [table.arn, pulumi.interpolate`${table.arn}/index/*`]),
    allow(["events:PutEvents"], at.arn("events", "event-bus/default")),
    allow(["states:StartExecution"], machineArn),
    // A hook's secret verifies its pushes. A preview's repository uses its project's token, which reports the status on the commit.
    allow(["secretsmanager:GetSecretValue"], [...kept, ofHooks(args, at)]),
    allow(["secretsmanager:CreateSecret", "secretsmanager:TagResource", "secretsmanager:DeleteSecret"], kept),
    allow(["cognito-idp:AdminGetUser"], args.people.userPoolArn),
  ];
}

/** Requests certificates. It may touch only those with the tag of this stack's projects. */
export function domainPermissions(
  args: CompleteArgs,
  around: Surroundings,
  machineArn: pulumi.Output<string>,
  parent: Parent,
): Statement[] {
  const at = here(parent);
  const { table } = around;
  const asked = { StringEquals: { "aws:RequestTag/groundwork:provisioner": args.prefix } };
  const certificates = [
    at.arn("acm", "certificate/*"),
    pulumi.interpolate`arn:aws:acm:${CLOUDFRONT_REGION}:${at.accountId}:certificate/*`,
  ];
  return [
    allow(["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"], table.arn),
    allow(["dynamodb:Query"], pulumi.interpolate`${table.arn}/index/byDue`),
    sendingMail(args, at),
    allow(["states:StartExecution"], machineArn),
    // * because a certificate that does not exist yet has no id
    allow(["acm:RequestCertificate"], "*", {
      StringEquals: { ...asked.StringEquals, "acm:ValidationMethod": "DNS" },
    }),
    allow(["acm:AddTagsToCertificate"], certificates, asked),
    // AWS chooses the ids, so a tag tells whose certificates they are.
    allow(["acm:DescribeCertificate", "acm:DeleteCertificate"], certificates, {
      StringEquals: { "aws:ResourceTag/groundwork:provisioner": args.prefix },
    }),
  ];
}

const executionsOf = (machineArn: pulumi.Output<string>) =>
  machineArn.apply((arn) => `${arn.replace(":stateMachine:", ":execution:")}:*`);
