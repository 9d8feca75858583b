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
];
