import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { kept } from "../shared/kept";
import { Monitoring, Operated } from "../shared/monitoring";
import { fill, Complete } from "../shared/options";
import { feederRole, feedLogs, firehoseRole, siemDestination } from "../shared/log-stream";
import { allow, allowKey } from "../shared/permissions";
import { PrivateBucket } from "../shared/private-bucket";
import { serviceKey } from "../shared/service-key";
import { LogExportArgs, logExportOptions } from "./args";
import { logExportMonitoring } from "./log-export-alarms";

const targets = kept<"HttpEndpoint" | "S3">();

/**
 * Copies log groups, as they are written, to a bucket and to a SIEM that receives logs over HTTPS.
 * 1 USD a month for the key, about 0.03 a GB for the copying, plus the storage in S3. If an endpoint does not respond for five minutes, the
 * SIEM misses logs that the bucket still has: the prefix `failed/` lists them.
 */
export class LogExport extends pulumi.ComponentResource implements Operated {
  readonly bucketName: pulumi.Output<string>;
  readonly streamName: pulumi.Output<string>;

  constructor(name: string, args: LogExportArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("LogExport", name, logExportOptions, args);
    super("groundwork:index:LogExport", name, {}, opts);
    const parent = { parent: this };

    const key = serviceKey(
      name,
      { description: "Exported logs", keepData: args.keepData, users: [] },
      parent,
    );
    const bucket = new PrivateBucket(
      name,
      {
        keepData: args.keepData,
        kmsKeyArn: key.arn,
        expireDays: filled.expireDays,
        accessLogs: args.accessLogs,
      },
      parent,
    );
    const stream = deliveryStream(name, filled, { bucket, keyArn: key.arn }, parent);
    const { arn: roleArn } = feederRole(`${name}-sender`, stream.arn, parent);
    feedLogs(name, args.logGroups, { streamArn: stream.arn, roleArn }, parent);
    this.bucketName = bucket.bucketName;
    this.streamName = stream.name;
    targets.keep(this, filled.siemUrl ? "HttpEndpoint" : "S3");
    this.registerOutputs({ bucketName: this.bucketName, streamName: this.streamName });
  }

  monitoring(): Monitoring[] {
    return [logExportMonitoring(this.streamName, targets.of(this))];
  }
}

function deliveryStream(
  name: string,
  { siemUrl: url, siemSecretArn: secretArn, logRetentionDays }: Complete<typeof logExportOptions>,
  { bucket, keyArn }: { bucket: PrivateBucket; keyArn: pulumi.Output<string> },
  opts: { parent: pulumi.Resource },
): aws.kinesis.FirehoseDeliveryStream {
  const log = new aws.cloudwatch.LogGroup(`${name}-delivery`, { retentionInDays: logRetentionDays }, opts);
  const logStream = new aws.cloudwatch.LogStream(`${name}-delivery`, { logGroupName: log.name }, opts);
  const endpoint = url && secretArn ? { url, secretArn } : undefined;
  const permissions = [
    // For the bucket. For the stream itself, Firehose gets a grant from the stream's creator.
    allowKey(["kms:GenerateDataKey", "kms:Decrypt"], keyArn, ["s3"]),
    allow(["logs:PutLogEvents"], pulumi.interpolate`${log.arn}:*`),
  ];
  const { arn: roleArn } = firehoseRole(`${name}-delivery`, bucket, endpoint, permissions, opts);
  const cloudwatchLoggingOptions = { enabled: true, logGroupName: log.name, logStreamName: logStream.name };
  const s3 = {
    roleArn,
    bucketArn: bucket.bucketArn,
    prefix: "logs/!{timestamp:yyyy/MM/dd/HH}/",
    errorOutputPrefix: "failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/",
    bufferingInterval: 300,
    bufferingSize: 5,
    cloudwatchLoggingOptions,
    // CloudWatch already compresses its records.
    compressionFormat: "UNCOMPRESSED",
  };
  return new aws.kinesis.FirehoseDeliveryStream(
    name,
    {
      serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn },
      ...(endpoint
        ? {
            destination: "http_endpoint",
            httpEndpointConfiguration: siemDestination(endpoint, roleArn, {
              s3BackupMode: "AllData",
              s3Configuration: s3,
              cloudwatchLoggingOptions,
            }),
          }
        : { destination: "extended_s3", extendedS3Configuration: s3 }),
    },
    { ...opts, dependsOn: bucket.ready },
  );
}
