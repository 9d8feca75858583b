import * as pulumi from "@pulumi/pulumi";
import { fill } from "../shared/options";
import { AccessLogsLike, PrivateBucket, takesAccessLogs } from "../shared/private-bucket";
import { AccessLogsArgs, accessLogsOptions } from "./args";

/**
 * The bucket in which S3 logs who read from and wrote to other buckets.
 * Costs what it stores. S3 delivers these logs when it can, usually within hours, and may omit a request.
 */
export class AccessLogs extends pulumi.ComponentResource implements AccessLogsLike {
  readonly bucketName: pulumi.Output<string>;
  /** A bucket that logs here must wait for this, because S3 checks that it may write. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { expireDays } = fill("AccessLogs", name, accessLogsOptions, args);
    super("groundwork:index:AccessLogs", name, {}, opts);
    const parent = { parent: this };
    const bucket = new PrivateBucket(
      name,
      {
        keepData: args.keepData,
        expireDays,
        policy: (arn) => [takesAccessLogs(arn, parent)],
      },
      parent,
    );
    this.bucketName = bucket.bucketName;
    this.ready = bucket.ready;
    this.registerOutputs({ bucketName: this.bucketName });
  }
}
