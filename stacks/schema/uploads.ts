import { z } from "zod";
import { by, Environment, whole } from "./environment";

const roleArn = z
  .string()
  .startsWith("arn:", "an ARN of a role such as arn:aws:iam::123456789012:role/auditor");

export const uploadsSettings = (environment: Environment) =>
  z.strictObject({
    maxUploadMiB: whole(1, 5_120).default(100),
    contentTypes: z
      .array(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/, "a type such as image/png"))
      .min(1)
      .optional(),
    /** Roles that may read files, in both buckets. */
    readerArns: z.array(roleArn).default([]),
    /** Roles that may write and tag in the normal bucket. */
    writerArns: z.array(roleArn).default([]),
    malwareScan: z.boolean().default(by(environment, { dev: false, stag: false, prod: true })),
    noncurrentDays: whole(1, 36_500).default(by(environment, { dev: 7, stag: 30, prod: 90 })),
    moverConcurrency: whole(2, 1_000).default(10),
    moverTimeoutSeconds: whole(1, 900).default(900),
    moverRetrySeconds: whole(0, 900).default(10),
  });
