import { S3Client } from "@aws-sdk/client-s3";
import { ChangeMessageVisibilityCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fromEnvironment } from "../../functions/shared/environment";
import type { MoverEnvironment } from "../../functions/uploads/environment";
import { failingLine } from "../../functions/uploads/failing";
import { Message, moveSensitive, TRIES } from "../../functions/uploads/move-sensitive";
import { s3Store } from "../../functions/uploads/s3-store";
import { fill } from "../shared/options";
import { InputsOf, Lambda } from "../shared/lambda";
import { allow, allowKey, policyDocument, Statement } from "../shared/permissions";
import { MoverArgs, moverOptions } from "./args";
import { NAMESPACE } from "./metrics";

const PARALLEL_PARTS = 128;
const MOST_DAYS_SECONDS = 14 * 24 * 3600;

/**
 * Moves objects tagged sensitive from the normal bucket to the sensitive one, as soon as S3 reports that they were created or tagged.
 * Costs about 0.4 USD a million objects and nothing at rest. An object that cannot be moved stays where it is, and its
 * event waits in the dead-letter queue, which raises an alarm.
 */
export class Mover extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  readonly queueUrl: pulumi.Output<string>;
  readonly deadLetterUrl: pulumi.Output<string>;
  readonly deadLetterArn: pulumi.Output<string>;
  /** The bucket's event notification, for resources that must come after it. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: MoverArgs, opts?: pulumi.ComponentResourceOptions) {
    const { concurrency, timeoutSeconds, retrySeconds, logRetentionDays } = fill(
      "Mover",
      name,
      moverOptions,
      args,
    );
    super("groundwork:index:Mover", name, {}, opts);
    const parent = { parent: this };

    const deadLetters = queue(`${name}-dead-letters`, {}, parent);
    const events = queue(
      `${name}-events`,
      {
        // A message must stay hidden for as long as the function may work on it.
        visibilityTimeoutSeconds: timeoutSeconds + 60,
        redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: TRIES }),
      },
      parent,
    );
    new aws.sqs.RedriveAllowPolicy(
      name,
      {
        queueUrl: deadLetters.id,
        redriveAllowPolicy: pulumi.jsonStringify({
          redrivePermission: "byQueue",
          sourceQueueArns: [events.arn],
        }),
      },
      parent,
    );
    const lambda = new Lambda(
      name,
      {
        callback: move,
        environment: {
          SOURCE_BUCKET: args.normal.bucketName,
          TARGET_BUCKET: args.sensitive.bucketName,
          KMS_KEY_ARN: args.kmsKeyArn,
          QUEUE_URL: events.url,
          RETRY_SECONDS: String(retrySeconds),
          PARALLEL_PARTS: String(PARALLEL_PARTS),
          METRICS_NAMESPACE: NAMESPACE,
        } satisfies InputsOf<MoverEnvironment>,
        permissions: [...moverPermissions(args), queuePermission(events.arn)],
        timeoutSeconds,
        memoryMiB: 512,
        logRetentionDays,
      },
      parent,
    );
    this.ready = [notify(name, args, events, parent)];
    new aws.lambda.EventSourceMapping(
      name,
      {
        eventSourceArn: events.arn,
        functionName: lambda.functionArn,
        batchSize: 10,
        functionResponseTypes: ["ReportBatchItemFailures"],
        // No other limit is needed, since only the queue calls the function. A new account could not reserve concurrency anyway,
        // because its whole limit of ten must stay unreserved.
        scalingConfig: { maximumConcurrency: concurrency },
      },
      { ...parent, dependsOn: [lambda] }, // including its role's permissions, which AWS checks with IAM
    );

    this.functionName = lambda.functionName;
    this.logGroupName = lambda.logGroupName;
    this.roleArn = lambda.roleArn;
    this.queueUrl = events.url;
    this.deadLetterUrl = deadLetters.url;
    this.deadLetterArn = deadLetters.arn;
    this.registerOutputs({
      roleArn: this.roleArn,
      queueUrl: this.queueUrl,
      deadLetterUrl: this.deadLetterUrl,
      deadLetterArn: this.deadLetterArn,
    });
  }
}

/** The clients, reused across calls with their connections: a TLS handshake costs more than a small copy. */
type Kept = { mover?: { s3: S3Client; sqs: SQSClient } };

