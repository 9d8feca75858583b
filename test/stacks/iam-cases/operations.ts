import { physicalName } from "../../harness";
import { arn, RoleCases, stream, under } from "./case";

const copies = `arn:aws:s3:::${physicalName("log-export")}`;
const deliveryStream = arn("firehose", `deliverystream/${physicalName("log-export")}`);
const trail = { "aws:SourceArn": arn("cloudtrail", `trail/${physicalName("audit")}`) };
const trailStream = arn(
  "logs",
  `log-group:${physicalName("audit")}:log-stream:123456789012_CloudTrail_eu-west-1`,
);

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
      ...under(arn("kms", "key/log-export-id"), "s3", "kms:GenerateDataKey", "kms:Decrypt"),
      ["logs:PutLogEvents", stream("log-export-delivery")],
    ],
    mayNot: [
      ["s3:DeleteObject", `${copies}/any`],
      ...under(arn("kms", "key/audit-id"), "s3", "kms:Decrypt"),
      ["s3:GetObject", `arn:aws:s3:::${physicalName("audit")}/any`],
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
      ["backup:CopyIntoBackupVault", arn("backup", `backup-vault:${physicalName("backups")}`)],
      ["dynamodb:StartAwsBackupJob", arn("dynamodb", `table/${physicalName("provisioner")}`)],
      ["rds:CreateDBSnapshot", arn("rds", "db:database")],
    ],
    mayNot: [
      ["dynamodb:StartAwsBackupJob", arn("dynamodb", `table/${physicalName("other")}`)],
      ["rds:CreateDBSnapshot", arn("rds", "db:other")],
      ...under(arn("kms", "key/1"), "dynamodb", "kms:Decrypt"),
    ],
    wider:
      "it uses whatever key of the stack its data has; its conditions hold it to the services that keep data",
  },
  "backups-restores": {
    takenBy: ["backup.amazonaws.com"],
    may: [["dynamodb:PutItem", arn("dynamodb", "table/prod-restored")]],
    mayNot: [
      ["dynamodb:PutItem", arn("dynamodb", `table/${physicalName("provisioner")}`)],
      ["rds:RestoreDBInstanceFromDBSnapshot", arn("rds", "db:database")],
    ],
    wider:
      "it uses whatever key of the stack its data has; its conditions hold it to the services that keep data",
  },
};
