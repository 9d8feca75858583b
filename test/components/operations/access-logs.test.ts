import { strict as assert } from "node:assert";
import { AccessLogs } from "../../../components/operations/access-logs";
import { PrivateBucket } from "../../../components/shared/private-bucket";
import { physicalName, run } from "../../harness";
import { statementsIn } from "../../statements";
import { ACCOUNT } from "./fixtures";

describe("AccessLogs", () => {
  it("lets only S3 write, for the buckets of this account", async () => {
    const { one } = await run(() => new AccessLogs("access-logs", { keepData: true }));
    assert.deepEqual(statementsIn(one("s3/bucketPolicy:BucketPolicy").inputs.policy, "Allow"), [
      {
        Sid: "AccessLogs",
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: ["s3:PutObject"],
        Resource: [`arn:aws:s3:::${physicalName("access-logs")}/*`],
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      },
    ]);
  });

  it("accepts a bucket's log under its prefix, once S3 may write", async () => {
    const { one } = await run(() => {
      const logs = new AccessLogs("access-logs", { keepData: false });
      return new PrivateBucket("files", { keepData: false, accessLogs: logs });
    });
    const { inputs, dependsOn } = one("s3/bucketLogging:BucketLogging");
    // Until its policy is there, S3 refuses to log into it.
    assert.ok(dependsOn.includes("access-logs"), dependsOn.join());
    assert.deepEqual(inputs, { bucket: "files-id", targetBucket: "access-logs-id", targetPrefix: "files/" });
  });

  it("keeps logs for a quarter of a year by default", async () => {
    const { one } = await run(() => new AccessLogs("access-logs", { keepData: false }));
    const [rule] = one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs.rules;
    assert.deepEqual(rule.expiration, { days: 90 });
  });
});
