/** A rule that one resource, or all of a kind, may break, and why. An entry that excuses nothing fails the tests. */
export interface Exception {
  rule: string;
  /** Matches the problem's text. */
  problem: RegExp;
  reason: string;
}

export const EXCEPTIONS: Exception[] = [
  {
    rule: "names resources wherever the action knows any",
    problem: /lets ssm:UpdateInstanceInformation act/,
    reason: "an instance's own ARN is not known before the role that it starts with",
  },
  {
    rule: "names resources wherever the action knows any",
    problem: /lets cloudwatch:PutMetricData act/,
    reason: "the namespace in its condition holds it; plain metrics have no ARN",
  },
  {
    rule: "allows no whole service",
    problem: /^aws:kms\/key:Key \S+ allows kms:\*$/,
    reason: "a key that its own account cannot administer is lost for ever, with all that it encrypts",
  },
  {
    rule: "lets keys be used through the services that store under them",
    problem: /^aws:iam\/rolePolicy:RolePolicy github lets its role kms:Decrypt by a call of its own/,
    reason: "Pulumi itself decrypts what is secret in a state, by calls to KMS that no service makes",
  },
  {
    rule: "keeps whatever holds data where the stack says so, and only there",
    problem:
      /^aws:s3\/bucket:Bucket (provisioner-(requests|templates|visits)|web-build-source) has (protect|forceDestroy) /,
    reason: "what is in them is taken over at once, made from the program's own files, or a log that expires",
  },
  {
    rule: "gives no bucket access lists",
    problem: /^aws:s3\/bucket:Bucket provisioner-visits still takes access lists$/,
    reason: "CloudFront writes its logs by an access list",
  },
  {
    rule: "names resources wherever the action knows any",
    problem:
      /provisioner-provisioning-\w+ lets (rds:Describe\w+|ec2:GetSecurityGroupsForVpc|logs:DescribeSubscriptionFilters) act/,
    reason: "CloudFormation asks for lists, which AWS matches against every resource",
  },
  ...[
    {
      problem: /lets cloudfront:(Get|CreateInvalidation).* reach a neighbour's arn:aws:cloudfront:/,
      reason: "CloudFront gives ids of its own: what reads them, or empties a cache, changes nothing",
    },
    {
      problem: /lets cloudfront:Delete(\w+), cloudfront:Delete.* reach a neighbour's arn:aws:cloudfront:/,
      reason:
        "these have neither names nor tags; CloudFormation alone takes the role, for stacks of the prefix, and CloudFront deletes none that a site refers to",
    },
    {
      problem:
        /database-app-user lets ec2:(Create|Delete)NetworkInterface.* reach a neighbour's \S+:(network-interface|subnet|security-group)\/\*$/,
      reason:
        "Lambda takes the role to connect a function to its VPC, and may fail to, says its guide, where single interfaces are named",
    },
    {
      problem: /lets ec2:CreateSecurityGroup, ec2:DescribeVpcAttribute reach a neighbour's \S+:vpc\/\*$/,
      reason: "a group that it makes in another VPC bears the prefix as its tag, and nothing there uses it",
    },
    {
      problem: /lets ses:SendEmail reach a neighbour's \S+:(identity|configuration-set)\/\*$/,
      reason: "an address may stand under its own identity or its domain's; the condition holds the sender",
    },
    {
      problem: /lets ec2:CreateTags reach a neighbour's arn:aws:ec2:/,
      reason: "the condition holds it to what the same call makes",
    },
    {
      problem: /lets ec2:(CreateTags, ec2:)?RunInstances reach a neighbour's arn:aws:ec2:/,
      reason:
        "what it starts is new, and has no name before; of what is there it uses what its own template names",
    },
    {
      problem: /lets (kms:DescribeKey|cloudwatch:DescribeAlarms) reach/,
      reason: "reads how something is set up, and AWS asks for it on whatever the caller names",
    },
    {
      problem: /lets ssm:StartAutomationExecution reach a neighbour's \S+:automation-execution\/\*$/,
      reason: "an execution has its name when it is there; the document that it runs is named",
    },
    {
      problem:
        /network-nat-\w lets ec2:AttachNetworkInterface, ec2:DetachNetworkInterface reach .*instance\/\*$/,
      reason: "the call needs the interface as well, and that is named",
    },
    {
      problem:
        /backups-backups lets .* reach a neighbour's \S+:(recovery-point|(cluster-)?snapshot:awsbackup):\*$/,
      reason: "AWS Backup names them by its job; what they are made of is named, and it alone takes the role",
    },
    {
      problem:
        /backups-restores lets .* reach a neighbour's \S+(file-system\/|\/backup\/|snapshot:awsbackup:|(og|pg|subgrp):)\*$/,
      reason:
        "which backup, and in which groups, is said by whoever starts a restore; what that makes is new",
    },
    {
      problem: /database-monitoring lets .* reach a neighbour's \S+:RDSOSMetrics:(log-stream:)?\*$/,
      reason: "RDS has one log group for all databases of an account",
    },
    {
      problem: /uploads-scanner lets events:.*DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3\*$/,
      reason: "GuardDuty names its own rules, and the condition lets nobody else change them",
    },
    {
      problem: /web-image lets s3:GetObject reach a neighbour's arn:aws:s3:::ec2imagebuilder\*\/\*$/,
      reason: "the bucket is AWS's own, one a region, with what Image Builder runs",
    },
  ].map((one) => ({ rule: "narrows each wildcard to what is the stack's own", ...one })),
];
