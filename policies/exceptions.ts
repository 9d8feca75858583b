/** A rule that one resource, or all of a kind, may break, and why. An entry that excuses nothing fails the tests. */
export interface Exception {
  rule: string;
  /** Matches the problem's text. */
  problem: RegExp;
  reason: string;
}

export const EXCEPTIONS: Exception[] = [
  {
    rule: "names resources wherever an action can be limited to them",
    problem: /lets ssm:UpdateInstanceInformation act/,
    reason: "the instance's ARN is not known yet when its role is created",
  },
  {
    rule: "names resources wherever an action can be limited to them",
    problem: /lets cloudwatch:PutMetricData act/,
    reason: "its condition limits it to a namespace; metrics have no ARN",
  },
  {
    rule: "allows no service as a whole",
    problem: /^aws:kms\/key:Key \S+ allows kms:\*$/,
    reason: "a key that its own account cannot administer is lost forever, with everything that it encrypts",
  },
  {
    rule: "lets keys be used only through the services that encrypt with them",
    problem: /^aws:iam\/rolePolicy:RolePolicy github lets its role call kms:Decrypt directly/,
    reason: "Pulumi decrypts the secrets in a state by calling KMS itself, not through a service",
  },
  {
    rule: "protects what holds data in a stack that keeps its data, and only there",
    problem:
      /^aws:s3\/bucket:Bucket (provisioner-(requests|templates|visits)|web-build-source) has (protect|forceDestroy) /,
    reason: "their content is processed at once, made from the program's own files, or a log that expires",
  },
  {
    rule: "uses no access control lists on buckets",
    problem: /^aws:s3\/bucket:Bucket provisioner-visits still accepts access control lists$/,
    reason: "CloudFront needs an access control list to write its logs",
  },
  {
    rule: "names resources wherever an action can be limited to them",
    problem:
      /provisioner-provisioning-\w+ lets (rds:Describe\w+|ec2:GetSecurityGroupsForVpc|logs:DescribeSubscriptionFilters) act/,
    reason: "CloudFormation calls list actions, which AWS matches against every resource",
  },
  ...[
    {
      problem: /lets cloudfront:(Get|CreateInvalidation).* reach a neighbour's arn:aws:cloudfront:/,
      reason: "CloudFront chooses the ids itself; reading them or emptying a cache changes nothing",
    },
    {
      problem: /lets cloudfront:Delete(\w+), cloudfront:Delete.* reach a neighbour's arn:aws:cloudfront:/,
      reason:
        "these have neither names nor tags; only CloudFormation assumes the role, for stacks with the prefix, and CloudFront deletes none that a site refers to",
    },
    {
      problem:
        /database-app-user lets ec2:(Create|Delete)NetworkInterface.* reach a neighbour's \S+:(network-interface|subnet|security-group)\/\*$/,
      reason:
        "Lambda uses the role to connect a function to its VPC; its guide says that this may fail if the role names single interfaces",
    },
    {
      problem: /lets ec2:CreateSecurityGroup, ec2:DescribeVpcAttribute reach a neighbour's \S+:vpc\/\*$/,
      reason: "a group that it creates in another VPC has the prefix as its tag, and nothing there uses it",
    },
    {
      problem: /lets ses:SendEmail reach a neighbour's \S+:(identity|configuration-set)\/\*$/,
      reason: "an address may belong to its own identity or to its domain's; the condition limits the sender",
    },
    {
      problem: /lets ec2:CreateTags reach a neighbour's arn:aws:ec2:/,
      reason: "the condition limits it to what the same call creates",
    },
    {
      problem: /lets ec2:(CreateTags, ec2:)?RunInstances reach a neighbour's arn:aws:ec2:/,
      reason:
        "what it starts is new and has no name yet; of existing resources, it uses those that its own template names",
    },
    {
      problem: /lets (kms:DescribeKey|cloudwatch:DescribeAlarms) reach/,
      reason: "it only reads a configuration, and AWS requires it for whatever resource the caller names",
    },
    {
      problem: /lets ssm:StartAutomationExecution reach a neighbour's \S+:automation-execution\/\*$/,
      reason: "an execution has no name before it exists; the document that it runs is named",
    },
    {
      problem:
        /network-nat-\w lets ec2:AttachNetworkInterface, ec2:DetachNetworkInterface reach .*instance\/\*$/,
      reason: "the call also needs the interface, which is named",
    },
    {
      problem:
        /backups-backups lets .* reach a neighbour's \S+:(recovery-point|(cluster-)?snapshot:awsbackup):\*$/,
      reason:
        "AWS Backup names them after its job; what they are made of is named, and only AWS Backup assumes the role",
    },
    {
      problem:
        /backups-restores lets .* reach a neighbour's \S+(file-system\/|\/backup\/|snapshot:awsbackup:|(og|pg|subgrp):)\*$/,
      reason: "whoever starts a restore chooses the backup and the groups; what it creates is new",
    },
    {
      problem: /database-monitoring lets .* reach a neighbour's \S+:RDSOSMetrics:(log-stream:)?\*$/,
      reason: "RDS has one log group for all databases of an account",
    },
    {
      problem: /uploads-scanner lets events:.*DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3\*$/,
      reason: "GuardDuty names its rules itself, and the condition lets nobody else change them",
    },
    {
      problem: /web-image lets s3:GetObject reach a neighbour's arn:aws:s3:::ec2imagebuilder\*\/\*$/,
      reason: "the bucket belongs to AWS, one per region, and holds what Image Builder runs",
    },
  ].map((one) => ({ rule: "narrows each wildcard to the stack's own resources", ...one })),
];
