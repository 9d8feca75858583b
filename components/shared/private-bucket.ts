import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { here } from "./here";
import { fill, Complete, Given, options, whole } from "./options";
import { denyPlainHttp, policyDocument, Statement } from "./permissions";

/** The bucket in which S3 logs who read from and wrote to other buckets: our `AccessLogs`, or a `PrivateBucket` with `takesAccessLogs`. */
export interface AccessLogsLike {
  readonly bucketName: pulumi.Input<string>;
  /** Until these exist, S3 refuses to log there. */
  readonly ready?: pulumi.Resource[];
}

/** A bucket as its readers and writers see it: our `PrivateBucket`. */
export interface BucketLike {
  readonly bucketName: pulumi.Input<string>;
  readonly bucketArn: pulumi.Input<string>;
  /** Writers must wait for these. */
  readonly ready?: pulumi.Resource[];
}

export const privateBucketOptions = options({
  expireDays: whole(1, 36_500).optional().describe("Deletes objects after this many days"),
  noncurrentDays: whole(1, 36_500)
    .default(30)
    .describe("Deletes overwritten and deleted versions after this many days"),
});

export interface PrivateBucketArgs extends Given<typeof privateBucketOptions> {
  /** Keeps the bucket and its objects when the stack is destroyed. */
  keepData: boolean;
  /** Encrypts with this KMS key instead of S3's own. @default S3-managed encryption */
  kmsKeyArn?: pulumi.Input<string>;
  /** Where S3 logs who read and wrote, under the bucket's name. @default no access log */
  accessLogs?: AccessLogsLike;
  /** Accepts objects with an ACL, such as CloudFront's logs. @default ACLs are off */
  acceptsAcls?: boolean;
  /** Further statements for the bucket's policy, built from its ARN. @default none */
  policy?: (bucketArn: pulumi.Output<string>) => Statement[];
}

/**
 * A bucket that only named roles can reach, and only over TLS: versioned, encrypted, cleaned up by lifecycle rules.
 * Costs what it stores. With `keepData`, a destroy refuses to delete it; without, its objects are deleted with it.
 */
export class PrivateBucket extends pulumi.ComponentResource implements BucketLike {
  /** The bucket itself, for its notifications. */
  readonly bucket: aws.s3.Bucket;
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  /** Everything that writes to the bucket must wait for this: until then, it is not private. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("PrivateBucket", name, privateBucketOptions, args);
    super("groundwork:index:PrivateBucket", name, {}, opts);
    // A kept bucket also keeps the settings that make it private. A destroy would otherwise leave its objects without them.
    const parent = { parent: this, protect: args.keepData };

    this.bucket = new aws.s3.Bucket(name, { forceDestroy: !args.keepData }, parent);
    const bucket = this.bucket.id;
    const block = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.s3.BucketOwnershipControls(
      name,
      {
        bucket,
        rule: { objectOwnership: args.acceptsAcls ? "BucketOwnerPreferred" : "BucketOwnerEnforced" },
      },
      parent,
    );
    const versioning = new aws.s3.BucketVersioning(
      name,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      parent,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket, rules: [encryption(args.kmsKeyArn)] },
      parent,
    );
    // S3 refuses rules for old versions until the bucket has versioning.
    new aws.s3.BucketLifecycleConfiguration(
      name,
      { bucket, rules: [lifecycle(filled)] },
      { ...parent, dependsOn: versioning },
    );
    // S3 accepts only one of the two changes at a time, and answers the other with a conflict.
    const policy = new aws.s3.BucketPolicy(
      name,
      {
        bucket,
        policy: policyDocument([denyPlainHttp(this.bucket.arn), ...(args.policy?.(this.bucket.arn) ?? [])]),
      },
      { ...parent, dependsOn: block },
    );
    if (args.accessLogs) logTo(name, bucket, args.accessLogs, { parent: this });
    this.bucketName = bucket;
    this.bucketArn = this.bucket.arn;
    this.ready = [policy];
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}

/** For a bucket's policy: lets S3 write access logs of this account's buckets into it, below a prefix. */
export function takesAccessLogs(
  bucketArn: pulumi.Input<string>,
  opts: { parent: pulumi.Resource },
  prefix = "",
): Statement {
  return {
    Sid: "AccessLogs",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${bucketArn}/${prefix}*`,
    Condition: { StringEquals: { "aws:SourceAccount": here(opts).accountId } },
  };
}

function logTo(
  name: string,
  bucket: pulumi.Output<string>,
  { bucketName, ready }: AccessLogsLike,
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.s3.BucketLogging(
    name,
    { bucket, targetBucket: bucketName, targetPrefix: `${name}/` },
    { ...opts, dependsOn: ready },
  );
}

function encryption(kmsKeyArn: pulumi.Input<string> | undefined) {
  return kmsKeyArn
    ? {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        bucketKeyEnabled: true,
      }
    : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
}

function lifecycle({ expireDays, noncurrentDays }: Complete<typeof privateBucketOptions>) {
  return {
    id: "clean-up",
    status: "Enabled",
    filter: { prefix: "" },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    noncurrentVersionExpiration: { noncurrentDays },
    ...(expireDays ? { expiration: { days: expireDays } } : {}),
  };
}
