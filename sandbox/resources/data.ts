import { documentText, omit, pascal, pick, tagList } from "../engine/shape";
import { asList } from "../engine/shape";
import { Inputs, Table } from "../engine/types";

/** Keys, on MiniStack. */
export const kms: Table = {
  Key: async (r) => {
    const kms = await r.use("kms");
    const i = r.inputs;
    const { KeyMetadata } = await kms.createKey({
      Description: i["description"],
      KeyUsage: i["keyUsage"],
      KeySpec: i["customerMasterKeySpec"],
      MultiRegion: i["multiRegion"],
      Policy: i["policy"] && documentText(i["policy"]),
      Tags: Object.entries(r.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
    });
    const KeyId = KeyMetadata!.KeyId!;
    if (i["enableKeyRotation"])
      await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: i["rotationPeriodInDays"] });
    return { id: KeyId, outputs: { keyId: KeyId, arn: KeyMetadata!.Arn } };
  },
};

/** Secrets, on MiniStack. */
export const secretsmanager: Table = {
  Secret: async (r) => {
    const secrets = await r.use("secretsmanager");
    const i = r.inputs;
    const name = i["name"] ?? r.physicalName();
    const { ARN } = await secrets.createSecret({
      Name: name,
      Description: i["description"],
      KmsKeyId: i["kmsKeyId"],
      Tags: tagList(r.tags),
    });
    if (i["policy"])
      await secrets.putResourcePolicy({ SecretId: ARN, ResourcePolicy: documentText(i["policy"]) });
    return { id: ARN!, outputs: { name, arn: ARN } };
  },

  SecretVersion: async (r) => {
    const secrets = await r.use("secretsmanager");
    const { secretId, secretString, secretStringWo, secretBinary } = r.inputs;
    const { ARN, VersionId } = await secrets.putSecretValue({
      SecretId: secretId,
      SecretString: secretString ?? secretStringWo,
      SecretBinary: secretBinary && Buffer.from(secretBinary, "base64"),
    });
    return {
      id: `${ARN}|${VersionId}`,
      outputs: { arn: ARN, versionId: VersionId, versionStages: ["AWSCURRENT"] },
    };
  },
};

/** Parameters, on MiniStack. */
export const ssm: Table = {
  Parameter: async (r) => {
    const ssm = await r.use("ssm");
    const i = r.inputs;
    const name: string = i["name"] ?? r.physicalName();
    const { Version } = await ssm.putParameter({
      Name: name,
      Type: i["type"],
      Value: i["value"] ?? i["insecureValue"],
      ...pascal(pick(i, "description", "tier", "dataType", "allowedPattern")),
      KeyId: i["keyId"],
      Tags: tagList(r.tags),
    });
    return {
      id: name,
      outputs: { name, arn: r.arn("ssm", `parameter/${name.replace(/^\//, "")}`), version: Version },
    };
  },
};

