import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "../shared/check";
import { allow, serviceRole, Statement } from "../shared/permissions";
import { PrivateBucket } from "../shared/private-bucket";
import { keyUser, serviceKey } from "../shared/service-key";

export interface AuditTrailArgs {
  /** Keeps the trail's files and their key when the stack goes. */
  keepData: boolean;
  /** Also writes down who read and wrote which object in S3; about 0.10 USD for 100,000 of them. @default false */
  objectEvents?: boolean;
  /** How long the files in S3 are kept. @default 365 */
  bucketDays?: number;
  /** Where S3 logs who read the trail's files; the component then depends on that bucket's policy. @default no access log */
  accessLogBucket?: { name: pulumi.Input<string>; prefix: string };
  /** How long the log group, where one searches, is kept. @default 90 */
  logDays?: number;
}

/**
 * Who did what in the account, in every region: signed files in an encrypted bucket, and a log group to search.
 * 1 USD a month for the key; the first copy of the events is free, the log group about 0.50 USD a GB.
 * A call is seen there some minutes later; a trail that somebody stops is itself the last thing it tells.
 */
export class AuditTrail extends pulumi.ComponentResource {
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly logGroupName: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  readonly trailArn: pulumi.Output<string>;

  constructor(name: string, args: AuditTrailArgs, opts?: pulumi.ComponentResourceOptions) {
    new Check("AuditTrail", name)
      .wholeNumber("bucketDays", args.bucketDays, 1, 36_500)
      .wholeNumber("logDays", args.logDays, 1, 3_653)
      .done();
    super("groundwork:index:AuditTrail", name, {}, opts);
    const parent = { parent: this };
    const account = aws.getCallerIdentityOutput({}, parent).accountId;
    const region = aws.getRegionOutput({}, parent).region;
    // The trail's policies come before the trail, so they name it by its prefix; Pulumi's suffix is left open.
    const trails = pulumi.interpolate`arn:aws:cloudtrail:${region}:${account}:trail/${name}-*`;
    const logs = pulumi.interpolate`arn:aws:logs:${region}:${account}:log-group:${name}-*`;

    const key = serviceKey(
      name,
      { description: "Audit trail", keepData: args.keepData, users: keyUsers(region, trails, logs) },
      parent,
    );
    const bucket = new PrivateBucket(
      name,
      {
        keepData: args.keepData,
        kmsKeyArn: key.arn,
        expireDays: args.bucketDays ?? 365,
        accessLogBucket: args.accessLogBucket,
        policy: (bucketArn) => delivery(bucketArn, account, trails),
      },
      parent,
    );
    this.logGroup = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: args.logDays ?? 90, kmsKeyId: key.arn },
      parent,
    );
    const stream = pulumi.interpolate`${this.logGroup.arn}:log-stream:${account}_CloudTrail_*`;
    const role = serviceRole(
      name,
      {
        service: "cloudtrail.amazonaws.com",
        statements: [allow(["logs:CreateLogStream", "logs:PutLogEvents"], stream)],
        trustCondition: { ArnLike: { "aws:SourceArn": trails } },
      },
      parent,
    );
    const trail = new aws.cloudtrail.Trail(
      name,
      {
        s3BucketName: bucket.bucketName,
        kmsKeyId: key.arn,
        cloudWatchLogsGroupArn: pulumi.interpolate`${this.logGroup.arn}:*`,
        cloudWatchLogsRoleArn: role.arn,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        advancedEventSelectors: selectors(args.objectEvents ?? false, bucket.bucketArn),
      },
      // CloudTrail writes a test file before it accepts the bucket.
      { ...parent, dependsOn: bucket.ready },
    );
    this.logGroupName = this.logGroup.name;
    this.bucketName = bucket.bucketName;
    this.trailArn = trail.arn;
    this.registerOutputs({
      logGroupName: this.logGroupName,
      bucketName: this.bucketName,
      trailArn: this.trailArn,
    });
  }
}

function keyUsers(
  region: pulumi.Output<string>,
  trails: pulumi.Output<string>,
  logs: pulumi.Output<string>,
): Statement[] {
  const ours = { ArnLike: { "aws:SourceArn": trails } };
  return [
    // Decrypt because S3 hands out one data key for a whole bucket, and takes it back encrypted.
    keyUser("cloudtrail.amazonaws.com", ["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"], ours),
    keyUser(
      pulumi.interpolate`logs.${region}.amazonaws.com`,
      ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey"],
      { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logs } },
    ),
  ];
}

/** CloudTrail looks whose bucket it is, then writes below the account's own prefix. */
function delivery(
  bucketArn: pulumi.Output<string>,
  account: pulumi.Output<string>,
  trails: pulumi.Output<string>,
): Statement[] {
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  const ours = { ArnLike: { "aws:SourceArn": trails } };
  return [
    { Effect: "Allow", Principal, Action: "s3:GetBucketAcl", Resource: bucketArn, Condition: ours },
    {
      Effect: "Allow",
      Principal,
      Action: "s3:PutObject",
      Resource: pulumi.interpolate`${bucketArn}/AWSLogs/${account}/*`,
      Condition: ours,
    },
  ];
}

function selectors(objectEvents: boolean, bucketArn: pulumi.Output<string>) {
  const management = {
    name: "Every call that manages something",
    fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }],
  };
  if (!objectEvents) return [management];
  return [
    management,
    {
      name: "Every object read or written",
      fieldSelectors: [
        { field: "eventCategory", equals: ["Data"] },
        { field: "resources.type", equals: ["AWS::S3::Object"] },
        // Its own files would each be an event, which makes a file.
        { field: "resources.ARN", notStartsWiths: [pulumi.interpolate`${bucketArn}/`] },
      ],
    },
  ];
}
