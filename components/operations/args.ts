import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Monitoring } from "../shared/monitoring";
import { Given, logRetentionDays, options, whole } from "../shared/options";
import type { AccessLogsLike } from "../shared/private-bucket";

const days = (most = 36_500) => whole(1, most);

/** Where everything that needs a person is reported. */
export interface AlarmTopicLike {
  readonly topicArn: pulumi.Input<string>;
  /** Publishers must wait for this: until then, the topic refuses AWS's services. */
  readonly ready?: pulumi.Resource[];
}

export const alarmTopicOptions = options({
  emails: z
    .array(z.email("an e-mail address"))
    .refine((all) => new Set(all).size === all.length, "different e-mail addresses")
    .default([])
    .describe("The recipients; AWS asks each address once to confirm"),
});

export interface AlarmTopicArgs extends Given<typeof alarmTopicOptions> {
  /** Keeps the key when the stack is destroyed. @default false */
  keepData?: boolean;
}

export interface AlarmsArgs {
  topic: AlarmTopicLike;
  /** The components' alarms. */
  monitoring: Monitoring[];
}

export interface DashboardArgs {
  /** The dashboard's name in the console, unique in the account. */
  dashboardName: string;
  /** Alarms to show at the top, red or green. @default none */
  alarmArns?: pulumi.Input<string>[];
  /** The components' alarms and graphs, from top to bottom. */
  monitoring: Monitoring[];
}

export const accessLogsOptions = options({
  expireDays: days().default(90).describe("How long the access logs are kept"),
});

export interface AccessLogsArgs extends Given<typeof accessLogsOptions> {
  /** Keeps the logs when the stack is destroyed. */
  keepData: boolean;
}

export const auditTrailOptions = options({
  objectEvents: z
    .boolean()
    .default(false)
    .describe("Also records who read and wrote which object in S3; about 0.10 USD for 100,000 of them"),
  bucketDays: days().default(365).describe("How long the trail's files are kept"),
  logRetentionDays: logRetentionDays("How long the log group, for searching, is kept"),
});

export interface AuditTrailArgs extends Given<typeof auditTrailOptions> {
  /** Keeps the trail's files and their key when the stack is destroyed. */
  keepData: boolean;
  /** Where S3 logs who read the trail's files. @default no access log */
  accessLogs?: AccessLogsLike;
}

/** A SIEM's endpoint and key: both or neither. */
export const siemOptions = options(
  {
    siemUrl: z
      .url({ protocol: /^https$/, error: "an https:// address" })
      .optional()
      .describe("The HTTPS address at which the SIEM receives logs"),
    siemSecretArn: z
      .string()
      .startsWith("arn:", "the ARN of a secret that holds the SIEM's key")
      .optional()
      .describe('The secret with the SIEM\'s key as `{"api_key": "..."}`'),
  },
  [
    {
      of: ["siemUrl", "siemSecretArn"],
      wrong: "siemSecretArn",
      accepted: "given together with siemUrl, or neither",
      fit: ({ siemUrl, siemSecretArn }) => (siemUrl === undefined) === (siemSecretArn === undefined),
    },
  ],
);

export const logExportOptions = options(
  {
    ...siemOptions.shape,
    expireDays: days().default(365).describe("How long the copies in the bucket are kept"),
    logRetentionDays: logRetentionDays("How long the log of failed copies is kept"),
  },
  siemOptions.rules,
);

export interface LogExportArgs extends Given<typeof logExportOptions> {
  /** Keeps the copies when the stack is destroyed. */
  keepData: boolean;
  /** The names of the log groups to copy, each under a key that stays the same when the list changes. */
  logGroups: Record<string, pulumi.Input<string>>;
  /** Where S3 logs who read the copies. @default no access log */
  accessLogs?: AccessLogsLike;
}

export const webFirewallOptions = options({
  requestsPerFiveMinutes: whole(10, 2_000_000_000)
    .default(2_000)
    .describe("How many requests one address may make before the firewall limits it"),
  logRetentionDays: logRetentionDays("How long the log of refused requests is kept"),
});

export interface WebFirewallArgs extends Given<typeof webFirewallOptions> {
  /** The ARNs of load balancers and API stages, each under a key that stays the same. */
  protects: Record<string, pulumi.Input<string>>;
}

export const backupPlanOptions = options({
  hour: whole(0, 23)
    .default(3)
    .describe("When the nightly backup may begin, in UTC; the monthly one begins an hour later"),
  dailyDays: days().default(35).describe("How long a nightly backup is kept"),
  monthlyDays: whole(0, 36_500)
    .default(365)
    .describe("How long a monthly backup is kept; 0 turns monthly backups off"),
});

export interface BackupPlanArgs extends Given<typeof backupPlanOptions> {
  /** The ARNs of the file systems, databases and tables to back up. */
  resourceArns: pulumi.Input<string>[];
  /** Keeps the backups when the stack is destroyed. */
  keepData: boolean;
}

export const budgetOptions = options({
  monthlyUsd: whole(1, 10_000_000).describe(
    "The account's monthly cost, actual or forecast, above which it warns",
  ),
});

export interface BudgetArgs extends Given<typeof budgetOptions> {
  topic: AlarmTopicLike;
}
