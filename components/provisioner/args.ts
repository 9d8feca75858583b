import { z } from "zod";
import { ENVIRONMENTS } from "../../functions/provisioner/catalogue";
import type { UserPoolLike } from "../identity/args";
import type { NetworkLike } from "../network/args";
import type { ApiAccountLike } from "../shared/api-account";
import { Filled, Given, input, logRetentionDays, matching, options, whole } from "../shared/options";
import type { AccessLogsLike } from "../shared/private-bucket";
import type { WebLike } from "../web/args";

export const siemOptions = options({
  url: z
    .url({ protocol: /^https$/, error: "an https:// address" })
    .describe("An https address that takes Firehose's deliveries"),
  secretArn: input(z.string().startsWith("arn:", "the ARN of a secret")).describe(
    "The secret that holds the endpoint's api_key",
  ),
});

export const provisionerOptions = options(
  {
    prefix: matching(/^[a-z][a-z0-9]{2,7}$/, "three to eight lower-case letters and digits, a letter first")
      .default("gw")
      .describe("The first part of every project's physical names; roles reach nothing without it"),
    sender: z.email("an e-mail address").describe("Whose name stands under e-mails; SES must know it"),
    consoleUrl: input(z.url())
      .optional()
      .describe("Where the links in e-mails lead; without, to the web tier"),
    domainName: z
      .hostname()
      .optional()
      .describe("Projects get names under it; without, those that AWS gives"),
    zoneName: z.hostname().optional().describe("The hosted zone that holds domainName"),
    zoneId: input(z.string().regex(/^Z[A-Z0-9]+$/, "a hosted zone's id"))
      .optional()
      .describe("Instead of zoneName: the hosted zone by its id"),
    link: z
      .string()
      .regex(
        /^https?:\/\/\{name\}\.[a-z0-9.-]+(:\d+)?$/,
        "http:// or https://, {name}, a domain and perhaps a port",
      )
      .optional()
      .describe("How projects are linked to where another server stands before them; without, by domainName"),
    repositories: z
      .array(z.string().regex(/^https?:\/\/[\w.-]+(:\d+)?\/([\w.~-]+\/)*$/, "an address up to a slash"))
      .default([])
      .describe("How addresses of repositories may begin beside https:// and git@ ones of public hosts"),
    starters: z
      .string()
      .regex(
        /^https?:\/\/[\w.-]+(:\d+)?\/[\w./~-]*\{name\}[\w./~-]*$/,
        "an http:// or https:// address with {name} in its path",
      )
      .optional()
      .describe(
        "Where the starters of examples/projects lie as repositories, which the console then offers; without, none",
      ),
    automatic: z
      .array(z.enum(ENVIRONMENTS))
      .default(["dev"])
      .describe("The environments whose projects need nobody's approval"),
    reserved: z
      .array(z.string().regex(/^[a-z0-9-]+$/, "the first label of a name"))
      .default(["admin", "api", "auth", "console", "mail", "ns1", "ns2", "status", "www"])
      .describe("Names under domainName that no project gets, since they are the platform's or look like it"),
    totpForProd: z.boolean().default(true).describe("Whether whoever decides on prod needs a second factor"),
    adminGroup: z
      .string()
      .min(1, "a group's name")
      .default("admin")
      .describe("The group of the pool whose members approve"),
    siteCapacity: whole(1, 100_000)
      .default(100)
      .describe(
        "How many sites of files there may be: as many as CloudFront serves by one function, one access control and one policy of headers",
      ),
    balancerCapacity: whole(1, 100_000)
      .default(49)
      .describe(
        "How many stag and prod projects with servers there may be: AWS's quota of load balancers, less the platform's own",
      ),
    databaseCapacity: whole(1, 100_000)
      .default(39)
      .describe(
        "How many projects with a database there may be: AWS's quota of RDS instances, less the platform's own",
      ),
    domainCapacity: whole(1, 100_000)
      .default(2_400)
      .describe(
        "How many projects with a name of their own there may be: AWS's quota of certificates in a region, less the platform's own",
      ),
    approvalHours: whole(1, 8_000)
      .default(72)
      .describe("How long a request waits for a decision before it is rejected"),
    reminderHours: whole(1, 8_000).default(24).describe("When the admins are reminded of it"),
    devDays: whole(1, 3_650).default(30).describe("How long a dev project lives before it is frozen"),
    previewDays: whole(1, 30)
      .default(3)
      .describe("How long a branch's preview lives after the last push to it"),
    previewLimit: whole(1, 50).default(3).describe("How many previews a project may have at once"),
    warningDays: whole(0, 3_650).default(3).describe("How long before that its team is warned"),
    frozenDays: whole(1, 365).default(7).describe("How long it lies frozen before it is deleted"),
    failedHours: whole(1, 720)
      .default(24)
      .describe("How long what was made of a project stays when its first build failed or does not serve"),
    historyDays: whole(1, 3_650).default(30).describe("How long the note of a project that is over is kept"),
    logRetentionDays: logRetentionDays("How long logs are kept, the projects' own as well"),
    retrySeconds: whole(1, 300)
      .default(10)
      .describe("The wait before a failed compensation is tried again; it doubles each time"),
    ratePerSecond: whole(1, 5_000)
      .default(20)
      .describe("Requests a second to each method of the provisioner's API"),
    siem: z
      .strictObject(siemOptions.shape)
      .optional()
      .describe("Exports all logs, the projects' own as well, by Firehose"),
  },
  [
    {
      of: ["reminderHours", "approvalHours"],
      wrong: "reminderHours",
      accepted: "less than approvalHours",
      fit: ({ reminderHours, approvalHours }) => reminderHours < approvalHours,
    },
    {
      of: ["warningDays", "devDays"],
      wrong: "warningDays",
      accepted: "less than devDays",
      fit: ({ warningDays, devDays }) => warningDays < devDays,
    },
    {
      of: ["domainName", "zoneName", "zoneId"],
      wrong: "zoneName",
      accepted: "the hosted zone of domainName, and both or neither given",
      fit: ({ domainName, zoneName, zoneId }) =>
        (domainName === undefined) === (zoneName === undefined && zoneId === undefined),
    },
  ],
);

export interface ProvisionerArgs extends Given<typeof provisionerOptions> {
  /** Keeps the records and guards them when the stack goes. */
  keepData: boolean;
  /** Where the projects' servers and databases live. */
  network: NetworkLike;
  /** Their tokens are let in to the API. */
  people: UserPoolLike;
  /** The web app is told where the API is, for its page of projects. */
  web: WebLike;
  /** Where the web app finds that in SSM Parameter Store, such as `/groundwork/dev`. */
  parameterPath: string;
  /** The account's right to log API calls. @default it is there already */
  apiAccount?: ApiAccountLike;
  /** Records requests in X-Ray, from the API through the function to the steps of a project. @default false */
  traced?: boolean;
  /** Where S3 logs who read and wrote requests. @default no access log */
  accessLogs?: AccessLogsLike;
}

export type FilledArgs = ProvisionerArgs & Filled<typeof provisionerOptions>;
export type Siem = Filled<typeof siemOptions>;
