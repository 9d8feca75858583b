import { arn, RoleCases, stream } from "./case";

const copies = "arn:aws:s3:::log-export-1234567";
const deliveryStream = arn("firehose", "deliverystream/log-export-1234567");
const trail = { "aws:SourceArn": arn("cloudtrail", "trail/audit-1234567") };
const trailStream = arn("logs", "log-group:audit-1234567:log-stream:123456789012_CloudTrail_eu-west-1");

export const operationsCases: RoleCases = {
  audit: {
    takenBy: ["cloudtrail.amazonaws.com"],
    may: [
      ["logs:CreateLogStream", trailStream, trail],
      ["logs:PutLogEvents", trailStream, trail],
    ],
    mayNot: [
      ["logs:PutLogEvents", stream("audit")],
      ["logs:PutLogEvents", stream("web")],
    ],
  },
  "log-export-delivery": {
    takenBy: ["firehose.amazonaws.com"],
    may: [
      ["s3:GetBucketLocation", copies],
      ["s3:ListBucket", copies],
      ["s3:ListBucketMultipartUploads", copies],
      ["s3:PutObject", `${copies}/any`],
      ["s3:GetObject", `${copies}/any`],
      ["s3:AbortMultipartUpload", `${copies}/any`],
      ["kms:GenerateDataKey", arn("kms", "key/log-export-id")],
      ["kms:Decrypt", arn("kms", "key/log-export-id")],
      ["logs:PutLogEvents", stream("log-export-delivery")],
    ],
    mayNot: [
      ["s3:DeleteObject", `${copies}/any`],
      ["kms:Decrypt", arn("kms", "key/audit-id")],
      ["s3:GetObject", "arn:aws:s3:::audit-1234567/any"],
      ["logs:PutLogEvents", stream("web")],
      ["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:any")],
    ],
  },
  "log-export-sender": {
    takenBy: ["logs.amazonaws.com"],
    may: [
      ["firehose:PutRecord", deliveryStream],
      ["firehose:PutRecordBatch", deliveryStream],
    ],
    mayNot: [
      ["firehose:PutRecord", arn("firehose", "deliverystream/other")],
      ["firehose:DeleteDeliveryStream", deliveryStream],
    ],
  },
  "backups-backups": {
    takenBy: ["backup.amazonaws.com"],
    may: [
      ["backup:CopyIntoBackupVault", arn("backup", "backup-vault:backups-1234567")],
      ["dynamodb:StartAwsBackupJob", arn("dynamodb", "table/provisioner-1234567")],
      ["rds:CreateDBSnapshot", arn("rds", "db:database")],
    ],
    mayNot: [
      ["dynamodb:StartAwsBackupJob", arn("dynamodb", "table/other-1234567")],
      ["rds:CreateDBSnapshot", arn("rds", "db:other")],
      ["kms:Decrypt", arn("kms", "key/1"), { "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com" }],
    ],
    wider:
      "it uses whatever key of the stack its data has; its conditions hold it to the services that keep data",
  },
  "backups-restores": {
    takenBy: ["backup.amazonaws.com"],
    may: [["dynamodb:PutItem", arn("dynamodb", "table/prod-restored")]],
    mayNot: [
      ["dynamodb:PutItem", arn("dynamodb", "table/provisioner-1234567")],
      ["rds:RestoreDBInstanceFromDBSnapshot", arn("rds", "db:database")],
    ],
    wider:
      "it uses whatever key of the stack its data has; its conditions hold it to the services that keep data",
  },
};
