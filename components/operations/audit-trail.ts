import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { kept } from "../shared/kept";
import { here } from "../shared/here";
import { Monitoring, Operated } from "../shared/monitoring";
import { fill } from "../shared/options";
import { allow, readyRole, Statement } from "../shared/permissions";
import { PrivateBucket } from "../shared/private-bucket";
import { keyUser, serviceKey } from "../shared/service-key";
import { AuditTrailArgs, auditTrailOptions } from "./args";
import { auditMonitoring } from "./audit-alarms";

const alarms = kept<Monitoring>();

/**
 * Records who did what in the account, in every region: signed files in an encrypted bucket, and a log group to search.
 * 1 USD a month for the key; the first copy of the events is free, the log group about 0.50 USD a GB.
 * A call appears there some minutes later. If somebody stops the trail, that is the last thing it records.
 */
export class AuditTrail extends pulumi.ComponentResource implements Operated {
  readonly logGroups: Record<string, pulumi.Output<string>>;
  readonly bucketName: pulumi.Output<string>;
  readonly trailArn: pulumi.Output<string>;

  constructor(name: string, args: AuditTrailArgs, opts?: pulumi.ComponentResourceOptions) {
    const { keepData, objectEvents, bucketDays, logRetentionDays, accessLogs } = fill(
      "AuditTrail",
      name,
      auditTrailOptions,
      args,
    );
    super("groundwork:index:AuditTrail", name, {}, opts);
    const parent = { parent: this };
    const { accountId, region, arn } = here(parent);
    // The trail's policies are created before the trail, so they name it by its prefix and leave Pulumi's suffix open.
    const trails = arn("cloudtrail", `trail/${name}-*`);
    const logs = arn("logs", `log-group:${name}-*`);

    const key = serviceKey(
      name,
      { description: "Audit trail", keepData, users: keyUsers({ region, accountId, trails, logs }) },
      parent,
    );
    const bucket = new PrivateBucket(
      name,
      {
        keepData,
        kmsKeyArn: key.arn,
        expireDays: bucketDays,
        accessLogs,
        policy: (bucketArn) => delivery(bucketArn, accountId, trails),
      },
      parent,
    );
    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: logRetentionDays, kmsKeyId: key.arn },
      parent,
    );
    const stream = pulumi.interpolate`${logGroup.arn}:log-stream:${accountId}_CloudTrail_*`;
    const role = readyRole(
      name,
      {
        service: "cloudtrail.amazonaws.com",
        // No condition on the source: CloudTrail states it to buckets and keys, but not when it assumes this role.
        permissions: [allow(["logs:CreateLogStream", "logs:PutLogEvents"], stream)],
      },
      parent,
    );
    const trail = new aws.cloudtrail.Trail(
      name,
      {
        s3BucketName: bucket.bucketName,
        kmsKeyId: key.arn,
        cloudWatchLogsGroupArn: pulumi.interpolate`${logGroup.arn}:*`,
        cloudWatchLogsRoleArn: role.arn,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        advancedEventSelectors: selectors(objectEvents, bucket.bucketArn),
      },
      // CloudTrail writes a test file before it accepts the bucket.
      { ...parent, dependsOn: bucket.ready },
    );
    this.logGroups = { audit: logGroup.name };
    alarms.keep(this, auditMonitoring(name, logGroup, parent));
    this.bucketName = bucket.bucketName;
    this.trailArn = trail.arn;
    this.registerOutputs({
      logGroups: this.logGroups,
      bucketName: this.bucketName,
      trailArn: this.trailArn,
    });
  }

  monitoring(): Monitoring[] {
    return [alarms.of(this)];
  }
}

type KeyUsers = Record<"region" | "accountId" | "trails" | "logs", pulumi.Output<string>>;

function keyUsers({ region, accountId, trails, logs }: KeyUsers): Statement[] {
  const ours = { ArnLike: { "aws:SourceArn": trails } };
  return [
    // Decrypt, because S3 reuses one data key for a whole bucket and returns it encrypted.
    keyUser("cloudtrail.amazonaws.com", ["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"], ours),
    keyUser(
      pulumi.interpolate`logs.${region}.amazonaws.com`,
      // AWS's list, without data keys that come in pairs or without plain text, which no call of CloudWatch Logs uses.
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
      ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey"],
      { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logs } },
    ),
    // DescribeKey carries no encryption context, so it cannot be restricted by one.
    keyUser(pulumi.interpolate`logs.${region}.amazonaws.com`, ["kms:DescribeKey"], {
      StringEquals: { "aws:SourceAccount": accountId },
    }),
  ];
}

/** CloudTrail checks who owns the bucket, then writes below the account's own prefix. */
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
        // Without this, each of the trail's own files would cause an event, which causes another file.
        { field: "resources.ARN", notStartsWiths: [pulumi.interpolate`${bucketArn}/`] },
      ],
    },
  ];
}
