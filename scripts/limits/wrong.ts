/** Where the service does not follow its model, or the provider changes a value before AWS sees it. */
interface Wrong {
  /** An AWS shape, or a property as `aws:s3/bucket:Bucket acl`. */
  of: string;
  kind: "pattern" | "values" | "length" | "range" | "count" | "required";
  reason: string;
}

/** The script reports an entry that no model contains, and it can go. */
export const WRONG: Wrong[] = [
  {
    of: "InstanceType",
    kind: "values",
    reason: "AWS adds some every month, and each region has its own: a list would be old before it is read",
  },
  { of: "Runtime", kind: "values", reason: "AWS adds some; which ones we run has a rule of its own" },
  {
    of: "ResourceType",
    kind: "values",
    reason: "AWS adds some with each kind of resource that may be tagged",
  },
  {
    of: "aws:s3/bucket:Bucket acl",
    kind: "values",
    reason: "a bucket takes log-delivery-write as well, which the model lists for no bucket",
  },
  {
    of: "BucketVersioningStatus",
    kind: "values",
    reason:
      "Disabled is the provider's word for a bucket that was never told to keep versions: it sends nothing",
  },
  {
    of: "aws:lambda/eventSourceMapping:EventSourceMapping topics",
    kind: "count",
    reason: "the provider's documentation shows two",
  },
  {
    of: "aws:imagebuilder/distributionConfiguration:DistributionConfiguration distributions.launchTemplateConfigurations.launchTemplateId",
    kind: "pattern",
    reason: "the oldest ids of EC2 are shorter, as the provider's documentation shows",
  },
  ...["aws:accessanalyzer/analyzer:Analyzer tags", "aws:ecr/repository:Repository tags"].map((of) => ({
    of,
    kind: "length" as const,
    reason: "CloudFormation's schema says 255 of a tag's value, and AWS takes 256 of every tag",
  })),
  {
    of: "aws:dynamodb/table:Table globalSecondaryIndexes.keySchemas",
    kind: "required",
    reason: "hashKey and rangeKey say the same",
  },
  {
    of: "aws:lambda/function:Function ephemeralStorage.size",
    kind: "required",
    reason: "the provider fills in AWS's 512 MB",
  },
  {
    of: "aws:sfn/stateMachine:StateMachine encryptionConfiguration.type",
    kind: "required",
    reason: "the provider fills in a key of AWS's own",
  },
];

const used = new Set<Wrong>();

export function isWrong(where: string, shape: string, kind: Wrong["kind"]): boolean {
  const found = WRONG.filter((one) => one.kind === kind && [shape, where].includes(one.of));
  found.forEach((one) => used.add(one));
  return found.length > 0;
}

/** Entries that no longer excuse anything. */
export const unused = (): string[] =>
  WRONG.filter((one) => !used.has(one)).map(({ of, kind }) => `${of}: ${kind}`);
