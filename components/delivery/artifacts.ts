import * as pulumi from "@pulumi/pulumi";
import { allow, allowKey, Statement } from "../shared/permissions";
import { AccessLogsLike, PrivateBucket } from "../shared/private-bucket";
import { serviceKey } from "../shared/service-key";

export interface ArtifactsArgs {
  keepData: boolean;
  /** How long sources and bundles are kept, which is also how far back a rollback can go. */
  keptDays: number;
  /** Where S3 logs who read and wrote. @default no access log */
  accessLogs?: AccessLogsLike;
}

/**
 * The bucket, with its own key, through which the pipeline's stages pass on their results. About 1 USD a month and the storage.
 * Anything older than `keptDays` is deleted, and then a rollback to that release is no longer possible.
 */
export class Artifacts extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: ArtifactsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:Artifacts", name, {}, opts);
    const parent = { parent: this };
    const description = "Artifacts of the delivery pipeline";
    const key = serviceKey(name, { description, keepData: args.keepData }, parent);
    const bucket = new PrivateBucket(
      name,
      {
        keepData: args.keepData,
        kmsKeyArn: key.arn,
        expireDays: args.keptDays,
        accessLogs: args.accessLogs,
      },
      parent,
    );
    this.bucketName = bucket.bucketName;
    this.bucketArn = bucket.bucketArn;
    this.keyArn = key.arn;
    this.registerOutputs({
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      keyArn: this.keyArn,
    });
  }

  /** For a role that reads artifacts. */
  readers(): Statement[] {
    return [
      allow(["s3:GetObject", "s3:GetObjectVersion"], pulumi.interpolate`${this.bucketArn}/*`),
      allowKey(["kms:Decrypt"], this.keyArn, ["s3"]),
    ];
  }

  /** For a role that reads artifacts and writes its own. */
  writers(): Statement[] {
    return [
      allow(["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], pulumi.interpolate`${this.bucketArn}/*`),
      allow(["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"], this.bucketArn),
      allowKey(["kms:Decrypt", "kms:GenerateDataKey"], this.keyArn, ["s3"]),
      allow(["kms:DescribeKey"], this.keyArn),
    ];
  }
}
