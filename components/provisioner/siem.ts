import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, serviceRole } from "../shared/permissions";
import { PrivateBucket } from "../shared/private-bucket";
import { Siem } from "./args";

export interface Export {
  streamArn: pulumi.Output<string>;
  /** What CloudWatch Logs acts as when it feeds the stream. */
  roleArn: pulumi.Output<string>;
}

type Parent = { parent: pulumi.Resource };

/** A Firehose to a SIEM's HTTP endpoint; what the endpoint does not take lies in a bucket for 14 days. */
export function siemExport(name: string, siem: Siem, parent: Parent): Export {
  const missed = new PrivateBucket(`${name}-siem-missed`, { keepData: false, expireDays: 14 }, parent);
  const writer = serviceRole(
    `${name}-siem`,
    {
      service: "firehose.amazonaws.com",
      permissions: [
        allow(
          [
            "s3:AbortMultipartUpload",
            "s3:GetBucketLocation",
            "s3:GetObject",
            "s3:ListBucket",
            "s3:ListBucketMultipartUploads",
            "s3:PutObject",
          ],
          [missed.bucketArn, pulumi.interpolate`${missed.bucketArn}/*`],
        ),
        allow(["secretsmanager:GetSecretValue"], siem.secretArn),
      ],
    },
    parent,
  );
  const stream = new aws.kinesis.FirehoseDeliveryStream(
    `${name}-siem`,
    {
      destination: "http_endpoint",
      serverSideEncryption: { enabled: true },
      httpEndpointConfiguration: {
        url: siem.url,
        name: "siem",
        roleArn: writer.arn,
        bufferingInterval: 60,
        bufferingSize: 1,
        s3BackupMode: "FailedDataOnly",
        requestConfiguration: { contentEncoding: "GZIP" },
        secretsManagerConfiguration: { enabled: true, secretArn: siem.secretArn, roleArn: writer.arn },
        s3Configuration: { bucketArn: missed.bucketArn, roleArn: writer.arn },
      },
    },
    parent,
  );
  const feeder = serviceRole(
    `${name}-siem-feed`,
    {
      service: "logs.amazonaws.com",
      permissions: [allow(["firehose:PutRecord", "firehose:PutRecordBatch"], stream.arn)],
    },
    parent,
  );
  return { streamArn: stream.arn, roleArn: feeder.arn };
}

/** The platform's own logs; each project's stack feeds its own. */
export function feed(
  name: string,
  { streamArn, roleArn }: Export,
  groups: Record<string, pulumi.Input<string>>,
  parent: Parent,
): void {
  for (const [group, logGroup] of Object.entries(groups))
    new aws.cloudwatch.LogSubscriptionFilter(
      `${name}-siem-${group}`,
      { logGroup, filterPattern: "", destinationArn: streamArn, roleArn },
      parent,
    );
}
