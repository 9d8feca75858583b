import * as pulumi from "@pulumi/pulumi";
import { allow, Statement } from "../shared/permissions";
import { FilledArgs } from "./args";
import { CLOUDFRONT_REGION } from "../../functions/provisioner/cloudfront-region";
import { apiUrlParameter } from "./console-access";
import type { Surroundings } from "./surroundings";
import { here, Here } from "../shared/here";
import { readingPermissions } from "./reading-permissions";

type Parent = { parent: pulumi.Resource };

// IfExists on CloudFormation's role: a stack without it would be made with the function's own rights, which make nothing.

/**
 * All identities, because SES asks for that of the sender, its address or its domain, and for those of recipients that are verified;
 * and for the configuration set that an identity may have. Who sends is held by the condition.
 */
const sendingMail = ({ sender }: FilledArgs, at: Here) =>
  allow(["ses:SendEmail"], [at.arn("ses", "identity/*"), at.arn("ses", "configuration-set/*")], {
    StringEquals: { "ses:FromAddress": sender },
  });

/** What all three functions do: remember, tell, write e-mails, and let a waiting state go on. */
function common(args: FilledArgs, { table }: Surroundings, parent: Parent): Statement[] {
  const at = here(parent);
  return [
    allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], table.arn),
    allow(["events:PutEvents"], at.arn("events", "event-bus/default")),
    sendingMail(args, at),
    allow(["states:SendTaskSuccess"], "*"), // * because a task is known by its token only
    allow(["cloudformation:DescribeStacks"], at.arn("cloudformation", `stack/${args.prefix}-*`)),
  ];
}

const ofRepositories = ({ prefix }: FilledArgs, at: Here) => at.arn("secretsmanager", `secret:${prefix}/*`);
const ofPrograms = ({ prefix }: FilledArgs, at: Here) =>
  at.arn("secretsmanager", `secret:${prefix}-*/values-*`);

/** What Git hosts sign with. */
const ofHooks = ({ prefix }: FilledArgs, at: Here) => at.arn("secretsmanager", `secret:${prefix}-*/hook-*`);

/** What gives back what a project held: its secrets, and its place in the quota. */
function release(args: FilledArgs, { table }: Surroundings, parent: Parent): Statement[] {
  return [
    allow(["dynamodb:DeleteItem"], table.arn),
    allow(
      ["secretsmanager:DeleteSecret"],
      [ofRepositories, ofPrograms, ofHooks].map((of) => of(args, here(parent))),
    ),
  ];
}

/** What fails a waiting state: for the steps and the watch. */
const failing = allow(["states:SendTaskFailure"], "*"); // * because a task is known by its token only

/** What leads a name to an instance, and e-mails to the admins: for the steps and the watch. */
function visitors({ people }: FilledArgs, { domain }: Surroundings): Statement[] {
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

export function stepPermissions(args: FilledArgs, around: Surroundings, parent: Parent): Statement[] {
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
    // A repository's token shows beside its commit how its build fares.
    allow(["secretsmanager:GetSecretValue"], ofRepositories(args, at)),
    failing,
  ];
}

export function reconcilePermissions(
  args: FilledArgs,
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
    // Started for a project that found no room before.
    allow(
      ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
      at.arn("codebuild", `project/${args.prefix}-*`),
    ),
    allow(["autoscaling:DescribeInstanceRefreshes"], "*"), // * because Describe calls have no resource-level permission
    // The last lines of a build that failed, by its stream; never what a project itself logs.
    allow(["logs:GetLogEvents"], at.arn("logs", `log-group:/groundwork/${args.prefix}-*/build*`)),
    allow(["sqs:SendMessage"], around.queue.arn),
  ];
}

export function apiPermissions(
  args: FilledArgs,
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
    // A change names some of a program's secrets, and leaves the others as they are.
    allow(["secretsmanager:GetSecretValue"], ofPrograms(args, at)),
    allow(["ssm:GetParameter"], at.arn("ssm", `parameter${apiUrlParameter(args.parameterPath)}`)),
    allow(
      ["s3:PutObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:DeleteObjectVersion"],
      pulumi.interpolate`${around.requests.bucketArn}/requests/*`,
    ),
    allow(["s3:ListBucketVersions"], around.requests.bucketArn),
    allow(["cognito-idp:AdminGetUser"], args.people.userPoolArn),
    // A dry run says whether e-mails would arrive.
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

/** What tells of logs: those of projects alone, builds' and servers'. */
export function readingFunctionPermissions(
  { prefix, parameterPath }: FilledArgs,
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

/** What takes a push, and makes a project of a branch: nobody signs in there, so that it may do this and no more. */
export function pushPermissions(
  args: FilledArgs,
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
    // A push is judged by its hook's secret; a preview's repository opens by its project's, whose token shows beside the commit how it fares.
    allow(["secretsmanager:GetSecretValue"], [...kept, ofHooks(args, at)]),
    allow(["secretsmanager:CreateSecret", "secretsmanager:TagResource", "secretsmanager:DeleteSecret"], kept),
    allow(["cognito-idp:AdminGetUser"], args.people.userPoolArn),
  ];
}

/** What asks for certificates: of them it touches those alone that bear the tag of this stack's projects. */
export function domainPermissions(
  args: FilledArgs,
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
    // * because a certificate that is not there yet has no id
    allow(["acm:RequestCertificate"], "*", {
      StringEquals: { ...asked.StringEquals, "acm:ValidationMethod": "DNS" },
    }),
    allow(["acm:AddTagsToCertificate"], certificates, asked),
    // Their ids are AWS's, so their tags say whose they are.
    allow(["acm:DescribeCertificate", "acm:DeleteCertificate"], certificates, {
      StringEquals: { "aws:ResourceTag/groundwork:provisioner": args.prefix },
    }),
  ];
}

const executionsOf = (machineArn: pulumi.Output<string>) =>
  machineArn.apply((arn) => `${arn.replace(":stateMachine:", ":execution:")}:*`);
