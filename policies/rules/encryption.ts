import type { Declared } from "../declared";
import { each, list, Rules } from "./rule";

type Inputs = Declared["inputs"];

const disks = (inputs: Inputs) => list(inputs.blockDeviceMappings).map((mapping) => mapping.ebs?.encrypted);
const yes = (value: unknown) => String(value) === "true";

/** What stores data, and how to tell that it is encrypted. Not listed: what AWS always encrypts (DynamoDB, secrets, logs). */
const ENCRYPTED: Record<string, (inputs: Inputs) => boolean> = {
  "aws:ec2/launchTemplate:LaunchTemplate": (i) => disks(i).length > 0 && disks(i).every(yes),
  "aws:ec2/instance:Instance": (i) =>
    yes(i.rootBlockDevice?.encrypted) && list(i.ebsBlockDevices).every((disk) => yes(disk.encrypted)),
  "aws:ebs/volume:Volume": (i) => yes(i.encrypted),
  "aws:efs/fileSystem:FileSystem": (i) => yes(i.encrypted),
  "aws:rds/instance:Instance": (i) => yes(i.storageEncrypted) || i.clusterIdentifier !== undefined,
  "aws:rds/cluster:Cluster": (i) => yes(i.storageEncrypted),
  "aws:elasticache/replicationGroup:ReplicationGroup": (i) =>
    yes(i.atRestEncryptionEnabled) && yes(i.transitEncryptionEnabled),
  "aws:sqs/queue:Queue": (i) => yes(i.sqsManagedSseEnabled) || i.kmsMasterKeyId !== undefined,
  "aws:sns/topic:Topic": (i) => i.kmsMasterKeyId !== undefined,
  "aws:cloudtrail/trail:Trail": (i) => i.kmsKeyId !== undefined,
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (i) =>
    yes(i.serverSideEncryption?.enabled) || i.kinesisSourceConfiguration !== undefined,
};

/** Everything is encrypted at rest and in transit. */
export const encryptionRules: Rules = {
  "encrypts whatever holds data": each(
    Object.keys(ENCRYPTED),
    ({ type, inputs }) => !ENCRYPTED[type]!(inputs) && "is not encrypted",
  ),

  "rotates each KMS key automatically": each(
    ["aws:kms/key:Key"],
    ({ inputs }) =>
      (inputs.keyUsage ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT" &&
      (inputs.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT" &&
      inputs.enableKeyRotation !== true &&
      "never rotates its key material",
  ),
};
