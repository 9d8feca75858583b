import { strict as assert } from "node:assert";
import type { FileUploadsArgs } from "../../../components/uploads/args";
import { FileUploads } from "../../../components/uploads/file-uploads";
import { zipOf } from "../../../sandbox/engine/archive";
import { physicalName, run, valueOf } from "../../harness";
import { WEB } from "../around";
import { some } from "../../some";
import { LOGGING, on, onlyIf, rightsIn, statementOn, statementsIn, through } from "../../statements";

const MOVER = `arn:aws:iam::123456789012:role/${physicalName("uploads-mover")}`;
const sessions = (name: string) => `arn:aws:sts::123456789012:assumed-role/${name}/*`;

const make = (args: Partial<FileUploadsArgs> = {}) =>
  run(() => {
    const uploads = new FileUploads("uploads", {
      keepData: false,
      parameterPath: "/groundwork/dev",
      web: WEB,
      ...args,
    });
    return { uploads, monitoring: uploads.monitoring() };
  });

const bySid = (policy: string) => Object.fromEntries(statementsIn(policy).map((one) => [one.Sid, one]));

describe("FileUploads", () => {
  it("keeps both buckets private, versioned, logged, and the sensitive one under its own rotating key", async () => {
    const { all, one } = await make();
    for (const name of ["uploads-normal", "uploads-sensitive"]) {
      assert.equal(
        one("s3/bucketVersioning:BucketVersioning", name).inputs.versioningConfiguration.status,
        "Enabled",
      );
      const block = one("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name).inputs;
      assert.deepEqual(
        [block.blockPublicAcls, block.blockPublicPolicy, block.ignorePublicAcls, block.restrictPublicBuckets],
        [true, true, true, true],
      );
      assert.equal(one("s3/bucketLogging:BucketLogging", name).inputs.targetBucket, "uploads-logs-id");
      const policy = bySid(one("s3/bucketPolicy:BucketPolicy", name).inputs.policy);
      assert.deepEqual(policy["TlsOnly"]!.Condition, { Bool: { "aws:SecureTransport": "false" } });
    }
    assert.equal(one("kms/key:Key").inputs.enableKeyRotation, true);
    const encryption = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    assert.deepEqual(one(encryption, "uploads-sensitive").inputs.rules, [
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: "arn:aws:kms:eu-west-1:123456789012:key/uploads-sensitive-id",
        },
        bucketKeyEnabled: true,
      },
    ]);
    assert.equal(all("s3/bucket:Bucket").length, 3);
  });

  it("gives access only to the roles that need it", async () => {
    const { one } = await make({ readerArns: ["arn:aws:iam::123456789012:role/auditor"] });
    const admitted = (bucket: string, sid: string) =>
      bySid(one("s3/bucketPolicy:BucketPolicy", bucket).inputs.policy)[sid]!.Condition!.ArnNotEquals![
        "aws:PrincipalArn"
      ];
    const auditor = ["arn:aws:iam::123456789012:role/auditor", sessions("auditor")];
    const mover = [MOVER, sessions(physicalName("uploads-mover"))];
    const web = [WEB.roleArn, sessions("web")];
    assert.deepEqual(admitted("uploads-normal", "ReadersOnly"), [...mover, ...auditor, ...web]);
    assert.deepEqual(admitted("uploads-normal", "SendersOnly"), [...web, ...mover]);
    assert.deepEqual(admitted("uploads-normal", "WritersOnly"), [...mover, ...web]);
    assert.deepEqual(admitted("uploads-sensitive", "ReadersOnly"), auditor);
    assert.deepEqual(admitted("uploads-sensitive", "SendersOnly"), [...web, ...mover]);
    assert.deepEqual(admitted("uploads-sensitive", "WritersOnly"), [...mover, ...web]);
  });

  it("lets nobody read the sensitive bucket by default", async () => {
    const { one } = await make();
    const { ReadersOnly } = bySid(one("s3/bucketPolicy:BucketPolicy", "uploads-sensitive").inputs.policy);
    assert.deepEqual([ReadersOnly!.Effect, ReadersOnly!.Condition], ["Deny", undefined]);
  });

  it("refuses puts into the sensitive bucket that name another encryption or key", async () => {
    const { one } = await make();
    const policy = bySid(one("s3/bucketPolicy:BucketPolicy", "uploads-sensitive").inputs.policy);
    const header = "s3:x-amz-server-side-encryption";
    assert.deepEqual(policy["KmsOnly"]!.Condition, {
      StringNotEquals: { [header]: "aws:kms" },
      Null: { [header]: "false" },
    });
    const key = "arn:aws:kms:eu-west-1:123456789012:key/uploads-sensitive-id";
    assert.deepEqual(policy["ThisKeyOnly"]!.Condition, {
      StringNotEquals: { [`${header}-aws-kms-key-id`]: key },
      Null: { [`${header}-aws-kms-key-id`]: "false" },
    });
  });

  it("gives the mover only the actions that it needs on each bucket", async () => {
    const { one } = await make();
    const [normal, sensitive] = [
      `arn:aws:s3:::${physicalName("uploads-normal")}`,
      `arn:aws:s3:::${physicalName("uploads-sensitive")}`,
    ];
    const { policy } = one("iam/rolePolicy:RolePolicy", "uploads-mover").inputs;
    assert.deepEqual(rightsIn(policy, LOGGING), {
      ...on([normal], "s3:ListBucket"),
      ...on([normal, sensitive], "s3:ListBucketVersions"),
      ...on(
        [`${normal}/*`],
        "s3:GetObjectVersion",
        "s3:GetObjectVersionAttributes",
        "s3:GetObjectVersionTagging",
        "s3:DeleteObjectVersion",
      ),
      ...on(
        [`${sensitive}/*`],
        "s3:PutObject",
        "s3:PutObjectTagging",
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
      ),
      ...on(
        [through("s3", "arn:aws:kms:eu-west-1:123456789012:key/uploads-sensitive-id")],
        "kms:GenerateDataKey",
        "kms:Decrypt",
      ),
      ...on(
        [`arn:aws:sqs:eu-west-1:123456789012:${physicalName("uploads-mover-events")}`],
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ChangeMessageVisibility",
      ),
    });
  });

  it("lets the web app list and put, but open and mark only in the normal bucket", async () => {
    const { one } = await make();
    const { inputs } = one("iam/rolePolicy:RolePolicy", "uploads-web");
    assert.equal(inputs.role, "web");
    assert.deepEqual(Object.keys(rightsIn(inputs.policy)).sort(), [
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "s3:AbortMultipartUpload",
      "s3:DeleteObject",
      "s3:GetObject",
      "s3:GetObjectTagging",
      "s3:ListBucket",
      "s3:PutObject",
      "s3:PutObjectTagging",
      "ssm:GetParameters",
    ]);
    const rights = rightsIn(inputs.policy);
    const files = `arn:aws:s3:::${physicalName("uploads-normal")}/uploads/*`;
    for (const action of ["s3:GetObject", "s3:GetObjectTagging"])
      assert.deepEqual(rights[action], [files], action);
    assert.deepEqual(rights["s3:PutObjectTagging"], [
      onlyIf(files, {
        StringEquals: { "s3:RequestObjectTag/sensitive": "yes" },
        "ForAllValues:StringEquals": {
          "s3:RequestObjectTagKeys": ["sensitive", "GuardDutyMalwareScanStatus"],
        },
      }),
    ]);
    assert.deepEqual(statementOn(inputs.policy, "s3:ListBucket").Condition, {
      StringLike: { "s3:prefix": "uploads/*" },
    });
  });

  it("queues what arrives and what is tagged, and alarms on what cannot be moved", async () => {
    const { one, all, outputs } = await make();
    assert.deepEqual(
      all("s3/bucketNotification:BucketNotification").map(({ inputs }) => inputs.bucket),
      ["uploads-normal-id"],
    );
    const { queues } = one("s3/bucketNotification:BucketNotification").inputs;
    assert.deepEqual(queues.flatMap(({ events }: { events: string[] }) => events).sort(), [
      "s3:ObjectCreated:*",
      "s3:ObjectTagging:Put",
    ]);
    const redrive = JSON.parse(one("sqs/queue:Queue", "uploads-mover-events").inputs.redrivePolicy);
    assert.deepEqual(redrive, {
      deadLetterTargetArn: `arn:aws:sqs:eu-west-1:123456789012:${physicalName("uploads-mover-dead-letters")}`,
      maxReceiveCount: 8,
    });
    const alarms = Object.assign({}, ...outputs.monitoring.map((each) => each.alarms));
    const alarm = alarms["uploads-dead-letters"];
    assert.equal(await valueOf(alarm.dimensions.QueueName), physicalName("uploads-mover-dead-letters"));
    const mapping = one("lambda/eventSourceMapping:EventSourceMapping").inputs;
    assert.deepEqual(mapping.functionResponseTypes, ["ReportBatchItemFailures"]);
    assert.equal(mapping.scalingConfig.maximumConcurrency, 10);
    // A new account's ten must stay unreserved: there the whole `up` would fail.
    assert.equal(one("lambda/function:Function").inputs.reservedConcurrentExecutions, undefined);
  });

  it("ships the mover's own code in less than 10 kB", async () => {
    const { one } = await make();
    const zip = await zipOf(one("lambda/function:Function").inputs.code);
    assert.ok(zip.length < 10_000, `${zip.length} bytes`);
  });

  it("lets GuardDuty scan both buckets, and refuses reads until a file is found clean, when told to", async () => {
    const { all, one } = await make({ malwareScan: true });
    assert.deepEqual(
      all("guardduty/malwareProtectionPlan:MalwareProtectionPlan")
        .map(({ name }) => name)
        .sort(),
      ["uploads-normal", "uploads-sensitive"],
    );
    for (const { inputs } of some(all("s3/bucketNotification:BucketNotification")))
      assert.equal(inputs.eventbridge, true);
    const { CleanOnly } = bySid(one("s3/bucketPolicy:BucketPolicy", "uploads-sensitive").inputs.policy);
    assert.deepEqual(CleanOnly!.Condition!.StringNotEquals, {
      "s3:ExistingObjectTag/GuardDutyMalwareScanStatus": "NO_THREATS_FOUND",
    });
  });

  it("keeps buckets and key from being destroyed with keepData", async () => {
    const { all } = await make({ keepData: true });
    const kept = [...all("s3/bucket:Bucket"), ...all("kms/key:Key")].map(({ name, protect }) => [
      name,
      protect,
    ]);
    assert.deepEqual(kept.sort(), [
      ["uploads-logs", true],
      ["uploads-normal", true],
      ["uploads-sensitive", true],
      ["uploads-sensitive", true],
    ]);
  });

  it("refuses every wrong argument in one error", async () => {
    await assert.rejects(
      make({ parameterPath: "dev", maxUploadMiB: 6_000, contentTypes: ["pdf"], moverConcurrency: 1 }),
      {
        message:
          'FileUploads "uploads": maxUploadMiB must be a whole number from 1 to 5120, got 6000; ' +
          'contentTypes.0 must be a type such as image/png, got "pdf"; ' +
          "moverConcurrency must be a whole number from 2 to 1000, got 1; " +
          'parameterPath must be a path such as /groundwork/dev, got "dev"',
      },
    );
  });
});
