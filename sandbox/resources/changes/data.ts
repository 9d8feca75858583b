import { asList, documentText, pascal, pick } from "../../engine/shape";
import { Changes, Inputs } from "../../engine/types";
import { again, withItsOwner } from "./calls";

export const kms: Changes = {
  Key: {
    carries: ["description", "policy", "enableKeyRotation", "rotationPeriodInDays"],
    async update(r) {
      const kms = await r.use("kms");
      const i = r.inputs;
      const KeyId = r.id;
      if (r.changed.includes("description"))
        await kms.updateKeyDescription({ KeyId, Description: i["description"] ?? "" });
      if (r.changed.includes("policy") && i["policy"])
        await kms.putKeyPolicy({ KeyId, PolicyName: "default", Policy: documentText(i["policy"]) });
      if (i["enableKeyRotation"])
        await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: i["rotationPeriodInDays"] });
      else if (r.changed.includes("enableKeyRotation")) await kms.disableKeyRotation({ KeyId });
    },
    // AWS keeps a deleted key for a while, and so does the emulator.
    remove: async (r) =>
      (await r.use("kms")).scheduleKeyDeletion({
        KeyId: r.id,
        PendingWindowInDays: r.inputs["deletionWindowInDays"] ?? 30,
      }),
  },
};

export const secretsmanager: Changes = {
  Secret: {
    carries: ["description", "kmsKeyId", "policy", "recoveryWindowInDays", "forceOverwriteReplicaSecret"],
    async update(r) {
      const secrets = await r.use("secretsmanager");
      const { description, kmsKeyId, policy } = r.inputs;
      await secrets.updateSecret({ SecretId: r.id, Description: description, KmsKeyId: kmsKeyId });
      if (policy) await secrets.putResourcePolicy({ SecretId: r.id, ResourcePolicy: documentText(policy) });
      else if (r.changed.includes("policy")) await secrets.deleteResourcePolicy({ SecretId: r.id });
    },
    remove: async (r) =>
      (await r.use("secretsmanager")).deleteSecret({ SecretId: r.id, ForceDeleteWithoutRecovery: true }),
  },
  SecretVersion: { update: again, moves: ["versionId"], remove: withItsOwner },
};

export const ssm: Changes = {
  Parameter: {
    moves: ["version"],
    async update(r) {
      const ssm = await r.use("ssm");
      const i = r.inputs;
      const { Version } = await ssm.putParameter({
        Name: r.id,
        Overwrite: true,
        Type: i["type"],
        Value: i["value"] ?? i["insecureValue"],
        ...pascal(pick(i, "description", "tier", "dataType", "allowedPattern")),
        KeyId: i["keyId"],
      });
      return { outputs: { version: Version } };
    },
    remove: async (r) => (await r.use("ssm")).deleteParameter({ Name: r.id }),
  },
};

export const dynamodb: Changes = {
  Table: {
    carries: [
      ...["streamEnabled", "streamViewType", "ttl", "pointInTimeRecovery", "deletionProtectionEnabled"],
      ...["billingMode", "readCapacity", "writeCapacity"],
    ],
    moves: ["streamArn", "streamLabel"],
    async update(r) {
      const dynamodb = await r.use("dynamodb");
      const i = r.inputs;
      const TableName = r.id;
      const has = (...names: string[]) => names.some((name) => r.changed.includes(name));
      if (has("billingMode", "readCapacity", "writeCapacity"))
        await dynamodb.updateTable({
          TableName,
          BillingMode: i["billingMode"] ?? "PROVISIONED",
          ProvisionedThroughput:
            i["billingMode"] === "PAY_PER_REQUEST"
              ? undefined
              : { ReadCapacityUnits: i["readCapacity"] ?? 5, WriteCapacityUnits: i["writeCapacity"] ?? 5 },
        });
      if (has("deletionProtectionEnabled"))
        await dynamodb.updateTable({
          TableName,
          DeletionProtectionEnabled: i["deletionProtectionEnabled"] ?? false,
        });
      if (has("streamEnabled", "streamViewType"))
        await dynamodb.updateTable({
          TableName,
          StreamSpecification: i["streamEnabled"]
            ? { StreamEnabled: true, StreamViewType: i["streamViewType"] }
            : { StreamEnabled: false },
        });
      if (has("ttl"))
        await dynamodb.updateTimeToLive({
          TableName,
          TimeToLiveSpecification: {
            Enabled: i["ttl"]?.enabled ?? false,
            AttributeName: (i["ttl"] ?? r.before["ttl"]).attributeName,
          },
        });
      if (has("pointInTimeRecovery"))
        await dynamodb.updateContinuousBackups({
          TableName,
          PointInTimeRecoverySpecification: {
            PointInTimeRecoveryEnabled: i["pointInTimeRecovery"]?.enabled ?? false,
          },
        });
      const { Table } = await dynamodb.describeTable({ TableName });
      return { outputs: { streamArn: Table!.LatestStreamArn, streamLabel: Table!.LatestStreamLabel } };
    },
    remove: async (r) => (await r.use("dynamodb")).deleteTable({ TableName: r.id }),
  },
};

export const efs: Changes = {
  FileSystem: {
    carries: ["lifecyclePolicies"],
    async update(r) {
      const efs = await r.use("efs");
      const LifecyclePolicies = asList<Inputs>(r.inputs["lifecyclePolicies"]).map((one) => pascal(one));
      await efs.putLifecycleConfiguration({ FileSystemId: r.id, LifecyclePolicies });
    },
    remove: async (r) => (await r.use("efs")).deleteFileSystem({ FileSystemId: r.id }),
  },
  MountTarget: {
    carries: [],
    update: () => Promise.resolve(),
    remove: async (r) => (await r.use("efs")).deleteMountTarget({ MountTargetId: r.id }),
  },
  AccessPoint: { remove: async (r) => (await r.use("efs")).deleteAccessPoint({ AccessPointId: r.id }) },
  FileSystemPolicy: {
    update: again,
    remove: withItsOwner, // moto lacks this call
  },
};
