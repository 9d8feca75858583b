import { physicalName } from "../../harness";
import { arn, Request, RoleCases, stream, under } from "./case";

const table = arn("dynamodb", `table/${physicalName("database")}`);
const key = arn("kms", "key/database-id");
const secret = arn("secretsmanager", `secret:${physicalName("database")}-AbCdEf`);
const rdsSecret = arn("secretsmanager", "secret:rds!db-database-AbCdEf");
const databaseUser = (name: string) => arn("rds-db", `dbuser:db-database/${name}`);
const routes = arn("ec2", "route-table/network-public-id");
const instance = arn("ec2", "instance/i-0123456789abcdef0");
const group = arn("autoscaling", `autoScalingGroup:0123:autoScalingGroupName/${physicalName("database")}`);
const ours = { "aws:ResourceTag/database-lease": physicalName("database") };

/** How the web servers' role signs in to the database of each stack. */
export const databaseClientMayIn: Record<string, Request[]> = {
  dev: [["secretsmanager:GetSecretValue", secret], ...under(key, "secretsmanager", "kms:Decrypt")],
  stag: [["rds-db:connect", databaseUser("web")]],
  prod: [["rds-db:connect", databaseUser("web")]],
};

export const databaseCases: RoleCases = {
  database: {
    takenBy: ["ec2.amazonaws.com"],
    may: [
      ["dynamodb:GetItem", table],
      ["dynamodb:UpdateItem", table],
      ["ec2:CreateRoute", routes],
      ["ec2:ReplaceRoute", routes],
      ["ec2:StopInstances", instance, ours],
      ["secretsmanager:GetSecretValue", secret],
      ["secretsmanager:PutSecretValue", secret],
      [
        "elasticfilesystem:ClientWrite",
        arn("elasticfilesystem", "file-system/fs-0123456789abcdef0"),
        { "elasticfilesystem:AccessPointArn": arn("efs", "accesspoint/database") },
      ],
      ...under(key, "dynamodb", "kms:Decrypt"),
      ...under(key, "secretsmanager", "kms:Decrypt", "kms:GenerateDataKey"),
      ...under(key, "s3", "kms:Decrypt", "kms:GenerateDataKey"),
      ["logs:PutLogEvents", stream("database")],
      [
        "s3:PutObject",
        `arn:aws:s3:::${physicalName("database-backups")}/pgbackrest/archive/database/archive.info`,
      ],
      [
        "s3:DeleteObject",
        `arn:aws:s3:::${physicalName("database-backups")}/pgbackrest/backup/database/latest`,
      ],
      [
        "s3:ListBucket",
        `arn:aws:s3:::${physicalName("database-backups")}`,
        { "s3:prefix": "pgbackrest/archive/database/" },
      ],
      ["cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "Groundwork/Database" }],
    ],
    mayNot: [
      ["s3:PutObject", `arn:aws:s3:::${physicalName("database-backups")}/elsewhere`],
      ["s3:PutObject", `arn:aws:s3:::${physicalName("database-agent")}/agent.cjs`],
      ["s3:ListBucket", `arn:aws:s3:::${physicalName("database-backups")}`, { "s3:prefix": "" }],
      ["cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "AWS/EC2" }],
      ["dynamodb:DeleteItem", table],
      ...under(key, "dynamodb", "kms:GenerateDataKey"),
      ["ec2:StopInstances", instance],
      ["autoscaling:CompleteLifecycleAction", group],
      ["ec2:TerminateInstances", instance, ours],
      ["ec2:ReplaceRoute", arn("ec2", "route-table/network-private-a-id")],
    ],
  },
  "database-failover": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["dynamodb:GetItem", table],
      ["dynamodb:UpdateItem", table],
      ...under(key, "dynamodb", "kms:Decrypt"),
      ["ec2:StopInstances", instance, ours],
      ["autoscaling:CompleteLifecycleAction", group, ours],
      ["ec2:CreateRoute", routes],
      ["ec2:ReplaceRoute", routes],
      ["logs:PutLogEvents", stream("database-failover")],
    ],
    mayNot: [
      ["dynamodb:DeleteItem", table],
      ...under(key, "secretsmanager", "kms:Decrypt"),
      ["ec2:ReplaceRoute", arn("ec2", "route-table/network-private-a-id")],
      ["ec2:StopInstances", instance],
      ["autoscaling:CompleteLifecycleAction", group],
      ["ec2:TerminateInstances", instance, ours],
    ],
  },
  "database-app-user": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["secretsmanager:GetSecretValue", rdsSecret],
      ...under(key, "secretsmanager", "kms:Decrypt"),
      ["rds-db:connect", databaseUser("app")],
      ["ec2:CreateNetworkInterface", arn("ec2", "network-interface/eni-1")],
      ["ec2:DeleteNetworkInterface", arn("ec2", "network-interface/eni-1")],
      ["logs:PutLogEvents", stream("database-app-user")],
    ],
    mayNot: [
      ["secretsmanager:PutSecretValue", rdsSecret],
      ["rds-db:connect", databaseUser("web")],
      ["rds-db:connect", arn("rds-db", "dbuser:db-other/app")],
      ["ec2:DeleteSecurityGroup", arn("ec2", "security-group/sg-1")],
    ],
  },
  "database-monitoring": {
    takenBy: ["monitoring.rds.amazonaws.com"],
    may: [
      // IAM knows a group that is to be made, or kept for a time, by no stream of it.
      ["logs:CreateLogGroup", arn("logs", "log-group:RDSOSMetrics:log-stream:")],
      ["logs:PutRetentionPolicy", arn("logs", "log-group:RDSOSMetrics:log-stream:")],
      ["logs:PutLogEvents", arn("logs", "log-group:RDSOSMetrics:log-stream:any")],
    ],
    mayNot: [["logs:PutLogEvents", stream("web")]],
  },
};
