import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { kept } from "../shared/kept";
import { here } from "../shared/here";
import { Monitoring, Operated } from "../shared/monitoring";
import { fill, Filled } from "../shared/options";
import { allow, serviceRole, Statement } from "../shared/permissions";
import { PrivateBucket } from "../shared/private-bucket";
import { serviceKey } from "../shared/service-key";
import { LogExportArgs, logExportOptions } from "./args";
import { logExportMonitoring } from "./log-export-alarms";

const targets = kept<"HttpEndpoint" | "S3">();

/**
 * Copies log groups, as they are written, to a bucket and to a SIEM that takes logs by HTTPS.
 * 1 USD a month for the key, about 0.03 a GB for the copying, and what S3 stores. An endpoint that does not answer for five minutes misses what the
 * bucket has: its prefix `failed/` lists it.
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
        accessLog: args.accessLogs?.under(name),
      },
      parent,
    );
    const stream = deliveryStream(name, filled, { bucket, keyArn: key.arn }, parent);
    subscribe(name, args.logGroups, stream, parent);
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
  { siemUrl: url, siemSecretArn: secretArn, logRetentionDays }: Filled<typeof logExportOptions>,
  { bucket, keyArn }: { bucket: PrivateBucket; keyArn: pulumi.Output<string> },
  opts: { parent: pulumi.Resource },
): aws.kinesis.FirehoseDeliveryStream {
  const log = new aws.cloudwatch.LogGroup(`${name}-delivery`, { retentionInDays: logRetentionDays }, opts);
  const logStream = new aws.cloudwatch.LogStream(`${name}-delivery`, { logGroupName: log.name }, opts);
  const { accountId } = here(opts);
  const endpoint = url && secretArn ? { url, secretArn } : undefined;
  const roleArn = serviceRole(
    `${name}-delivery`,
    {
      service: "firehose.amazonaws.com",
      trustCondition: { StringEquals: { "aws:SourceAccount": accountId } },
      permissions: [
        ...bucketPermissions(bucket),
        allow(["kms:GenerateDataKey", "kms:Decrypt"], keyArn),
        allow(["logs:PutLogEvents"], pulumi.interpolate`${log.arn}:*`),
        ...(endpoint ? [allow(["secretsmanager:GetSecretValue"], endpoint.secretArn)] : []),
      ],
    },
    opts,
  ).arn;
  const cloudwatchLoggingOptions = { enabled: true, logGroupName: log.name, logStreamName: logStream.name };
  const s3 = {
    roleArn,
    bucketArn: bucket.bucketArn,
    prefix: "logs/!{timestamp:yyyy/MM/dd/HH}/",
    errorOutputPrefix: "failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/",
    bufferingInterval: 300,
    bufferingSize: 5,
    cloudwatchLoggingOptions,
    // CloudWatch sends its records compressed already.
    compressionFormat: "UNCOMPRESSED",
  };
  return new aws.kinesis.FirehoseDeliveryStream(
    name,
    {
      serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn },
      ...(endpoint
        ? { destination: "http_endpoint", httpEndpointConfiguration: siem(endpoint, roleArn, s3) }
        : { destination: "extended_s3", extendedS3Configuration: s3 }),
    },
    { ...opts, dependsOn: bucket.ready },
  );
}

function siem(
  { url, secretArn }: { url: string; secretArn: string },
  roleArn: pulumi.Output<string>,
  s3: aws.types.input.kinesis.FirehoseDeliveryStreamHttpEndpointConfigurationS3Configuration,
): aws.types.input.kinesis.FirehoseDeliveryStreamHttpEndpointConfiguration {
  return {
    url,
    name: "SIEM",
    roleArn,
    secretsManagerConfiguration: { enabled: true, secretArn, roleArn },
    bufferingInterval: 60,
    bufferingSize: 1,
    retryDuration: 300,
    s3BackupMode: "AllData",
    s3Configuration: s3,
    cloudwatchLoggingOptions: s3.cloudwatchLoggingOptions,
    processingConfiguration: {
      enabled: true,
      // The endpoint reads JSON that names the log group, not CloudWatch's gzip.
      processors: [
        {
          type: "Decompression",
          parameters: [{ parameterName: "CompressionFormat", parameterValue: "GZIP" }],
        },
      ],
    },
  };
}

function bucketPermissions(bucket: PrivateBucket): Statement[] {
  return [
    allow(["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], bucket.bucketArn),
    allow(
      ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"],
      pulumi.interpolate`${bucket.bucketArn}/*`,
    ),
  ];
}

function subscribe(
  name: string,
  logGroups: Record<string, pulumi.Input<string>>,
  stream: aws.kinesis.FirehoseDeliveryStream,
  opts: { parent: pulumi.Resource },
): void {
  const role = serviceRole(
    `${name}-sender`,
    {
      service: "logs.amazonaws.com",
      trustCondition: {
        ArnLike: { "aws:SourceArn": here(opts).arn("logs", "*") },
      },
      permissions: [allow(["firehose:PutRecord", "firehose:PutRecordBatch"], stream.arn)],
    },
    opts,
  );
  for (const [key, logGroup] of Object.entries(logGroups))
    new aws.cloudwatch.LogSubscriptionFilter(
      `${name}-${key}`,
      { logGroup, destinationArn: stream.arn, roleArn: role.arn, filterPattern: "" },
      opts,
    );
}
