import { strict as assert } from "node:assert";
import type { AuditTrailArgs } from "../../../components/operations/args";
import { WATCHED } from "../../../components/operations/audit-alarms";
import { AuditTrail } from "../../../components/operations/audit-trail";
import { physicalName, run } from "../../harness";
import { grantsIn, on, onlyIf, rightsIn } from "../../statements";
import { monitored } from "../monitoring-lines";
import { ACCOUNT } from "./fixtures";
import { some } from "../../some";
import { readPattern } from "../../stacks/filter-pattern";

const trail = (args: Partial<AuditTrailArgs> = {}) =>
  run(() => new AuditTrail("audit", { keepData: true, ...args }));
const OURS = `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/audit-*`;

describe("AuditTrail", () => {
  it("records every region, signs its files, and has a log group to search", async () => {
    const { inputs } = (await trail()).one("cloudtrail/trail:Trail");
    assert.deepEqual(inputs, {
      s3BucketName: "audit-id",
      kmsKeyId: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/audit-id`,
      cloudWatchLogsGroupArn: `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:${physicalName("audit")}:*`,
      cloudWatchLogsRoleArn: `arn:aws:iam::${ACCOUNT}:role/${physicalName("audit")}`,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      advancedEventSelectors: [
        {
          name: "Every call that manages something",
          fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }],
        },
      ],
    });
  });

  it("records access to objects when told to, but not to its own files", async () => {
    const { inputs } = (await trail({ objectEvents: true })).one("cloudtrail/trail:Trail");
    interface Selector {
      fieldSelectors: { field: string }[];
    }
    const fields = (inputs.advancedEventSelectors as Selector[]).map(({ fieldSelectors }) =>
      Object.fromEntries(fieldSelectors.map(({ field, ...wanted }) => [field, wanted])),
    );
    assert.deepEqual(
      fields.filter((one) => "resources.type" in one),
      [
        {
          eventCategory: { equals: ["Data"] },
          "resources.type": { equals: ["AWS::S3::Object"] },
          "resources.ARN": { notStartsWiths: [`arn:aws:s3:::${physicalName("audit")}/`] },
        },
      ],
    );
  });

  it("encrypts files and log under one key, which only trail and log may use", async () => {
    const { one } = await trail();
    assert.deepEqual(grantsIn(one("kms/key:Key").inputs.policy), {
      [`arn:aws:iam::${ACCOUNT}:root`]: ["kms:*"],
      "cloudtrail.amazonaws.com": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
      "logs.eu-west-1.amazonaws.com": [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
    });
    assert.equal(
      one("cloudwatch/logGroup:LogGroup").inputs.kmsKeyId,
      `arn:aws:kms:eu-west-1:${ACCOUNT}:key/audit-id`,
    );
  });

  it("lets only this trail write to the bucket, below the account's prefix", async () => {
    const { policy } = (await trail()).one("s3/bucketPolicy:BucketPolicy").inputs;
    const bucket = `arn:aws:s3:::${physicalName("audit")}`;
    const ours = { ArnLike: { "aws:SourceArn": OURS } };
    assert.deepEqual(rightsIn(policy), {
      ...on([onlyIf(bucket, ours)], "s3:GetBucketAcl"),
      ...on([onlyIf(`${bucket}/AWSLogs/${ACCOUNT}/*`, ours)], "s3:PutObject"),
    });
  });

  it("keeps files a year and the log a month unless told otherwise", async () => {
    const kept = async (args: Partial<AuditTrailArgs>) => {
      const { one } = await trail(args);
      const [rule] = one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs.rules;
      return [rule.expiration.days, one("cloudwatch/logGroup:LogGroup").inputs.retentionInDays];
    };
    assert.deepEqual(await kept({}), [365, 30]);
    assert.deepEqual(await kept({ bucketDays: 3_650, logRetentionDays: 7 }), [3_650, 7]);
  });

  it("refuses times out of range in one error", async () => {
    await assert.rejects(trail({ bucketDays: 0, logRetentionDays: 4_000 }), {
      message:
        'AuditTrail "audit": bucketDays must be a whole number from 1 to 36500, got 0; ' +
        "logRetentionDays must be a whole number from 1 to 3653, got 4000",
    });
  });
});

describe("the alarms on the audit trail", () => {
  const watched = async () => {
    const result = await monitored(() => new AuditTrail("audit", { keepData: false }));
    return { ...result, alarms: result.outputs.monitoring.alarms! };
  };

  it("count each event in the trail's log, and fire on each count", async () => {
    const { all, alarms } = await watched();
    const counted = all("cloudwatch/logMetricFilter:LogMetricFilter").map(({ inputs }) => {
      assert.equal(inputs.logGroupName, physicalName("audit"));
      return `${inputs.metricTransformation.namespace} ${inputs.metricTransformation.name}`;
    });
    assert.deepEqual(
      counted,
      Object.values(alarms).map(({ namespace, metricName }) => `${namespace} ${metricName}`),
    );
    assert.equal(counted.length, 15);
  });

  it("use patterns that CloudWatch accepts", () => {
    for (const [key, { pattern }] of some(Object.entries(WATCHED))) {
      assert.doesNotThrow(() => readPattern(pattern), key);
      assert.equal(pattern.length <= 1_024, true, `${key} is longer than a filter may be`);
    }
  });

  it("tolerate a few refusals and mistyped passwords, but nothing else", async () => {
    const { alarms } = await watched();
    const patient = Object.entries(alarms).filter(([, { threshold }]) => threshold > 0);
    assert.deepEqual(
      patient.map(([key, { threshold }]) => [key, threshold]),
      [
        ["audit-unauthorized-calls", 19],
        ["audit-sign-in-failed", 4],
      ],
    );
  });
});
