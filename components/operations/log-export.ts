import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "../shared/check";
import { allow, serviceRole, Statement } from "../shared/permissions";
import { PrivateBucket } from "../shared/private-bucket";
import { serviceKey } from "../shared/service-key";

export interface LogExportArgs {
  /** Keeps the copies when the stack goes. */
  keepData: boolean;
  /** The names of the log groups to copy, each under a key that stays when the list changes. */
  logGroups: Record<string, pulumi.Input<string>>;
  /** Where the SIEM takes logs in by HTTPS, and the secret that holds its key as `{"api_key": "..."}`. @default S3 alone */
  endpoint?: { url: string; secretArn: string };
  /** How long the copies in S3 are kept. @default 365 */
  expireDays?: number;
  /** Where S3 logs who read the copies; the component then depends on that bucket's policy. @default no access log */
  accessLogBucket?: { name: pulumi.Input<string>; prefix: string };
  /** How long the stream's own errors are kept. @default 30 */
  logRetentionDays?: number;
}

/**
 * Copies log groups, as they are written, to a bucket and to a SIEM that takes logs by HTTPS.
 * 1 USD a month for the key, about 0.03 a GB for the copying, and what S3 stores. An endpoint that does not answer for five minutes misses what the
 * bucket has: its prefix `failed/` lists it.
 */
export class LogExport extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly streamName: pulumi.Output<string>;

  constructor(name: string, args: LogExportArgs, opts?: pulumi.ComponentResourceOptions) {
    new Check("LogExport", name)
      .wholeNumber("expireDays", args.expireDays, 1, 36_500)
      .that(
        args.endpoint === undefined || args.endpoint.url.startsWith("https://"),
        "endpoint.url",
        "an https:// address",
        args.endpoint?.url,
      )
      .that(
        args.endpoint === undefined || args.endpoint.secretArn.startsWith("arn:"),
        "endpoint.secretArn",
        "the ARN of a secret",
        args.endpoint?.secretArn,
      )
      .done();
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
        expireDays: args.expireDays ?? 365,
        accessLogBucket: args.accessLogBucket,
      },
      parent,
    );
    const stream = deliveryStream(name, args, { bucket, keyArn: key.arn }, parent);
    subscribe(name, args.logGroups, stream, parent);
    this.bucketName = bucket.bucketName;
    this.streamName = stream.name;
    this.registerOutputs({ bucketName: this.bucketName, streamName: this.streamName });
  }
}

function deliveryStream(
  name: string,
  { endpoint, logRetentionDays = 30 }: LogExportArgs,
  { bucket, keyArn }: { bucket: PrivateBucket; keyArn: pulumi.Output<string> },
  opts: pulumi.CustomResourceOptions,
): aws.kinesis.FirehoseDeliveryStream {
  const log = new aws.cloudwatch.LogGroup(`${name}-delivery`, { retentionInDays: logRetentionDays }, opts);
  const logStream = new aws.cloudwatch.LogStream(`${name}-delivery`, { logGroupName: log.name }, opts);
  const account = aws.getCallerIdentityOutput({}, opts).accountId;
  const roleArn = serviceRole(
    `${name}-delivery`,
    {
      service: "firehose.amazonaws.com",
      trustCondition: { StringEquals: { "aws:SourceAccount": account } },
      statements: [
        ...bucketStatements(bucket),
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
  { url, secretArn }: NonNullable<LogExportArgs["endpoint"]>,
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

function bucketStatements(bucket: PrivateBucket): Statement[] {
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
  opts: pulumi.CustomResourceOptions,
): void {
  const account = aws.getCallerIdentityOutput({}, opts).accountId;
  const region = aws.getRegionOutput({}, opts).region;
  const role = serviceRole(
    `${name}-sender`,
    {
      service: "logs.amazonaws.com",
      trustCondition: {
        ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:logs:${region}:${account}:*` },
      },
      statements: [allow(["firehose:PutRecord", "firehose:PutRecordBatch"], stream.arn)],
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
