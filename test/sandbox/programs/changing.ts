import * as fs from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A program that is edited between its runs: a file says which state of it is run. */
const state = fs.readFileSync(process.env["CHANGING"]!, "utf8").trim();
const now = (before: string | number, after: string | number) => (state === "first" ? before : after);

function declared() {
  const services = ["lambda.amazonaws.com", "states.amazonaws.com"];
  const role = new aws.iam.Role("changing", {
    assumeRolePolicy: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: services }, Action: "sts:AssumeRole" }],
    },
    inlinePolicies: [
      {
        name: String(now("before", "after")),
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }],
        }),
      },
    ],
  });
  const code = (text: string | number) =>
    new pulumi.asset.AssetArchive({
      "index.js": new pulumi.asset.StringAsset(
        `exports.handler = async () => ({ says: ${JSON.stringify(text)}, told: process.env.TOLD });`,
      ),
    });
  const shared = { handler: "index.handler", runtime: "nodejs22.x", role: role.arn };
  const speaker = new aws.lambda.Function("speaker", {
    ...shared,
    code: code(now("one", "two")),
    environment: { variables: { TOLD: String(now("early", "late")) } },
  });
  new aws.lambda.Function("untouched", { ...shared, code: code("always") });
  new aws.lambda.Permission("speaker", {
    function: speaker.name,
    action: "lambda:InvokeFunction",
    principal: String(now("events.amazonaws.com", "s3.amazonaws.com")),
  });
  new aws.cloudwatch.LogGroup("changing", { retentionInDays: Number(now(7, 14)) });
  const topic = new aws.sns.Topic("changing", { displayName: String(now("Before", "After")) });
  new aws.cloudwatch.MetricAlarm("changing", {
    comparisonOperator: "GreaterThanThreshold",
    evaluationPeriods: 1,
    metricName: "Errors",
    namespace: "AWS/Lambda",
    period: 60,
    statistic: "Sum",
    threshold: Number(now(1, 2)),
    alarmActions: [topic.arn],
  });
  const queue = new aws.sqs.Queue("changing", { visibilityTimeoutSeconds: Number(now(30, 45)) });
  new aws.ssm.Parameter("changing", { type: "String", value: String(now("a", "b")) });
  const bucket = new aws.s3.Bucket("changing", { forceDestroy: true });
  new aws.s3.BucketObjectv2("changing", { bucket: bucket.id, key: "text", content: String(now("a", "b")) });
  new aws.sfn.StateMachine("changing", {
    roleArn: role.arn,
    definition: JSON.stringify({ StartAt: "Done", States: { Done: { Type: now("Succeed", "Fail") } } }),
  });
  // The provider makes a new table where the key is another one; its function reads the name, and so changes along.
  const table = new aws.dynamodb.Table("changing", {
    attributes: [{ name: String(now("pk", "id")), type: "S" }],
    hashKey: String(now("pk", "id")),
    billingMode: "PAY_PER_REQUEST",
  });
  new aws.lambda.Function("reader", {
    ...shared,
    code: code("read"),
    environment: { variables: { TOLD: table.name } },
  });
  const template = new aws.ec2.LaunchTemplate("changing", {
    imageId: "ami-12c6146b",
    instanceType: String(now("t3.micro", "t3.small")),
  });
  const kept = new aws.s3.Bucket("kept", {}, { protect: true });
  const gone = state === "first" && new aws.sqs.Queue("gone", {});
  const fresh = state !== "first" && new aws.sqs.Queue("fresh", {});
  return {
    ...{ speaker: speaker.name, queue: queue.url, bucket: bucket.id, table: table.name, kept: kept.id },
    ...{
      topic: topic.arn,
      template: template.latestVersion,
      gone: gone && gone.url,
      fresh: fresh && fresh.url,
    },
  };
}

const outputs = state === "unprotected" ? {} : declared();
if (state === "broken") throw new Error("the settings are wrong");
module.exports = outputs;
