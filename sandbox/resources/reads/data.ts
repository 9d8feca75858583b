import type { ServerSideEncryptionRule } from "@aws-sdk/client-s3";
import { tagsIn } from "../../engine/shape";
import { IF_GIVEN, Inputs, Read } from "../../engine/types";
import { ifThere } from "../changes/calls";
import { asEnforced } from "./policies";

/** Resources that keep data: buckets, tables, queues, parameters, keys. */
export const data: Record<string, Read> = {
  "dynamodb/Table": {
    normally: {
      ...{ billingMode: "PROVISIONED", readCapacity: IF_GIVEN, writeCapacity: IF_GIVEN },
      ...{ deletionProtectionEnabled: false, streamEnabled: false, streamViewType: IF_GIVEN },
      ...{ pointInTimeRecovery: { enabled: false }, ttl: undefined },
    },
    async read(r) {
      const dynamodb = await r.use("dynamodb");
      const TableName = r.id;
      const { Table: found = {} } = await dynamodb.describeTable({ TableName });
      const { TimeToLiveDescription: ttl = {} } = await dynamodb.describeTimeToLive({ TableName });
      const { ContinuousBackupsDescription: backups } = await dynamodb.describeContinuousBackups({
        TableName,
      });
      const recovery = backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
      return {
        billingMode: found.BillingModeSummary?.BillingMode,
        readCapacity: found.ProvisionedThroughput?.ReadCapacityUnits,
        writeCapacity: found.ProvisionedThroughput?.WriteCapacityUnits,
        deletionProtectionEnabled: found.DeletionProtectionEnabled,
        streamEnabled: found.StreamSpecification?.StreamEnabled,
        streamViewType: found.StreamSpecification?.StreamViewType ?? r.inputs["streamViewType"],
        pointInTimeRecovery: switched(r.inputs["pointInTimeRecovery"], recovery === "ENABLED", {}),
        ttl: switched(r.inputs["ttl"], ttl.TimeToLiveStatus === "ENABLED", {
          attributeName: ttl.AttributeName,
        }),
      };
    },
  },
  "kms/Key": {
    normally: { description: "", enableKeyRotation: false },
    async read(r) {
      const kms = await r.use("kms");
      const { KeyMetadata } = await kms.describeKey({ KeyId: r.id });
      const { KeyRotationEnabled } = await kms.getKeyRotationStatus({ KeyId: r.id });
      return { description: KeyMetadata?.Description, enableKeyRotation: KeyRotationEnabled };
    },
  },
  "s3/Bucket": {
    normally: { tags: undefined },
    async read(r) {
      const answer = await ifThere((await r.use("s3")).getBucketTagging({ Bucket: r.id }));
      return { tags: tagsIn(answer?.TagSet) };
    },
  },
  "s3/BucketPolicy": {
    normally: { policy: undefined },
    async read(r) {
      const { Policy } = await (await r.use("s3")).getBucketPolicy({ Bucket: r.id });
      return { policy: asEnforced(r.inputs["policy"], Policy) };
    },
  },
  "s3/BucketPublicAccessBlock": {
    normally: {
      ...{ blockPublicAcls: false, blockPublicPolicy: false },
      ...{ ignorePublicAcls: false, restrictPublicBuckets: false },
    },
    async read(r) {
      const s3 = await r.use("s3");
      const { PublicAccessBlockConfiguration: found } = await s3.getPublicAccessBlock({ Bucket: r.id });
      return {
        blockPublicAcls: found?.BlockPublicAcls,
        blockPublicPolicy: found?.BlockPublicPolicy,
        ignorePublicAcls: found?.IgnorePublicAcls,
        restrictPublicBuckets: found?.RestrictPublicBuckets,
      };
    },
  },
  "s3/BucketServerSideEncryptionConfiguration": {
    normally: { rules: undefined },
    async read(r) {
      const s3 = await r.use("s3");
      const { ServerSideEncryptionConfiguration: found } = await s3.getBucketEncryption({ Bucket: r.id });
      return { rules: found?.Rules?.map(encryption) };
    },
  },
  "s3/BucketVersioning": {
    normally: { versioningConfiguration: undefined },
    async read(r) {
      const { Status = "Disabled" } = await (await r.use("s3")).getBucketVersioning({ Bucket: r.id });
      return { versioningConfiguration: { ...r.inputs["versioningConfiguration"], status: Status } };
    },
  },
  "sns/Topic": {
    normally: { displayName: "", kmsMasterKeyId: undefined },
    async read(r) {
      const { Attributes: found } = await (await r.use("sns")).getTopicAttributes({ TopicArn: r.id });
      return { displayName: found?.["DisplayName"], kmsMasterKeyId: found?.["KmsMasterKeyId"] };
    },
  },
  "sqs/Queue": {
    normally: {
      ...{ delaySeconds: 0, maxMessageSize: IF_GIVEN, messageRetentionSeconds: 345_600 },
      ...{ receiveWaitTimeSeconds: 0, visibilityTimeoutSeconds: 30 },
      ...{ kmsMasterKeyId: undefined, redrivePolicy: undefined },
    },
    async read(r) {
      const sqs = await r.use("sqs");
      const { Attributes: found = {} } = await sqs.getQueueAttributes({
        QueueUrl: r.id,
        AttributeNames: ["All"],
      });
      const number = (name: keyof typeof found) => (found[name] ? Number(found[name]) : undefined);
      return {
        delaySeconds: number("DelaySeconds"),
        maxMessageSize: number("MaximumMessageSize"),
        messageRetentionSeconds: number("MessageRetentionPeriod"),
        receiveWaitTimeSeconds: number("ReceiveMessageWaitTimeSeconds"),
        visibilityTimeoutSeconds: number("VisibilityTimeout"),
        kmsMasterKeyId: found["KmsMasterKeyId"],
        redrivePolicy: found["RedrivePolicy"],
      };
    },
  },
  "ssm/Parameter": {
    normally: { value: IF_GIVEN },
    async read(r) {
      if (r.inputs["type"] === "SecureString") return { value: r.inputs["value"] }; // which nobody may read here
      const { Parameter } = await (await r.use("ssm")).getParameter({ Name: r.id });
      return { value: Parameter?.Value };
    },
  },
};

/** A switch with its settings; one that is off may keep them or not. */
function switched(given: Inputs | undefined, isOn: boolean, needs: Inputs): Inputs | undefined {
  if (isOn) return { ...given, ...needs, enabled: true };
  return given && { ...given, enabled: false };
}

const encryption = ({
  BucketKeyEnabled,
  ApplyServerSideEncryptionByDefault: by,
}: ServerSideEncryptionRule) => ({
  bucketKeyEnabled: BucketKeyEnabled,
  applyServerSideEncryptionByDefault: by && {
    sseAlgorithm: by.SSEAlgorithm,
    kmsMasterKeyId: by.KMSMasterKeyID,
  },
});
