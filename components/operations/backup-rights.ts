import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, Statement } from "../shared/permissions";

// AWS's own policies for AWS Backup also start machines, pass any role and run commands on every server. These are their parts
// about file systems, RDS and DynamoDB; a later backup of another kind needs that kind's part.

/** Whatever is there of a kind, in this account and region. */
type Here = (service: string, resource: string) => pulumi.Output<string>;

const TABLE_DATA = [
  "Scan",
  "Query",
  "UpdateItem",
  "PutItem",
  "GetItem",
  "DeleteItem",
  "BatchWriteItem",
  "DescribeTable",
];

export function backupStatements(vaultArn: pulumi.Input<string>, opts: pulumi.InvokeOptions): Statement[] {
  const here = hereOf(opts);
  const tables = here("dynamodb", "table/*");
  const databases = [here("rds", "db:*"), here("rds", "snapshot:awsbackup:*")];
  const clusters = [here("rds", "cluster:*"), here("rds", "cluster-snapshot:awsbackup:*")];
  return [
    allow(["tag:GetResources"], "*"), // * because the tagging API has no resource-level permission
    allow(["backup:DescribeBackupVault", "backup:CopyIntoBackupVault"], vaultArn),
    allow(["backup:TagResource"], here("backup", "recovery-point:*")),
    allow(
      ["elasticfilesystem:Backup", "elasticfilesystem:DescribeTags"],
      here("elasticfilesystem", "file-system/*"),
    ),
    allow(
      [
        "dynamodb:DescribeTable",
        "dynamodb:CreateBackup",
        "dynamodb:StartAwsBackupJob",
        "dynamodb:ListTagsOfResource",
      ],
      tables,
    ),
    allow(["dynamodb:DescribeBackup", "dynamodb:DeleteBackup"], here("dynamodb", "table/*/backup/*")),
    allow(["rds:DescribeDBInstances", "rds:DescribeDBSnapshots", "rds:CreateDBSnapshot"], databases),
    allow(
      ["rds:DescribeDBClusters", "rds:DescribeDBClusterSnapshots", "rds:CreateDBClusterSnapshot"],
      clusters,
    ),
    allow(["rds:AddTagsToResource", "rds:ListTagsForResource"], [...databases, ...clusters]),
    allow(["rds:DeleteDBSnapshot"], databases[1]),
    allow(["rds:DeleteDBClusterSnapshot"], clusters[1]),
    ...keyStatements(here, ["kms:Decrypt", "kms:GenerateDataKey"], ["dynamodb"]),
  ];
}

/** Nothing here deletes: what a restore that failed half-way leaves is a person's to delete. */
export function restoreStatements(opts: pulumi.InvokeOptions): Statement[] {
  const here = hereOf(opts);
  return [
    allow(["elasticfilesystem:CreateFileSystem"], "*"), // * because what is created has no ARN yet
    allow(
      ["elasticfilesystem:Restore", "elasticfilesystem:DescribeFileSystems", "elasticfilesystem:TagResource"],
      here("elasticfilesystem", "file-system/*"),
    ),
    allow(
      [...TABLE_DATA.map((action) => `dynamodb:${action}`), "dynamodb:RestoreTableFromAwsBackup"],
      here("dynamodb", "table/*"),
    ),
    allow(
      ["dynamodb:RestoreTableFromBackup"],
      [here("dynamodb", "table/*"), here("dynamodb", "table/*/backup/*")],
    ),
    allow(
      [
        "rds:DescribeDBInstances",
        "rds:DescribeDBSnapshots",
        "rds:DescribeDBClusters",
        "rds:DescribeDBClusterSnapshots",
        "rds:ListTagsForResource",
        "rds:AddTagsToResource",
        "rds:RestoreDBInstanceFromDBSnapshot",
        "rds:RestoreDBClusterFromSnapshot",
        "rds:CreateDBInstance",
      ],
      here("rds", "*"),
    ),
    ...keyStatements(
      here,
      ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptTo", "kms:ReEncryptFrom"],
      ["dynamodb", "elasticfilesystem", "rds"],
    ),
  ];
}

function hereOf(opts: pulumi.InvokeOptions): Here {
  const account = aws.getCallerIdentityOutput({}, opts).accountId;
  const region = aws.getRegionOutput({}, opts).region;
  return (service, resource) => pulumi.interpolate`arn:aws:${service}:${region}:${account}:${resource}`;
}

/** The keys of what is backed up are their areas' own: the services use them, in the role's name. */
function keyStatements(here: Here, actions: string[], services: string[]): Statement[] {
  const keys = here("kms", "key/*");
  return [
    allow(actions, keys, {
      StringLike: { "kms:ViaService": services.map((service) => `${service}.*.amazonaws.com`) },
    }),
    allow(["kms:DescribeKey"], keys),
    allow(["kms:CreateGrant"], keys, { Bool: { "kms:GrantIsForAWSResource": "true" } }),
  ];
}
