import * as pulumi from "@pulumi/pulumi";
import { here } from "../shared/here";
import { fill } from "../shared/options";
import { AccessLogsLike, AccessLogTarget, PrivateBucket } from "../shared/private-bucket";
import { AccessLogsArgs, accessLogsOptions } from "./args";

/**
 * The bucket into which S3 writes who read and wrote in other buckets.
 * Costs what it stores. S3 writes when it finds time, mostly within hours, and may leave out a request.
 */
export class AccessLogs extends pulumi.ComponentResource implements AccessLogsLike {
  readonly bucketName: pulumi.Output<string>;
  /** A bucket that logs here waits for it: S3 looks whether it may write. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { expireDays } = fill("AccessLogs", name, accessLogsOptions, args);
    super("groundwork:index:AccessLogs", name, {}, opts);
    const parent = { parent: this };
    const { accountId } = here(parent);
    const bucket = new PrivateBucket(
      name,
      {
        keepData: args.keepData,
        expireDays,
        policy: (arn) => [
          {
            Effect: "Allow",
            Principal: { Service: "logging.s3.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: pulumi.interpolate`${arn}/*`,
            Condition: { StringEquals: { "aws:SourceAccount": accountId } },
          },
        ],
      },
      parent,
    );
    this.bucketName = bucket.bucketName;
    this.ready = bucket.ready;
    this.registerOutputs({ bucketName: this.bucketName });
  }

  under(prefix: string): AccessLogTarget {
    return { bucketName: this.bucketName, prefix: `${prefix}/`, ready: this.ready };
  }
}
