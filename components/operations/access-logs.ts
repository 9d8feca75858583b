import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PrivateBucket } from "../shared/private-bucket";

export interface AccessLogsArgs {
  /** Keeps the logs when the stack goes. */
  keepData: boolean;
  /** @default 90 */
  expireDays?: number;
}

/**
 * The bucket into which S3 writes who read and wrote in other buckets.
 * Costs what it stores. S3 writes when it finds time, mostly within hours, and may leave out a request.
 */
export class AccessLogs extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  /** A bucket that logs here waits for it: S3 looks whether it may write. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:AccessLogs", name, {}, opts);
    const parent = { parent: this };
    const account = aws.getCallerIdentityOutput({}, parent).accountId;
    const bucket = new PrivateBucket(
      name,
      {
        keepData: args.keepData,
        expireDays: args.expireDays ?? 90,
        policy: (arn) => [
          {
            Effect: "Allow",
            Principal: { Service: "logging.s3.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: pulumi.interpolate`${arn}/*`,
            Condition: { StringEquals: { "aws:SourceAccount": account } },
          },
        ],
      },
      parent,
    );
    this.bucketName = bucket.bucketName;
    this.ready = bucket.ready;
    this.registerOutputs({ bucketName: this.bucketName });
  }

  /** For a bucket's `accessLogBucket`. */
  under(prefix: string): { name: pulumi.Output<string>; prefix: string } {
    return { name: this.bucketName, prefix: `${prefix}/` };
  }
}
