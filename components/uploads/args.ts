import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { Given, input, logRetentionDays, options, whole } from "../shared/options";
import type { BucketLike } from "../shared/private-bucket";
import type { WebLike } from "../web/args";

const roleArn = input(z.string().startsWith("arn:", "an ARN such as arn:aws:iam::123456789012:role/auditor"));

export const moverOptions = options({
  concurrency: whole(2, 1_000)
    .default(10)
    .describe("How many batches of ten files are moved at the same time"),
  timeoutSeconds: whole(1, 900)
    .default(900)
    .describe("The maximum time for one batch; the largest files need all of it"),
  retrySeconds: whole(0, 900)
    .default(10)
    .describe("The wait after a first failed move; it doubles each time"),
  logRetentionDays: logRetentionDays("How long the mover's log is kept"),
});

export interface MoverArgs extends Given<typeof moverOptions> {
  /** Where files arrive. */
  normal: BucketLike;
  /** Where files tagged sensitive are moved. */
  sensitive: BucketLike;
  /** The key that encrypts the sensitive bucket. */
  kmsKeyArn: pulumi.Input<string>;
  /** Also sends events to EventBridge, as a malware scan requires. @default false */
  eventBridge?: boolean;
}

export const fileUploadsOptions = options({
  maxUploadMiB: whole(1, 5_120).default(100).describe("The largest file that a person may upload"),
  maxPersonGiB: whole(1, 10_240)
    .default(10)
    .describe("The most that a person may keep, in both stores together"),
  contentTypes: z
    .array(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/, "a type such as image/png"))
    .min(1)
    .optional()
    .describe(
      "The content types that may be uploaded; pictures, PDF, text, office documents and archives if left out",
    ),
  moreOrigins: z
    .array(input(z.url()))
    .default([])
    .describe("Further origins, besides the site's own, whose pages may send files to the buckets"),
  readerArns: z.array(roleArn).default([]).describe("Roles that may read files, in both buckets"),
  writerArns: z.array(roleArn).default([]).describe("Roles that may write and tag in the normal bucket"),
  malwareScan: z
    .boolean()
    .default(false)
    .describe("Has GuardDuty scan every file, and blocks reading it until it is found clean"),
  noncurrentDays: whole(1, 36_500).default(30).describe("How long overwritten and deleted files are kept"),
  moverConcurrency: moverOptions.shape.concurrency,
  moverTimeoutSeconds: moverOptions.shape.timeoutSeconds,
  moverRetrySeconds: moverOptions.shape.retrySeconds,
  logRetentionDays: logRetentionDays("How long the mover's log and the buckets' access logs are kept"),
});

export interface FileUploadsArgs extends Given<typeof fileUploadsOptions> {
  /** Keeps the buckets with their contents, and the key, when the stack is destroyed. */
  keepData: boolean;
  /** The path of the web app's settings in SSM Parameter Store, such as `/groundwork/dev`. */
  parameterPath: string;
  /** The web servers, which sign the uploads, and whose pages may send files straight to S3. @default nobody uploads through the web app */
  web?: WebLike;
}
