import * as pulumi from "@pulumi/pulumi";
import type { ApiAccount } from "../shared/api-account";
import { Check } from "../shared/check";
import { ConsoleArgs } from "./console-access";

export interface ProvisionerArgs {
  /** Keeps the records and guards them when the stack goes. */
  keepData: boolean;
  /** The first part of every project's physical names: three to eight lower-case letters and digits. */
  prefix: string;
  userPoolId: pulumi.Input<string>;
  userPoolArn: pulumi.Input<string>;
  /** Cognito's group of those who approve. @default "admin" */
  adminGroup?: string;
  vpcId: pulumi.Input<string>;
  /** The VPC's own block: servers reach databases, and balancers servers, within it only. */
  vpcCidrBlock: pulumi.Input<string>;
  publicSubnetIds: pulumi.Input<string>[];
  privateSubnetIds: pulumi.Input<string>[];
  /** Projects get names under this domain, whose hosted zone is here. @default they keep the names that AWS gives */
  domain?: { name: string; zoneId: pulumi.Input<string> };
  /** Whose name stands under e-mails; SES must know it. */
  sender: string;
  /** Where the console answers, without a slash at the end. */
  consoleUrl: pulumi.Input<string>;
  /** Tells the web app where the API is, for its page of projects. @default it has no such page */
  console?: ConsoleArgs;
  /** Environments whose projects need nobody's approval. @default ["dev"] */
  automatic?: string[];
  /** Whoever decides on prod must sign in with a second factor. @default true */
  totpForProd?: boolean;
  /** @default 72 */
  approvalHours?: number;
  /** When the admins are reminded. @default 24 */
  reminderHours?: number;
  /** How long a dev project lives. @default 30 */
  devDays?: number;
  /** How long before that its team is warned. @default 3 */
  warningDays?: number;
  /** How long it then lies frozen before it is deleted. @default 7 */
  frozenDays?: number;
  /** How long the note of a project that is over is kept. @default 30 */
  historyDays?: number;
  /** How long logs are kept. @default 90 */
  logDays?: number;
  /** The wait before a failed compensation is tried again; it doubles each time. @default 10 */
  retrySeconds?: number;
  /** Requests a second at the API, over all callers. @default 20 */
  ratePerSecond?: number;
  /** The account's right to log API calls. @default it is there already */
  account?: ApiAccount;
  /** The SNS topic that is told when a person has to mend something. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
  /** Where S3 logs who read and wrote requests. @default no access log */
  accessLogBucket?: { name: pulumi.Input<string>; prefix: string };
  /** Exports all logs, the projects' own as well, by Firehose to an HTTP endpoint such as Splunk's. @default they stay in CloudWatch */
  siem?: Siem;
}

export interface Siem {
  /** An https address that takes Firehose's HTTP deliveries. */
  url: string;
  /** The secret in Secrets Manager that holds the endpoint's `api_key`. */
  secretArn: pulumi.Input<string>;
}

const DEFAULTS = {
  adminGroup: "admin",
  automatic: ["dev"],
  totpForProd: true,
  approvalHours: 72,
  reminderHours: 24,
  devDays: 30,
  warningDays: 3,
  frozenDays: 7,
  historyDays: 30,
  logDays: 90,
  retrySeconds: 10,
  ratePerSecond: 20,
};

export type Filled = ProvisionerArgs & Required<Pick<ProvisionerArgs, keyof typeof DEFAULTS>>;

/** The arguments with their defaults, or one error with everything that is wrong with them. */
export function filled(name: string, args: ProvisionerArgs): Filled {
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
  const all = { ...DEFAULTS, ...given } as Filled;
  new Check("Provisioner", name)
    .that(
      /^[a-z][a-z0-9]{2,7}$/.test(all.prefix),
      "prefix",
      "three to eight lower-case letters and digits, a letter first",
      all.prefix,
    )
    .that(/^[^\s@]+@[^\s@]+$/.test(all.sender), "sender", "an e-mail address", all.sender)
    .that(all.publicSubnetIds.length >= 2, "publicSubnetIds", "two or more", all.publicSubnetIds.length)
    .that(all.privateSubnetIds.length >= 2, "privateSubnetIds", "two or more", all.privateSubnetIds.length)
    .that(
      all.automatic.every((one) => ["dev", "stag", "prod"].includes(one)),
      "automatic",
      "of dev, stag and prod",
      all.automatic,
    )
    .wholeNumber("approvalHours", all.approvalHours, 1, 8_000)
    .wholeNumber("reminderHours", all.reminderHours, 1, 8_000)
    .that(
      all.reminderHours < all.approvalHours,
      "reminderHours",
      `less than approvalHours (${all.approvalHours})`,
      all.reminderHours,
    )
    .wholeNumber("devDays", all.devDays, 1, 3_650)
    .wholeNumber("warningDays", all.warningDays, 0, 3_650)
    .that(all.warningDays < all.devDays, "warningDays", `less than devDays (${all.devDays})`, all.warningDays)
    .wholeNumber("frozenDays", all.frozenDays, 1, 365)
    .wholeNumber("historyDays", all.historyDays, 1, 3_650)
    .wholeNumber("retrySeconds", all.retrySeconds, 1, 300)
    .that(!all.siem || all.siem.url.startsWith("https://"), "siem.url", "an https:// address", all.siem?.url)
    .done();
  return all;
}
