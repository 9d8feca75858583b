import { z } from "zod";
import { by, Environment, logDays, whole } from "./environment";

const roleArn = z.string().startsWith("arn:", "an ARN such as arn:aws:iam::123456789012:role/auditor");

export const uploadsSettings = (environment: Environment) =>
  z.strictObject({
    maxUploadMiB: whole(1, 5_120).default(100).describe("The largest file that a person may upload"),
    contentTypes: z
      .array(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/, "a type such as image/png"))
      .min(1)
      .optional()
      .describe("What may be uploaded; pictures, PDF, text, office documents and archives when left out"),
    moreOrigins: z
      .array(z.url())
      .default([])
      .describe("Other origins than the site's own whose pages may send files to the buckets"),
    readerArns: z.array(roleArn).default([]).describe("Roles that may read files, in both buckets"),
    writerArns: z.array(roleArn).default([]).describe("Roles that may write and tag in the normal bucket"),
    malwareScan: z
      .boolean()
      .default(by(environment, { dev: false, stag: false, prod: true }))
      .describe("Has GuardDuty scan every file, and refuses to read it until it is found clean"),
    noncurrentDays: whole(1, 36_500)
      .default(by(environment, { dev: 7, stag: 30, prod: 90 }))
      .describe("How long overwritten and deleted files are kept"),
    moverConcurrency: whole(2, 1_000).default(10).describe("How many batches of ten files are moved at once"),
    moverTimeoutSeconds: whole(1, 900)
      .default(900)
      .describe("The longest that one batch may take; the largest files need all of it"),
    moverRetrySeconds: whole(0, 900)
      .default(10)
      .describe("The first wait after a failed move; each further one is twice as long"),
    logRetentionDays: logDays(environment).describe(
      "How long the mover's log and the buckets' access logs are kept",
    ),
  });