/** Tables, on MiniStack. */
export const dynamodb: Table = {
  Table: async (r) => {
    const dynamodb = await r.use("dynamodb");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 255);
    const provisioned = i["billingMode"] !== "PAY_PER_REQUEST";
    const throughput = provisioned
      ? { ReadCapacityUnits: i["readCapacity"] ?? 5, WriteCapacityUnits: i["writeCapacity"] ?? 5 }
      : undefined;
    const { TableDescription } = await dynamodb.createTable({
      TableName: name,
      BillingMode: i["billingMode"] ?? "PROVISIONED",
      ProvisionedThroughput: throughput,
      AttributeDefinitions: asList<Inputs>(i["attributes"]).map((one) => ({
        AttributeName: one["name"],
        AttributeType: one["type"],
      })),
      KeySchema: keys(i),
      GlobalSecondaryIndexes:
        i["globalSecondaryIndexes"] &&
        asList<Inputs>(i["globalSecondaryIndexes"]).map((one) => ({
          ...index(one),
          ProvisionedThroughput: throughput,
        })),
      LocalSecondaryIndexes:
        i["localSecondaryIndexes"] &&
        asList<Inputs>(i["localSecondaryIndexes"]).map((one) => index({ ...one, hashKey: i["hashKey"] })),
      StreamSpecification: i["streamEnabled"]
        ? { StreamEnabled: true, StreamViewType: i["streamViewType"] }
        : undefined,
      SSESpecification: i["serverSideEncryption"] && {
        Enabled: i["serverSideEncryption"].enabled,
        SSEType: i["serverSideEncryption"].kmsKeyArn ? "KMS" : undefined,
        KMSMasterKeyId: i["serverSideEncryption"].kmsKeyArn,
      },
      DeletionProtectionEnabled: i["deletionProtectionEnabled"],
      Tags: tagList(r.tags),
    });
    if (i["ttl"]?.enabled)
      await dynamodb.updateTimeToLive({
        TableName: name,
        TimeToLiveSpecification: { Enabled: true, AttributeName: i["ttl"].attributeName },
      });
    if (i["pointInTimeRecovery"]?.enabled)
      await dynamodb.updateContinuousBackups({
        TableName: name,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
    return {
      id: name,
      outputs: {
        name,
        arn: TableDescription!.TableArn,
        streamArn: TableDescription!.LatestStreamArn,
        streamLabel: TableDescription!.LatestStreamLabel,
      },
    };
  },
};

const keys = ({ hashKey, rangeKey }: Inputs) => [
  { AttributeName: hashKey as string, KeyType: "HASH" as const },
  ...(rangeKey ? [{ AttributeName: rangeKey as string, KeyType: "RANGE" as const }] : []),
];

const index = (one: Inputs) => ({
  IndexName: one["name"] as string,
  KeySchema: keys(one),
  Projection: { ProjectionType: one["projectionType"], NonKeyAttributes: one["nonKeyAttributes"] },
});

/** File systems, on moto: they are recorded, and hold no files. */
export const efs: Table = {
  FileSystem: async (r) => {
    const efs = await r.use("efs");
    const i = r.inputs;
    const made = await efs.createFileSystem({
      CreationToken: r.physicalName(i["creationToken"]),
      ...pascal(
        pick(i, "encrypted", "kmsKeyId", "performanceMode", "throughputMode", "provisionedThroughputInMibps"),
      ),
      Tags: tagList(r.tags),
    });
    const id = made.FileSystemId!;
    if (i["lifecyclePolicies"])
      await efs.putLifecycleConfiguration({
        FileSystemId: id,
        LifecyclePolicies: asList<Inputs>(i["lifecyclePolicies"]).map((one) => pascal(one)),
      });
    return {
      id,
      outputs: {
        arn: made.FileSystemArn ?? r.arn("elasticfilesystem", `file-system/${id}`),
        dnsName: `${id}.efs.${r.region}.amazonaws.com`,
        ownerId: r.account,
      },
    };
  },

  MountTarget: async (r) => {
    const efs = await r.use("efs");
    const made = await efs.createMountTarget(pascal(omit(r.inputs)));
    return {
      id: made.MountTargetId!,
      outputs: {
        ipAddress: made.IpAddress,
        networkInterfaceId: made.NetworkInterfaceId,
        dnsName: `${r.inputs["fileSystemId"]}.efs.${r.region}.amazonaws.com`,
      },
    };
  },

  AccessPoint: async (r) => {
    const efs = await r.use("efs");
    const { fileSystemId, posixUser, rootDirectory } = r.inputs;
    const made = await efs.createAccessPoint({
      ClientToken: r.physicalName(),
      FileSystemId: fileSystemId,
      PosixUser: posixUser && pascal(posixUser),
      RootDirectory: rootDirectory && pascal(rootDirectory),
      Tags: tagList(r.tags),
    });
    return {
      id: made.AccessPointId!,
      outputs: {
        arn: made.AccessPointArn,
        fileSystemArn: r.arn("elasticfilesystem", `file-system/${fileSystemId}`),
      },
    };
  },

  FileSystemPolicy: async (r) => {
    const efs = await r.use("efs");
    const { fileSystemId, policy } = r.inputs;
    await efs.putFileSystemPolicy({ FileSystemId: fileSystemId, Policy: documentText(policy) });
    return { id: fileSystemId };
  },
};
