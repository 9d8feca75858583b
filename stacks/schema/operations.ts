import { z } from "zod";
import { by, comparing, Environment, logDays, whole } from "./environment";

const days = (most: number) => whole(1, most);

export const operationsSettings = (environment: Environment) =>
  z
    .strictObject({
      alarmEmails: z
        .array(z.email())
        .default([])
        .describe("Who is told; AWS asks each address once whether it wants to be"),
      dashboard: z.boolean().default(true).describe("One page that shows how the stack is"),
      accountGuards: z
        .boolean()
        .default(by(environment, { dev: false, stag: false, prod: true }))
        .describe("Switches on what holds for the whole account; one stack an account is enough"),
      accessLogs: z
        .boolean()
        .default(by(environment, { dev: false, prod: true }))
        .describe("Has S3 write down who read and wrote in the buckets"),
      auditTrail: z
        .boolean()
        .default(by(environment, { dev: false, stag: false, prod: true }))
        .describe("Writes down who did what in the account; one trail an account is enough"),
      auditObjects: z
        .boolean()
        .default(by(environment, { dev: false, stag: false, prod: true }))
        .describe("Writes down who read and wrote which object in S3, too"),
      logRetentionDays: logDays(environment).describe(
        "How long the log groups of trail, firewall and export are kept",
      ),
      auditDays: days(36_500).default(365).describe("How long the trail's files are kept"),
      logExport: z
        .boolean()
        .default(by(environment, { dev: false, stag: false, prod: true }))
        .describe("Copies the logs to a bucket, and to a SIEM where there is one"),
      exportDays: days(36_500).default(365).describe("How long the copies in the bucket are kept"),
      siemUrl: z
        .url({ protocol: /^https$/ })
        .optional()
        .describe("Where the SIEM takes logs in by HTTPS"),
      siemSecretArn: z
        .string()
        .startsWith("arn:", "the ARN of a secret that holds the SIEM's key")
        .optional()
        .describe('The secret with the SIEM\'s key as `{"api_key": "..."}`'),
      backup: z
        .boolean()
        .default(by(environment, { dev: false, stag: false, prod: true }))
        .describe("Backs up whatever holds data each night"),
      backupDailyDays: days(36_500).default(35).describe("How long a nightly backup is kept"),
      backupMonthlyDays: whole(0, 36_500)
        .default(365)
        .describe("How long a monthly backup is kept; 0 makes none"),
      firewall: z
        .boolean()
        .default(by(environment, { dev: false, prod: true }))
        .describe("AWS WAF before the load balancer and the APIs"),
      requestsPerFiveMinutes: whole(10, 2_000_000_000)
        .default(2_000)
        .describe("What one address may ask before the firewall makes it wait"),
      monthlyBudgetUsd: whole(1, 10_000_000)
        .optional()
        .describe("Warns when the account's month costs, or is going to cost, more"),
    })
    .refine((operations) => (operations.siemUrl === undefined) === (operations.siemSecretArn === undefined), {
      path: ["siemSecretArn"],
      message: "given together with siemUrl, or neither",
      when: comparing("siemUrl", "siemSecretArn"),
    });
