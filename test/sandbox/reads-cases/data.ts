import { ROOT_ARN } from "../../emulated";
import { Case, POLICY } from "./ground";

const BUCKET_POLICY = (bucket: string, Action: string) =>
  POLICY(Action, { Principal: { AWS: ROOT_ARN }, Resource: `arn:aws:s3:::${bucket}/*` });

export const data: Record<string, Case> = {
  "aws:dynamodb/table:Table": {
    given: () => ({
      ...{ hashKey: "id", attributes: [{ name: "id", type: "S" }], readCapacity: 5, writeCapacity: 5 },
      ...{ streamEnabled: false, streamViewType: "KEYS_ONLY" },
    }),
    async byHand({ use }, TableName) {
      const dynamodb = await use("dynamodb");
      await dynamodb.updateTable({
        ...{ TableName, ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 8 } },
      });
      await dynamodb.updateTable({ TableName, DeletionProtectionEnabled: true });
      await dynamodb.updateTable({
        ...{ TableName, StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } },
      });
      await dynamodb.updateTimeToLive({
        ...{ TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: "ends" } },
      });
      await dynamodb.updateContinuousBackups({
        ...{ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      });
    },
    found: () => ({
      ...{ readCapacity: 7, writeCapacity: 8, deletionProtectionEnabled: true },
      ...{ streamEnabled: true, streamViewType: "NEW_IMAGE", ttl: { attributeName: "ends", enabled: true } },
      pointInTimeRecovery: { enabled: true },
    }),
  },
  "aws:kms/key:Key": {
    given: () => ({ description: "Uploads", enableKeyRotation: true }),
    async byHand({ use }, KeyId) {
      const kms = await use("kms");
      await kms.updateKeyDescription({ KeyId, Description: "by hand" });
      await kms.disableKeyRotation({ KeyId });
    },
    found: () => ({ description: "by hand", enableKeyRotation: false }),
  },
  "aws:s3/bucket:Bucket": {
    given: () => ({ tags: { is: "new", stays: "here" } }),
    byHand: async ({ use }, Bucket) =>
      (await use("s3")).putBucketTagging({
        Bucket,
        Tagging: {
          TagSet: [
            { Key: "team", Value: "engines" },
            { Key: "is", Value: "old" },
          ],
        },
      }),
    found: () => ({ tags: { is: "old" } }),
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    given: ({ bucket }) => ({ bucket, policy: BUCKET_POLICY(bucket, "s3:GetObject") }),
    byHand: async ({ use, bucket }) =>
      (await use("s3")).putBucketPolicy({ Bucket: bucket, Policy: BUCKET_POLICY(bucket, "s3:*") }),
    found: ({ bucket }) => ({ policy: BUCKET_POLICY(bucket, "s3:*") }),
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    given: ({ bucket }) => ({
      ...{ bucket, blockPublicAcls: true, blockPublicPolicy: true },
      ...{ ignorePublicAcls: true, restrictPublicBuckets: true },
    }),
    byHand: async ({ use, bucket }) =>
      (await use("s3")).putPublicAccessBlock({
        Bucket: bucket,
        PublicAccessBlockConfiguration: {
          ...{ BlockPublicAcls: false, BlockPublicPolicy: false },
          ...{ IgnorePublicAcls: false, RestrictPublicBuckets: false },
        },
      }),
    found: () => ({
      ...{ blockPublicAcls: false, blockPublicPolicy: false },
      ...{ ignorePublicAcls: false, restrictPublicBuckets: false },
    }),
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    given: ({ bucket }) => ({
      bucket,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" }, bucketKeyEnabled: true }],
    }),
    byHand: async ({ use, bucket }) =>
      (await use("s3")).putBucketEncryption({
        Bucket: bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
      }),
    found: () => ({ rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] }),
  },
  "aws:s3/bucketVersioning:BucketVersioning": {
    given: ({ bucket }) => ({ bucket, versioningConfiguration: { status: "Enabled" } }),
    byHand: async ({ use, bucket }) =>
      (await use("s3")).putBucketVersioning({
        ...{ Bucket: bucket, VersioningConfiguration: { Status: "Suspended" } },
      }),
    found: () => ({ versioningConfiguration: { status: "Suspended" } }),
  },
  "aws:sns/topic:Topic": {
    given: () => ({}),
    async byHand({ use }, TopicArn) {
      const sns = await use("sns");
      const put = (AttributeName: string, AttributeValue: string) =>
        sns.setTopicAttributes({ TopicArn, AttributeName, AttributeValue });
      await put("DisplayName", "by hand");
      await put("KmsMasterKeyId", "alias/aws/sns");
    },
    found: () => ({ displayName: "by hand", kmsMasterKeyId: "alias/aws/sns" }),
  },
  "aws:sqs/queue:Queue": {
    given: () => ({ maxMessageSize: 2048, delaySeconds: 1 }),
    byHand: async ({ use, queue }, QueueUrl) =>
      (await use("sqs")).setQueueAttributes({
        QueueUrl,
        Attributes: {
          ...{ DelaySeconds: "5", MaximumMessageSize: "4096", MessageRetentionPeriod: "600" },
          ...{ ReceiveMessageWaitTimeSeconds: "3", VisibilityTimeout: "99", KmsMasterKeyId: "alias/aws/sqs" },
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queue, maxReceiveCount: 3 }),
        },
      }),
    found: ({ queue }) => ({
      ...{ delaySeconds: 5, maxMessageSize: 4096, messageRetentionSeconds: 600 },
      ...{ receiveWaitTimeSeconds: 3, visibilityTimeoutSeconds: 99, kmsMasterKeyId: "alias/aws/sqs" },
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: queue, maxReceiveCount: 3 }),
    }),
  },
  "aws:ssm/parameter:Parameter": {
    given: () => ({ name: "/reads/one", type: "String", value: "one" }),
    byHand: async ({ use }) =>
      (await use("ssm")).putParameter({ Name: "/reads/one", Value: "two", Overwrite: true }),
    found: () => ({ value: "two" }),
  },
};
