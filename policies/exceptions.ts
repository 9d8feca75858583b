/** A rule that one resource, or all of a kind, may break, and why. A line that excuses nothing fails the tests. */
export interface Exception {
  rule: string;
  /** Fits the problem's text. */
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
    rule: "keeps whatever holds data where the stack says so, and only there",
    problem: /^aws:s3\/bucket:Bucket provisioner-(requests|templates|visits) has (protect|forceDestroy) /,
    reason: "what is in them is taken over at once, made from the program's own files, or a log that expires",
  },
  {
    rule: "gives no bucket access lists",
    problem: /^aws:s3\/bucket:Bucket provisioner-visits still takes access lists$/,
    reason: "CloudFront writes its logs by an access list",
  },
  {
    rule: "names resources wherever the action knows any",
    problem: /lets ses:SendEmail act/,
    reason: "an address may stand under its own identity or its domain's; the condition holds the sender",
  },
  {
    rule: "names resources wherever the action knows any",
    problem:
      /provisioner-provisioning-\w+ lets (rds:Describe\w+|ec2:GetSecurityGroupsForVpc|logs:DescribeSubscriptionFilters) act/,
    reason: "CloudFormation asks for lists, which AWS matches against every resource",
  },
];
