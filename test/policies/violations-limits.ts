import * as aws from "@pulumi/aws";
import type { Violation } from "./violation";

/** Of the rules about single values, sizes and counts. */
export const limitViolations: Record<string, Violation> = {
  "gives each parameter a value that AWS accepts": {
    program: () => {
      new aws.iam.RolePolicy("bad", { name: "reads & writes", role: "bad", policy: "{}" });
      new aws.ec2.SecurityGroup("bad", { vpcId: "vpc", description: "A client's block" });
    },
    problems: [
      `aws:ec2/securityGroup:SecurityGroup bad has description "A client's block", where AWS accepts what matches ^[a-zA-Z0-9 ._\\-:/()#,@\\[\\]+=&;{}!$*]*$, not "'" (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html)`,
      'aws:iam/rolePolicy:RolePolicy bad has name "reads & writes", where AWS accepts what matches ^(?:[\\w+=,.@-]+)$, not " " (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html)',
    ],
  },
  "writes no document longer than AWS accepts": {
    program: () => new aws.sqs.QueuePolicy("bad", { queueUrl: "bad", policy: "a".repeat(8_193) }),
    problems: [
      "aws:sqs/queuePolicy:QueuePolicy bad has a policy of 8193 bytes, where AWS accepts 8192 (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html)",
    ],
  },
  "puts no more into one place than AWS allows": {
    program: () => {
      for (const name of ["a", "b", "c", "d", "e", "f"])
        new aws.cloudwatch.EventTarget(name, { rule: "bad", arn: name });
    },
    problems: [
      "bad has 6 of aws:cloudwatch/eventTarget:EventTarget, where AWS allows 5 (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html)",
    ],
  },
  "asks RDS only for what the engine and instance class support": {
    program: () =>
      new aws.rds.Instance("bad", {
        engine: "mysql",
        instanceClass: "db.t4g.micro",
        storageType: "gp3",
        allocatedStorage: 20,
        storageThroughput: 500,
        performanceInsightsEnabled: true,
      }),
    problems: [
      "aws:rds/instance:Instance bad sets the speed of a gp3 disk of 20 GiB, which mysql supports from 400 GiB; asks for Performance Insights of mysql on a db.t4g.micro, which is too small for it",
    ],
  },
  "evaluates alarms over periods that CloudWatch accepts": {
    program: () =>
      new aws.cloudwatch.MetricAlarm("bad", {
        period: 60,
        evaluationPeriods: 2_000,
        comparisonOperator: "GreaterThanThreshold",
      }),
    problems: [
      "aws:cloudwatch/metricAlarm:MetricAlarm bad looks back 120000 seconds, where CloudWatch accepts at most 86400",
    ],
  },
  "gives buckets lifecycle rules that S3 accepts": {
    program: () =>
      new aws.s3.BucketLifecycleConfiguration("bad", {
        bucket: "bad",
        rules: [
          {
            id: "old",
            status: "Enabled",
            transitions: [{ days: 90, storageClass: "GLACIER" }],
            expiration: { days: 30 },
          },
        ],
      }),
    problems: [
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration bad moves objects after 90 days, but deletes them after 30 (rule old)",
    ],
  },
  "keeps a firewall within its capacity": {
    program: () =>
      new aws.wafv2.WebAcl("bad", {
        scope: "REGIONAL",
        defaultAction: { allow: {} },
        visibilityConfig: {
          cloudwatchMetricsEnabled: true,
          metricName: "bad",
          sampledRequestsEnabled: false,
        },
        rules: Array.from({ length: 126 }, (_, priority) => ({
          name: `rule-${priority}`,
          priority,
          action: { block: {} },
          statement: {
            xssMatchStatement: {
              fieldToMatch: { body: {} },
              textTransformations: [{ priority: 0, type: "NONE" }],
            },
          },
          visibilityConfig: {
            cloudwatchMetricsEnabled: true,
            metricName: "bad",
            sampledRequestsEnabled: false,
          },
        })),
      }),
    problems: ["aws:wafv2/webAcl:WebAcl bad needs 5040 units of capacity or more, where a web ACL has 5000"],
  },
};
