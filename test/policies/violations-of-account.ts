import * as aws from "@pulumi/aws";
import type { Violation } from "./violation";

/** Of the rules about what a stack shares with its account: neighbours, backups, AWS's own agents. */
export const ACCOUNT_VIOLATIONS: Record<string, Violation> = {
  "narrows each wildcard to the stack's own resources": {
    program: () =>
      new aws.iam.RolePolicy("bad", {
        role: "bad",
        policy: JSON.stringify({
          Statement: [
            {
              Effect: "Allow",
              Action: "dynamodb:PutItem",
              Resource: "arn:aws:dynamodb:eu-west-1:123456789012:table/releases-*",
            },
          ],
        }),
      }),
    problems: [
      "aws:iam/rolePolicy:RolePolicy bad lets dynamodb:PutItem reach a neighbour's arn:aws:dynamodb:eu-west-1:123456789012:table/releases-*",
    ],
  },
  "declares only once what an account can have only once": {
    program: () => {
      for (const name of ["one", "two"]) new aws.apigateway.Account(name, {});
    },
    problems: [
      "aws:apigateway/account:Account two is the second one in the account (https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateAccount.html)",
    ],
  },
  "starts no backup of an RDS database in its windows or the hour before": {
    program: () => {
      new aws.backup.Plan("bad", {
        rules: [
          { ruleName: "daily", targetVaultName: "vault", schedule: "cron(0 3 * * ? *)", startWindow: 60 },
        ],
      });
      new aws.rds.Instance("bad", {
        instanceClass: "db.t4g.micro",
        engine: "postgres",
        backupWindow: "04:00-04:30",
        maintenanceWindow: "sun:06:00-sun:06:30",
      });
    },
    problems: [
      "aws:rds/instance:Instance bad has its backupWindow 04:00-04:30, which conflicts with the backup daily (https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html)",
    ],
  },
  "lets CloudTrail assume its role without a condition": {
    program: () =>
      new aws.iam.Role("bad", {
        assumeRolePolicy: JSON.stringify({
          Statement: [
            {
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Principal: { Service: "cloudtrail.amazonaws.com" },
              Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
            },
          ],
        }),
      }),
    problems: [
      "aws:iam/role:Role bad has a condition that CloudTrail does not meet (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html)",
    ],
  },
  "gives CloudWatch Logs all that it needs of a key, or nothing": {
    program: () =>
      new aws.kms.Key("bad", {
        policy: JSON.stringify({
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "logs.eu-west-1.amazonaws.com" },
              Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
              Resource: "*",
            },
          ],
        }),
      }),
    problems: [
      "aws:kms/key:Key bad does not allow CloudWatch Logs DescribeKey (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html)",
    ],
  },
};
