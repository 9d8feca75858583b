import * as pulumi from "@pulumi/pulumi";
import { here, Here } from "../shared/here";
import { allow, Statement } from "../shared/permissions";

// AWS's own policies for AWS Backup also start machines, pass any role and run commands on every server. These are their parts
// about file systems, RDS and DynamoDB; a later backup of another kind needs that kind's part.

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

export function backupPermissions(
  vaultArn: pulumi.Input<string>,
  opts: { parent: pulumi.Resource },
): Statement[] {
  const { arn } = here(opts);
  const tables = arn("dynamodb", "table/*");
  const snapshots = arn("rds", "snapshot:awsbackup:*");
  const databases = [arn("rds", "db:*"), snapshots];
  const clusterSnapshots = arn("rds", "cluster-snapshot:awsbackup:*");
  const clusters = [arn("rds", "cluster:*"), clusterSnapshots];
  return [
    allow(["tag:GetResources"], "*"), // * because the tagging API has no resource-level permission
    allow(["backup:DescribeBackupVault", "backup:CopyIntoBackupVault"], vaultArn),
    allow(["backup:TagResource"], arn("backup", "recovery-point:*")),
    allow(
      ["elasticfilesystem:Backup", "elasticfilesystem:DescribeTags"],
      arn("elasticfilesystem", "file-system/*"),
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
    allow(["dynamodb:DescribeBackup", "dynamodb:DeleteBackup"], arn("dynamodb", "table/*/backup/*")),
    allow(["rds:DescribeDBInstances", "rds:DescribeDBSnapshots", "rds:CreateDBSnapshot"], databases),
    allow(
      ["rds:DescribeDBClusters", "rds:DescribeDBClusterSnapshots", "rds:CreateDBClusterSnapshot"],
      clusters,
    ),
    allow(["rds:AddTagsToResource", "rds:ListTagsForResource"], [...databases, ...clusters]),
    allow(["rds:DeleteDBSnapshot"], snapshots),
    allow(["rds:DeleteDBClusterSnapshot"], clusterSnapshots),
    ...keyPermissions(arn, ["kms:Decrypt", "kms:GenerateDataKey"], ["dynamodb"]),
  ];
}

/** Nothing here deletes: what a restore that failed half-way leaves is a person's to delete. */
export function restorePermissions(opts: { parent: pulumi.Resource }): Statement[] {
  const { arn } = here(opts);
  return [
    allow(["elasticfilesystem:CreateFileSystem"], "*"), // * because what is created has no ARN yet
    allow(
      ["elasticfilesystem:Restore", "elasticfilesystem:DescribeFileSystems", "elasticfilesystem:TagResource"],
      arn("elasticfilesystem", "file-system/*"),
    ),
    allow(
      [...TABLE_DATA.map((action) => `dynamodb:${action}`), "dynamodb:RestoreTableFromAwsBackup"],
      arn("dynamodb", "table/*"),
    ),
    allow(
      ["dynamodb:RestoreTableFromBackup"],
      [arn("dynamodb", "table/*"), arn("dynamodb", "table/*/backup/*")],
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
      arn("rds", "*"),
    ),
    ...keyPermissions(
      arn,
      ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptTo", "kms:ReEncryptFrom"],
      ["dynamodb", "elasticfilesystem", "rds"],
    ),
  ];
}

/** The keys of what is backed up are their areas' own: the services use them, in the role's name. */
function keyPermissions(arn: Here["arn"], actions: string[], services: string[]): Statement[] {
  const keys = arn("kms", "key/*");
  return [
    allow(actions, keys, {
      StringLike: { "kms:ViaService": services.map((service) => `${service}.*.amazonaws.com`) },
    }),
    allow(["kms:DescribeKey"], keys),
    allow(["kms:CreateGrant"], keys, { Bool: { "kms:GrantIsForAWSResource": "true" } }),
  ];
}
