import { z } from "zod";
import { ENVIRONMENTS } from "../../functions/provisioner/catalogue";
import type { UserPoolLike } from "../identity/args";
import type { NetworkLike } from "../network/args";
import type { ApiAccountLike } from "../shared/api-account";
import { Complete, Given, input, logRetentionDays, matching, options, whole } from "../shared/options";
import type { AccessLogsLike } from "../shared/private-bucket";
import type { WebLike } from "../web/args";

export const siemOptions = options({
  url: z
    .url({ protocol: /^https$/, error: "an https:// address" })
    .describe("An https address that receives Firehose's deliveries"),
  secretArn: input(z.string().startsWith("arn:", "the ARN of a secret")).describe(
    "The secret that holds the endpoint's api_key",
  ),
});

export const provisionerOptions = options(
  {
    prefix: matching(/^[a-z][a-z0-9]{2,7}$/, "three to eight lower-case letters and digits, a letter first")
      .default("gw")
      .describe("The prefix of every project's physical names; roles can reach only names with this prefix"),
    sender: z.email("an e-mail address").describe("The sender of e-mails; SES must have verified it"),
    consoleUrl: input(z.url())
      .optional()
      .describe("The address to which links in e-mails lead; the web tier if left out"),
    domainName: z
      .hostname()
      .optional()
      .describe("The domain under which projects get names; if left out, they get AWS's names"),
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
      .describe(
        "How links to projects are written if another server is in front of them; by domainName if left out",
      ),
    repositories: z
      .array(z.string().regex(/^https?:\/\/[\w.-]+(:\d+)?\/([\w.~-]+\/)*$/, "an address up to a slash"))
      .default([])
      .describe(
        "Further prefixes allowed for repository addresses, besides https:// and git@ on public hosts",
      ),
    starters: z
      .string()
      .regex(
        /^https?:\/\/[\w.-]+(:\d+)?\/[\w./~-]*\{name\}[\w./~-]*$/,
        "an http:// or https:// address with {name} in its path",
      )
      .optional()
      .describe(
        "Where the starters of examples/projects are published as repositories, for the console to offer; none if left out",
      ),
    automatic: z
      .array(z.enum(ENVIRONMENTS))
      .default(["dev"])
      .describe("The environments whose projects need no approval"),
    reserved: z
      .array(z.string().regex(/^[a-z0-9-]+$/, "the first label of a name"))
      .default(["admin", "api", "auth", "console", "mail", "ns1", "ns2", "status", "www"])
      .describe(
        "Names under domainName that no project can have, because they are the platform's or look like it",
      ),
    totpForProd: z.boolean().default(true).describe("Whether deciding on prod requires a second factor"),
    adminGroup: z
      .string()
      .min(1, "a group's name")
      .default("admin")
      .describe("The user pool group whose members approve"),
    siteCapacity: whole(1, 100_000)
      .default(100)
      .describe(
        "The maximum number of static sites: as many as may share one CloudFront function, access control and headers policy",
      ),
    balancerCapacity: whole(1, 100_000)
      .default(49)
      .describe(
        "The maximum number of stag and prod projects with servers: AWS's quota of load balancers, minus the platform's own",
      ),
    databaseCapacity: whole(1, 100_000)
      .default(39)
      .describe(
        "The maximum number of projects with a database: AWS's quota of RDS instances, minus the platform's own",
      ),
    domainCapacity: whole(1, 100_000)
      .default(2_400)
      .describe(
        "The maximum number of projects with a custom domain: AWS's quota of certificates in a region, minus the platform's own",
      ),
    approvalHours: whole(1, 8_000)
      .default(72)
      .describe("How long a request waits for a decision before it is rejected"),
    reminderHours: whole(1, 8_000).default(24).describe("When the admins are reminded of a waiting request"),
    devDays: whole(1, 3_650).default(30).describe("How long a dev project lives before it is frozen"),
    previewDays: whole(1, 30)
      .default(3)
      .describe("How long a branch's preview lives after the last push to it"),
    previewLimit: whole(1, 50).default(3).describe("How many previews a project may have at once"),
    warningDays: whole(0, 3_650).default(3).describe("How long before the freeze its team is warned"),
    frozenDays: whole(1, 365).default(7).describe("How long a project stays frozen before it is deleted"),
    failedHours: whole(1, 720)
      .default(24)
      .describe("How long a new project's resources are kept after its first build failed or did not serve"),
    historyDays: whole(1, 3_650).default(30).describe("How long the record of a finished project is kept"),
    logRetentionDays: logRetentionDays("How long logs are kept, including the projects' own"),
    retrySeconds: whole(1, 300)
      .default(10)
      .describe("The wait before a failed compensation is retried; it doubles each time"),
    ratePerSecond: whole(1, 5_000)
      .default(20)
      .describe("Requests per second to each method of the provisioner's API"),
    siem: z
      .strictObject(siemOptions.shape)
      .optional()
      .describe("Exports all logs, including the projects' own, through Firehose"),
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
  /** Keeps and protects the records when the stack is destroyed. */
  keepData: boolean;
  /** The network of the projects' servers and databases. */
  network: NetworkLike;
  /** The user pool whose tokens the API accepts. */
  people: UserPoolLike;
  /** The web servers, which read the API's address for the console. */
  web: WebLike;
  /** The path of that address in SSM Parameter Store, such as `/groundwork/dev`. */
  parameterPath: string;
  /** The account's permission to log API calls. @default the account has it already */
  apiAccount?: ApiAccountLike;
  /** Records requests in X-Ray, from the API through the function to the steps of a project. @default false */
  traced?: boolean;
  /** Where S3 logs who read and wrote requests. @default no access log */
  accessLogs?: AccessLogsLike;
}

export type CompleteArgs = ProvisionerArgs & Complete<typeof provisionerOptions>;
export type Siem = Complete<typeof siemOptions>;
