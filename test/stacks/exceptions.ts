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
    problem: /^aws:rds\/instance:Instance database-reader has (skipFinalSnapshot|protect) /,
    reason: "a read replica holds nothing that its source does not",
  },
];
