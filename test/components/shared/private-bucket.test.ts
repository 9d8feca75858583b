import { strict as assert } from "node:assert";
import { PrivateBucket, PrivateBucketArgs } from "../../../components/shared/private-bucket";
import { physicalName, run } from "../../harness";

const declare = (args: Partial<PrivateBucketArgs> = {}) =>
  run(() => new PrivateBucket("files", { keepData: true, ...args }));

const ARN = `arn:aws:s3:::${physicalName("files")}`;
const TLS_ONLY = {
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [ARN, `${ARN}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

describe("PrivateBucket", () => {
  it("blocks public access and access control lists", async () => {
    const { one } = await declare();
    assert.deepEqual(one("s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs, {
      bucket: "files-id",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(one("s3/bucketOwnershipControls:BucketOwnershipControls").inputs.rule, {
      objectOwnership: "BucketOwnerEnforced",
    });
  });

  it("allows only TLS, by a policy that is set once public access is blocked", async () => {
    const { one } = await declare();
    const policy = one("s3/bucketPolicy:BucketPolicy");
    assert.deepEqual(JSON.parse(policy.inputs.policy).Statement, [TLS_ONLY]);
    assert.deepEqual(policy.dependsOn, ["files"]);
  });

  it("adds the owner's statements about its ARN", async () => {
    const reader = (arn: unknown) => ({
      Effect: "Allow" as const,
      Action: "s3:GetObject",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Resource: arn as string,
    });
    const { one } = await declare({ policy: (arn) => [reader(arn)] });
    assert.deepEqual(JSON.parse(one("s3/bucketPolicy:BucketPolicy").inputs.policy).Statement, [
      TLS_ONLY,
      reader(ARN),
    ]);
  });

  it("encrypts under S3's key, or under one of ours with a bucket key", async () => {
    const type = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    const own = await declare();
    assert.deepEqual(own.one(type).inputs.rules, [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    const kms = await declare({ kmsKeyArn: "arn:key" });
    assert.deepEqual(kms.one(type).inputs.rules, [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:key" },
        bucketKeyEnabled: true,
      },
    ]);
  });

  it("keeps versions, and cleans up leftovers", async () => {
    const { one } = await declare({ noncurrentDays: 7, expireDays: 90 });
    assert.deepEqual(one("s3/bucketVersioning:BucketVersioning").inputs.versioningConfiguration, {
      status: "Enabled",
    });
    assert.deepEqual(one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs.rules, [
      {
        id: "clean-up",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        noncurrentVersionExpiration: { noncurrentDays: 7 },
        expiration: { days: 90 },
      },
    ]);
  });

  it("keeps objects forever and old versions for 30 days by default", async () => {
    const { one } = await declare();
    const [rule] = one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs.rules;
    assert.deepEqual(
      [rule.expiration, rule.noncurrentVersionExpiration],
      [undefined, { noncurrentDays: 30 }],
    );
  });

  it("protects its objects with keepData, and not without", async () => {
    for (const keepData of [true, false]) {
      const bucket = (await declare({ keepData })).one("s3/bucket:Bucket");
      assert.deepEqual([bucket.protect, bucket.inputs.forceDestroy], [keepData, !keepData]);
    }
  });

  it("logs access where it is told to, and nowhere else", async () => {
    assert.deepEqual((await declare()).all("s3/bucketLogging:BucketLogging"), []);
    const { one } = await declare({ accessLogs: { bucketName: "logs" } });
    assert.deepEqual(one("s3/bucketLogging:BucketLogging").inputs, {
      bucket: "files-id",
      targetBucket: "logs",
      targetPrefix: "files/",
    });
  });

  it("refuses numbers of days that S3 does not accept, all in one error", async () => {
    await assert.rejects(
      declare({ expireDays: 0, noncurrentDays: 1.5 }),
      /PrivateBucket "files": expireDays must be a whole number from 1 to 36500, got 0; noncurrentDays must be a whole number from 1 to 36500, got 1.5/,
    );
  });
});
