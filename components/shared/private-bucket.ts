import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "./check";
import { denyPlainHttp, policyDocument, Statement } from "./permissions";

export interface PrivateBucketArgs {
  /** Keeps the bucket and its objects when the stack goes. */
  keepData: boolean;
  /** Encrypts under this KMS key instead of S3's own. @default S3-managed encryption */
  kmsKeyArn?: pulumi.Input<string>;
  /** Deletes objects after so many days. @default they stay */
  expireDays?: number;
  /** Deletes what has been overwritten or deleted after so many days. @default 30 */
  noncurrentDays?: number;
  /** Where S3 logs who read and wrote. @default no access log */
  accessLogBucket?: { name: pulumi.Input<string>; prefix: string };
  /** Takes objects whose owner is told by an ACL, as CloudFront's logs are. @default ACLs are off */
  acceptsAcls?: boolean;
  /** More statements of the bucket's policy, made from its ARN. @default none */
  policy?: (bucketArn: pulumi.Output<string>) => Statement[];
}

/**
 * A bucket that nobody reaches but named roles, and only by TLS: versioned, encrypted, cleaned up by rules.
 * Costs what it stores. With `keepData` a destroy refuses to delete it; without, its objects go with it.
 */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  /** Whatever writes to the bucket waits for it: until then it is not private. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    new Check("PrivateBucket", name)
      .wholeNumber("expireDays", args.expireDays, 1, 36_500)
      .wholeNumber("noncurrentDays", args.noncurrentDays, 1, 36_500)
      .done();
    super("groundwork:index:PrivateBucket", name, {}, opts);
    const parent = { parent: this };

    this.bucket = new aws.s3.Bucket(
      name,
      { forceDestroy: !args.keepData },
      { ...parent, protect: args.keepData },
    );
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
    // S3 refuses rules for old versions on a bucket that does not have versions yet.
    new aws.s3.BucketLifecycleConfiguration(
      name,
      { bucket, rules: [lifecycle(args)] },
      { ...parent, dependsOn: versioning },
    );
    // S3 takes one of the two at a time and answers the other with a conflict.
    const policy = new aws.s3.BucketPolicy(
      name,
      {
        bucket,
        policy: policyDocument([denyPlainHttp(this.bucket.arn), ...(args.policy?.(this.bucket.arn) ?? [])]),
      },
      { ...parent, dependsOn: block },
    );
    if (args.accessLogBucket)
      new aws.s3.BucketLogging(
        name,
        { bucket, targetBucket: args.accessLogBucket.name, targetPrefix: args.accessLogBucket.prefix },
        parent,
      );
    this.bucketName = bucket;
    this.bucketArn = this.bucket.arn;
    this.ready = [policy];
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}

function encryption(kmsKeyArn: pulumi.Input<string> | undefined) {
  return kmsKeyArn
    ? {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        bucketKeyEnabled: true,
      }
    : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
}

function lifecycle(args: PrivateBucketArgs) {
  return {
    id: "clean-up",
    status: "Enabled",
    filter: { prefix: "" },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    noncurrentVersionExpiration: { noncurrentDays: args.noncurrentDays ?? 30 },
    ...(args.expireDays ? { expiration: { days: args.expireDays } } : {}),
  };
}
