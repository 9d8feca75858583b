import { z } from "zod";
import { by, comparing, Environment, environments, logDays, matching, whole } from "./environment";

export const provisionerSettings = (environment: Environment) =>
  z
    .strictObject({
      prefix: matching(/^[a-z][a-z0-9]{2,7}$/, "three to eight lower-case letters and digits, a letter first")
        .default(by(environment, { dev: "gwdev", stag: "gwstag", prod: "gwprod" }))
        .describe("The first part of every project's physical names; roles reach nothing without it"),
      sender: z.email().describe("Whose name stands under e-mails; SES must know it"),
      consoleUrl: z.url().optional().describe("Where the links in e-mails lead; without, to the web tier"),
      domainName: z
        .hostname()
        .optional()
        .describe("Projects get names under it; without, those that AWS gives"),
      zoneName: z.hostname().optional().describe("The hosted zone that holds domainName"),
      automatic: z
        .array(z.enum(environments))
        .default(["dev"])
        .describe("The environments whose projects need nobody's approval"),
      totpForProd: z
        .boolean()
        .default(true)
        .describe("Whether whoever decides on prod needs a second factor"),
      approvalHours: whole(1, 8_000)
        .default(72)
        .describe("How long a request waits for a decision before it is rejected"),
      reminderHours: whole(1, 8_000).default(24).describe("When the admins are reminded of it"),
      devDays: whole(1, 3_650).default(30).describe("How long a dev project lives before it is frozen"),
      warningDays: whole(0, 3_650).default(3).describe("How long before that its team is warned"),
      frozenDays: whole(1, 365).default(7).describe("How long it lies frozen before it is deleted"),
      historyDays: whole(1, 3_650)
        .default(30)
        .describe("How long the note of a project that is over is kept"),
      logRetentionDays: logDays(environment).describe("How long logs are kept, the projects' own as well"),
      ratePerSecond: whole(1, 5_000).default(20).describe("Requests a second to the provisioner's API"),
      siem: z
        .strictObject({
          url: z.url({ protocol: /^https$/ }).describe("An https address that takes Firehose's deliveries"),
          secretArn: z.string().startsWith("arn:").describe("The secret that holds the endpoint's api_key"),
        })
        .optional()
        .describe("Exports all logs by Firehose"),
    })
    .refine((one) => one.reminderHours < one.approvalHours, {
      path: ["reminderHours"],
      message: "less than approvalHours",
      when: comparing("reminderHours", "approvalHours"),
    })
    .refine((one) => one.warningDays < one.devDays, {
      path: ["warningDays"],
      message: "less than devDays",
      when: comparing("warningDays", "devDays"),
    })
    .refine((one) => (one.domainName === undefined) === (one.zoneName === undefined), {
      path: ["zoneName"],
      message: "the hosted zone of domainName, and both or neither given",
      when: comparing("domainName", "zoneName"),
    });
