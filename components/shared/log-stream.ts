import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { here } from "./here";
import { allow, Permission, ReadyRole, readyRole } from "./permissions";
import type { BucketLike } from "./private-bucket";

type FirehoseArgs = aws.types.input.kinesis.FirehoseDeliveryStreamHttpEndpointConfiguration;
type Parent = { parent: pulumi.Resource };

/** A SIEM's HTTPS endpoint for logs. */
export interface SiemEndpoint {
  url: string;
  /** The secret with its key, as `{"api_key": "..."}`. */
  secretArn: pulumi.Input<string>;
}

/** The role that a Firehose assumes: it writes to its bucket, and reads its endpoint's key. */
export function firehoseRole(
  name: string,
  bucket: BucketLike,
  endpoint: SiemEndpoint | undefined,
  permissions: Permission[],
  opts: Parent,
): ReadyRole {
  return readyRole(
    name,
    {
      service: "firehose.amazonaws.com",
      trustCondition: { StringEquals: { "aws:SourceAccount": here(opts).accountId } },
      permissions: [
        allow(["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], bucket.bucketArn),
        allow(
          ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"],
          pulumi.interpolate`${bucket.bucketArn}/*`,
        ),
        ...(endpoint ? [allow(["secretsmanager:GetSecretValue"], endpoint.secretArn)] : []),
        ...permissions,
      ],
    },
    opts,
  );
}

/** Delivers a Firehose's records to a SIEM one after the other, as they come, without CloudWatch's gzip. */
export const siemDestination = (
  { url, secretArn }: SiemEndpoint,
  roleArn: pulumi.Output<string>,
  more: Pick<FirehoseArgs, "s3BackupMode" | "s3Configuration"> & Partial<FirehoseArgs>,
): FirehoseArgs => ({
  url,
  name: "SIEM",
  roleArn,
  secretsManagerConfiguration: { enabled: true, secretArn, roleArn },
  bufferingInterval: 60,
  bufferingSize: 1,
  retryDuration: 300,
  processingConfiguration: {
    enabled: true,
    // The endpoint expects JSON that names the log group, not CloudWatch's gzip.
    processors: [
      {
        type: "Decompression",
        parameters: [{ parameterName: "CompressionFormat", parameterValue: "GZIP" }],
      },
    ],
  },
  ...more,
});

/** The role that CloudWatch Logs assumes to feed a Firehose. A new subscription starts with a test record. */
export const feederRole = (name: string, streamArn: pulumi.Input<string>, opts: Parent): ReadyRole =>
  readyRole(
    name,
    {
      service: "logs.amazonaws.com",
      trustCondition: { ArnLike: { "aws:SourceArn": here(opts).arn("logs", "*") } },
      permissions: [allow(["firehose:PutRecord", "firehose:PutRecordBatch"], streamArn)],
    },
    opts,
  );

/** Sends log groups to a Firehose as they are written, each under a key that stays the same when the list changes. */
export function feedLogs(
  name: string,
  logGroups: Record<string, pulumi.Input<string>>,
  stream: { streamArn: pulumi.Input<string>; roleArn: pulumi.Input<string> },
  opts: Parent,
): void {
  const { streamArn: destinationArn, roleArn } = stream;
  for (const [key, logGroup] of Object.entries(logGroups))
    new aws.cloudwatch.LogSubscriptionFilter(
      `${name}-${key}`,
      { logGroup, destinationArn, roleArn, filterPattern: "" },
      opts,
    );
}
