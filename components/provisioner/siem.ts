import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { feederRole, firehoseRole, siemDestination } from "../shared/log-stream";
import { PrivateBucket } from "../shared/private-bucket";
import { Siem } from "./args";

export interface Export {
  streamArn: pulumi.Output<string>;
  /** The role that CloudWatch Logs assumes to feed the stream. Each project's stack connects its own logs. */
  roleArn: pulumi.Output<string>;
}

/** A Firehose to a SIEM's HTTP endpoint. A bucket keeps what the endpoint does not accept for 14 days. */
export function siemExport(name: string, siem: Siem, parent: { parent: pulumi.Resource }): Export {
  const missed = new PrivateBucket(`${name}-missed`, { keepData: false, expireDays: 14 }, parent);
  const { arn: roleArn } = firehoseRole(name, missed, siem, [], parent);
  const stream = new aws.kinesis.FirehoseDeliveryStream(
    name,
    {
      destination: "http_endpoint",
      serverSideEncryption: { enabled: true },
      httpEndpointConfiguration: siemDestination(siem, roleArn, {
        s3BackupMode: "FailedDataOnly",
        requestConfiguration: { contentEncoding: "GZIP" },
        s3Configuration: { bucketArn: missed.bucketArn, roleArn },
      }),
    },
    parent,
  );
  return { streamArn: stream.arn, roleArn: feederRole(`${name}-feed`, stream.arn, parent).arn };
}