/** The part of the function that touches AWS. The decisions are in functions/. */
const move = async (event: { Records: Message[] }) => {
  const given = fromEnvironment<MoverEnvironment>;
  const parallelParts = Number(given("PARALLEL_PARTS"));
  const sockets = { maxSockets: parallelParts };
  const kept = globalThis as Kept;
  kept.mover ??= {
    s3: new S3Client({ maxAttempts: 5, requestHandler: { httpsAgent: sockets, httpAgent: sockets } }),
    sqs: new SQSClient({}),
  };
  const { s3, sqs } = kept.mover;
  const store = s3Store(s3, {
    source: given("SOURCE_BUCKET"),
    target: given("TARGET_BUCKET"),
    kmsKeyArn: given("KMS_KEY_ARN"),
    parallelParts,
  });
  return moveSensitive(
    event,
    {
      store,
      retryLater: async ({ receiptHandle }, seconds) => {
        await sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: given("QUEUE_URL"),
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: seconds,
          }),
        );
      },
      log: (entry) => console.log(JSON.stringify(entry)),
      // Straight to stdout: the JSON log format would wrap the line, and CloudWatch would find no metric in it.
      failing: (seconds) =>
        void process.stdout.write(
          `${failingLine(given("METRICS_NAMESPACE"), process.env.AWS_LAMBDA_FUNCTION_NAME!, seconds, Date.now())}\n`,
        ),
      now: Date.now,
    },
    {
      sourceBucket: given("SOURCE_BUCKET"),
      targetBucket: given("TARGET_BUCKET"),
      retrySeconds: Number(given("RETRY_SECONDS")),
    },
  );
};

function queue(name: string, more: aws.sqs.QueueArgs, parent: pulumi.CustomResourceOptions): aws.sqs.Queue {
  return new aws.sqs.Queue(
    name,
    { sqsManagedSseEnabled: true, messageRetentionSeconds: MOST_DAYS_SECONDS, ...more },
    parent,
  );
}

/**
 * On the sensitive bucket: only list, put and mark as deleted. The mover can neither read back nor destroy what it moved.
 * On the normal bucket: list, get and delete, always by version, because it moves and deletes all versions of a key.
 */
function moverPermissions({ normal, sensitive, kmsKeyArn }: MoverArgs): Statement[] {
  return [
    // Without it, S3 gives the same answer for a deleted version as for a forbidden one.
    allow(["s3:ListBucket"], normal.bucketArn),
    allow(["s3:ListBucketVersions"], [normal.bucketArn, sensitive.bucketArn]),
    allow(
      [
        "s3:GetObjectVersion",
        "s3:GetObjectVersionAttributes", // for the parts that make up a checksum
        "s3:GetObjectVersionTagging",
        "s3:DeleteObjectVersion",
      ],
      pulumi.interpolate`${normal.bucketArn}/*`,
    ),
    // A put includes both: the copy's tags, and the clean-up of a multipart copy that failed.
    allow(
      [
        "s3:PutObject",
        "s3:PutObjectTagging",
        "s3:AbortMultipartUpload",
        "s3:DeleteObject", // only marks: an object that was deleted before its move must not reappear
      ],
      pulumi.interpolate`${sensitive.bucketArn}/*`,
    ),
    // S3 decrypts the parts of a copy when it assembles them.
    allowKey(["kms:GenerateDataKey", "kms:Decrypt"], kmsKeyArn, ["s3"]),
  ];
}

const queuePermission = (queueArn: pulumi.Input<string>) =>
  allow(
    [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ChangeMessageVisibility", // sets when a failed message is retried
    ],
    queueArn,
  );

/** Sends the normal bucket's events to the queue. The sensitive bucket has none, so a move never causes another one. */
function notify(
  name: string,
  args: MoverArgs,
  events: aws.sqs.Queue,
  parent: pulumi.CustomResourceOptions,
): aws.s3.BucketNotification {
  const policy = new aws.sqs.QueuePolicy(
    name,
    {
      queueUrl: events.id,
      policy: policyDocument([
        {
          Effect: "Allow",
          Action: "sqs:SendMessage",
          Principal: { Service: "s3.amazonaws.com" },
          Resource: events.arn,
          Condition: { ArnEquals: { "aws:SourceArn": args.normal.bucketArn } },
        },
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Action: "sqs:*",
          Principal: "*", // * because a refusal must hold for everyone
          Resource: events.arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]),
    },
    parent,
  );
  // S3 first sends a test message, and refuses the configuration if it may not.
  return new aws.s3.BucketNotification(
    name,
    {
      bucket: args.normal.bucketName,
      eventbridge: args.eventBridge ?? false,
      queues: [
        { id: "arrived", queueArn: events.arn, events: ["s3:ObjectCreated:*", "s3:ObjectTagging:Put"] },
      ],
    },
    { ...parent, dependsOn: [policy, ...(args.normal.ready ?? [])] },
  );
}
