import * as pulumi from "@pulumi/pulumi";
import { here, Here } from "../shared/here";
import { ofThisStack, ownPrefix } from "../shared/owner";
import { allow, allowKey, KeyUser, Statement } from "../shared/permissions";

// AWS's own policies for AWS Backup also start machines, pass any role and run commands on every server. These are their parts
// for file systems, RDS and DynamoDB, which this stack backs up. To back up another kind of resource, add that kind's part.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForRestores.html

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

interface BackedUp {
  vaultArn: pulumi.Input<string>;
  resourceArns: pulumi.Input<string>[];
}

export function backupPermissions(
  { vaultArn, resourceArns }: BackedUp,
  opts: { parent: pulumi.Resource },
): pulumi.Output<Statement[]> {
  const { arn } = here(opts);
  return pulumi.output(resourceArns).apply((all) => {
    const kind = (pattern: RegExp) => all.filter((one) => pattern.test(one));
    const [files, tables, databases, clusters] = [
      kind(/^arn:[^:]+:elasticfilesystem:/),
      kind(/^arn:[^:]+:dynamodb:/),
      kind(/^arn:[^:]+:rds:[^:]*:[^:]*:db:/),
      kind(/^arn:[^:]+:rds:[^:]*:[^:]*:cluster:/),
    ];
    return [
      allow(["tag:GetResources"], "*"), // * because the tagging API has no resource-level permission
      allow(["backup:DescribeBackupVault", "backup:CopyIntoBackupVault"], vaultArn),
      allow(["backup:TagResource"], arn("backup", "recovery-point:*")),
      ...some(files, (arns) => [allow(["elasticfilesystem:Backup", "elasticfilesystem:DescribeTags"], arns)]),
      ...some(tables, tableBackups),
      ...some(databases, (arns) => rdsBackups("DBInstance", "DB", arns, arn("rds", "snapshot:awsbackup:*"))),
      ...some(clusters, (arns) =>
        rdsBackups("DBCluster", "DBCluster", arns, arn("rds", "cluster-snapshot:awsbackup:*")),
      ),
      ...keyPermissions(arn, ["kms:Decrypt", "kms:GenerateDataKey"], ["dynamodb"]),
    ];
  });
}

const some = (arns: string[], statements: (arns: string[]) => Statement[]) =>
  arns.length > 0 ? statements(arns) : [];

const tableBackups = (arns: string[]): Statement[] => [
  allow(
    [
      "dynamodb:DescribeTable",
      "dynamodb:CreateBackup",
      "dynamodb:StartAwsBackupJob",
      "dynamodb:ListTagsOfResource",
    ],
    arns,
  ),
  allow(
    ["dynamodb:DescribeBackup", "dynamodb:DeleteBackup"],
    arns.map((table) => `${table}/backup/*`),
  ),
];

/** Instances and clusters have different calls. AWS Backup names their snapshots after the job. */
const rdsBackups = (
  what: "DBInstance" | "DBCluster",
  snapshot: "DB" | "DBCluster",
  arns: string[],
  snapshots: pulumi.Output<string>,
): Statement[] => [
  allow(
    [
      `rds:Describe${what}s`,
      `rds:Describe${snapshot}Snapshots`,
      `rds:Create${snapshot}Snapshot`,
      "rds:AddTagsToResource",
      "rds:ListTagsForResource",
    ],
    [...arns, snapshots],
  ),
  allow([`rds:Delete${snapshot}Snapshot`], snapshots),
];

/**
 * A restored resource is new, and its name must begin with the stack's, so a restore never writes into a neighbour's data. Nothing
 * here deletes either: if a restore fails half-way, a person deletes what it left.
 */
export function restorePermissions(opts: { parent: pulumi.Resource }): Statement[] {
  const { arn } = here(opts);
  const restored = `${ownPrefix()}*`;
  const tables = arn("dynamodb", `table/${restored}`);
  return [
    allow(["elasticfilesystem:CreateFileSystem"], "*"), // * because a file system that does not exist yet has no ARN
    allow(
      ["elasticfilesystem:Restore", "elasticfilesystem:DescribeFileSystems", "elasticfilesystem:TagResource"],
      arn("elasticfilesystem", "file-system/*"),
    ),
    allow(
      [...TABLE_DATA.map((action) => `dynamodb:${action}`), "dynamodb:RestoreTableFromAwsBackup"],
      tables,
    ),
    allow(["dynamodb:RestoreTableFromBackup"], [tables, arn("dynamodb", "table/*/backup/*")]),
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
      [
        arn("rds", `db:${restored}`),
        arn("rds", `cluster:${restored}`),
        // What a restore reads or is placed in, without changing it.
        arn("rds", "snapshot:awsbackup:*"),
        arn("rds", "cluster-snapshot:awsbackup:*"),
        ...["og", "pg", "cluster-pg", "subgrp"].map((kind) => arn("rds", `${kind}:*`)),
      ],
    ),
    ...keyPermissions(
      arn,
      ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptTo", "kms:ReEncryptFrom"],
      ["dynamodb", "elasticfilesystem", "rds"],
    ),
  ];
}

/** The keys belong to the areas whose data is backed up. Services use them in the name of this role. */
function keyPermissions(arn: Here["arn"], actions: string[], services: KeyUser[]): Statement[] {
  const keys = arn("kms", "key/*");
  const ours = ofThisStack();
  return [
    allowKey(actions, keys, services, ours),
    allow(["kms:DescribeKey"], keys, ours),
    allow(["kms:CreateGrant"], keys, { ...ours, Bool: { "kms:GrantIsForAWSResource": "true" } }),
  ];
}
