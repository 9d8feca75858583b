import { S3Client } from "@aws-sdk/client-s3";
import { ChangeMessageVisibilityCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fromEnvironment } from "../../functions/shared/environment";
import type { MoverEnvironment } from "../../functions/uploads/environment";
import { Message, moveSensitive } from "../../functions/uploads/move-sensitive";
import { s3Store } from "../../functions/uploads/s3-store";
import { Check } from "../check";
import { InputsOf, Lambda } from "../lambda";
import { allow, policyDocument, Statement } from "../policy";
import { PrivateBucket } from "../private-bucket";

export interface MoverArgs {
  normal: PrivateBucket;
  sensitive: PrivateBucket;
  /** The key that the sensitive bucket is encrypted under. */
  kmsKeyArn: pulumi.Input<string>;
  /** Told when an object ends in the dead-letter queue: the ARN of an SNS topic. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
  /** How many batches of ten objects are moved at once. @default 10 */
  concurrency?: number;
  /** The longest that one batch may take; the largest objects need all of it. @default 900 */
  timeoutSeconds?: number;
  /** The first wait after a failure; each further one is twice as long. @default 10 */
  retrySeconds?: number;
  /** Also tells EventBridge, which a malware scan listens to. @default false */
  eventBridge?: boolean;
  /** How long its log is kept. @default 30 */
  retentionDays?: number;
}

/** Waits of 10, 20, 40 ... 640 seconds: S3 may be out of order for twenty minutes before a person is needed. */
const TRIES = 8;
const PARALLEL_PARTS = 128;
const MOST_DAYS_SECONDS = 14 * 24 * 3600;

/**
 * Moves what is tagged sensitive from the normal bucket to the sensitive one, as soon as S3 tells that it came or was tagged.
 * Costs about 0.4 USD a million objects and nothing at rest. An object that cannot be moved stays where it is, and its
 * event waits in the dead-letter queue, which raises an alarm.
 */
export class Mover extends pulumi.ComponentResource {
  readonly lambda: Lambda<{ Records: Message[] }>;
  readonly roleArn: pulumi.Output<string>;
  readonly queueUrl: pulumi.Output<string>;
  readonly deadLetterUrl: pulumi.Output<string>;
  readonly deadLetterArn: pulumi.Output<string>;
  /** What comes after the bucket's events waits for it. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: MoverArgs, opts?: pulumi.ComponentResourceOptions) {
    new Check("Mover", name)
      .wholeNumber("concurrency", args.concurrency, 2, 1_000)
      .wholeNumber("timeoutSeconds", args.timeoutSeconds, 1, 900)
      .wholeNumber("retrySeconds", args.retrySeconds, 0, 900)
      .done();
    super("groundwork:uploads:Mover", name, {}, opts);
    const parent = { parent: this };
    const timeoutSeconds = args.timeoutSeconds ?? 900;

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
    this.lambda = new Lambda(
      name,
      {
        callback: move,
        environment: {
          SOURCE_BUCKET: args.normal.bucketName,
          TARGET_BUCKET: args.sensitive.bucketName,
          KMS_KEY_ARN: args.kmsKeyArn,
          QUEUE_URL: events.url,
          RETRY_SECONDS: String(args.retrySeconds ?? 10),
          PARALLEL_PARTS: String(PARALLEL_PARTS),
        } satisfies InputsOf<MoverEnvironment>,
        statements: [...moverStatements(args), queueStatement(events.arn)],
        timeoutSeconds,
        memoryMiB: 512,
        retentionDays: args.retentionDays,
      },
      parent,
    );
    this.ready = [notify(name, args, events, parent)];
    new aws.lambda.EventSourceMapping(
      name,
      {
        eventSourceArn: events.arn,
        functionName: this.lambda.functionArn,
        batchSize: 10,
        functionResponseTypes: ["ReportBatchItemFailures"],
        // The only bound, and enough of one: nothing but the queue calls the function. Concurrency reserved for it would not
        // be had in a new account, whose limit of ten must stay unreserved.
        scalingConfig: { maximumConcurrency: args.concurrency ?? 10 },
      },
      parent,
    );
    alarmOn(name, deadLetters, args.alarmTopicArn, parent);

    this.roleArn = this.lambda.roleArn;
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

/** The clients, kept from one call to the next with their connections: a TLS handshake costs more than a small copy. */
type Kept = { mover?: { s3: S3Client; sqs: SQSClient } };

/** The function's whole body that touches AWS; what it decides lies in functions/. */
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
 * On the sensitive bucket only to list and to put: the mover can neither read back nor delete what it moved.
 * On the normal one to list, to get and to delete, always by version: all versions of a key are moved and deleted.
 */
function moverStatements({ normal, sensitive, kmsKeyArn }: MoverArgs): Statement[] {
  return [
    // Without it S3 answers a version that is gone as it answers one that is forbidden.
    allow(["s3:ListBucket"], normal.bucketArn),
    allow(["s3:ListBucketVersions"], [normal.bucketArn, sensitive.bucketArn]),
    allow(
      [
        "s3:GetObjectVersion",
        "s3:GetObjectVersionAttributes", // the parts that a checksum was made of
        "s3:GetObjectVersionTagging",
        "s3:DeleteObjectVersion",
      ],
      pulumi.interpolate`${normal.bucketArn}/*`,
    ),
    // A copy carries its tags, and one in parts that failed takes them back: both are part of a put.
    allow(
      ["s3:PutObject", "s3:PutObjectTagging", "s3:AbortMultipartUpload"],
      pulumi.interpolate`${sensitive.bucketArn}/*`,
    ),
    // S3 decrypts the parts of a copy when it puts them together.
    allow(["kms:GenerateDataKey", "kms:Decrypt"], kmsKeyArn),
  ];
}

const queueStatement = (queueArn: pulumi.Input<string>) =>
  allow(
    [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ChangeMessageVisibility", // chooses when a failed one is tried again
    ],
    queueArn,
  );

/** The normal bucket's events go to the queue. The sensitive bucket has none, so that a move never causes another. */
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
  // S3 sends a test message first, and refuses the configuration when it may not.
  return new aws.s3.BucketNotification(
    name,
    {
      bucket: args.normal.bucketName,
      eventbridge: args.eventBridge ?? false,
      queues: [
        { id: "arrived", queueArn: events.arn, events: ["s3:ObjectCreated:*", "s3:ObjectTagging:Put"] },
      ],
    },
    { ...parent, dependsOn: [policy, ...args.normal.ready] },
  );
}

function alarmOn(
  name: string,
  deadLetters: aws.sqs.Queue,
  topicArn: pulumi.Input<string> | undefined,
  parent: pulumi.CustomResourceOptions,
): void {
  const actions = topicArn ? [topicArn] : [];
  new aws.cloudwatch.MetricAlarm(
    `${name}-dead-letters`,
    {
      alarmDescription: "Objects tagged sensitive could not be moved: see docs/uploads.md, Redrive",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: deadLetters.name },
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: actions,
      okActions: actions,
    },
    parent,
  );
}
