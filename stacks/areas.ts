import { z } from "zod";
import {
  externalDatabaseOptions,
  managedDatabaseOptions,
  sharedStorageOptions,
} from "../components/database/args";
import { deliveryOptions, githubOidcOptions } from "../components/delivery/args";
import { userPoolOptions } from "../components/identity/args";
import { bastionOptions, existingNetworkOptions, networkOptions } from "../components/network/args";
import {
  alarmTopicOptions,
  auditTrailOptions,
  backupPlanOptions,
  budgetOptions,
  logExportOptions,
  siemOptions,
  webFirewallOptions,
} from "../components/operations/args";
import { provisionerOptions } from "../components/provisioner/args";
import { options, schemaOf } from "../components/shared/options";
import { fileUploadsOptions } from "../components/uploads/args";
import { bakedImageOptions, serverOptions, tracesOptions, webImageOptions } from "../components/web/args";
import { defaultsOf, Environment } from "./environments";

const on = (words: string) => z.boolean().default(true).describe(words);

/** Who has the account's singletons: this stack, another one, or this stack and nothing else. */
export const SINGLETONS = ["own", "shared", "only"] as const;

const account = options({
  singletons: z
    .enum(SINGLETONS)
    .default("own")
    .describe(
      "What an account has only once (API Gateway's logging, guards, audit trail, GitHub's provider): `own` creates it in this stack, `shared` uses what another stack has created, `only` creates that and nothing else",
    ),
  githubProvider: on(
    "Creates the provider with which GitHub's workflows sign in, in a stack of `only`; false if the account already has one",
  ),
});

const network = options(
  {
    ...networkOptions.shape,
    existing: z
      .strictObject(existingNetworkOptions.shape)
      .optional()
      .describe(
        "Uses an existing VPC instead of building one; then all other settings of the area have no effect",
      ),
  },
  networkOptions.rules,
);

const web = options(
  {
    ...serverOptions.shape,
    image: z
      .enum(["amazon-linux", "baked"])
      .default("amazon-linux")
      .describe("The servers' machine image; `baked` contains everything and is rebuilt on a schedule"),
    bakeSchedule: bakedImageOptions.shape.schedule,
    builder: webImageOptions.shape.builder,
    logRetentionDays: serverOptions.shape.logRetentionDays.describe(
      "How long the logs of servers, bakes and CodeBuild's builds are kept",
    ),
    openUsers: z
      .boolean()
      .describe(
        "Whether anyone may list users, without their e-mail addresses, or only people who are signed in",
      ),
  },
  serverOptions.rules,
);

const delivery = options(
  {
    ...deliveryOptions.shape,
    preview: z
      .strictObject(githubOidcOptions.shape)
      .optional()
      .describe("Lets GitHub's workflows of the repository preview the stack, without keys"),
  },
  deliveryOptions.rules,
);

const provisioner = (ofNetwork: Record<string, unknown>) =>
  options(
    {
      ...provisionerOptions.shape,
      network: schemaOf(network, ofNetwork)
        .prefault({})
        .describe("The VPC that all projects share; it has the same settings as the platform's VPC"),
    },
    provisionerOptions.rules,
  );

/** Operations consist of many small components: a switch for each, and its options. */
const operations = options(
  {
    alarmEmails: alarmTopicOptions.shape.emails,
    tracedPercent: tracesOptions.shape.tracedPercent,
    dashboard: on("One page that shows how the stack is"),
    accountGuards: on("Switches on what holds for the whole account, unless that is another stack's"),
    accessLogs: on("Has S3 write down who read and wrote in the buckets"),
    auditTrail: on("Writes down who did what in the account, unless that is another stack's"),
    auditObjects: auditTrailOptions.shape.objectEvents,
    auditDays: auditTrailOptions.shape.bucketDays,
    logExport: on("Copies the logs to a bucket, and to a SIEM where there is one"),
    exportDays: logExportOptions.shape.expireDays,
    ...siemOptions.shape,
    backup: on("Backs up whatever holds data each night"),
    backupHour: backupPlanOptions.shape.hour,
    backupDailyDays: backupPlanOptions.shape.dailyDays,
    backupMonthlyDays: backupPlanOptions.shape.monthlyDays,
    firewall: on("AWS WAF before the load balancer and the APIs"),
    requestsPerFiveMinutes: webFirewallOptions.shape.requestsPerFiveMinutes,
    monthlyBudgetUsd: budgetOptions.shape.monthlyUsd.optional(),
    logRetentionDays: auditTrailOptions.shape.logRetentionDays.describe(
      "How long the log groups of the trail, the firewall and the export are kept",
    ),
  },
  siemOptions.rules,
);

const engine = <E extends string>(name: E, words: string) => z.literal(name).describe(words);

/** There are three kinds of PostgreSQL, each with its own settings. */
const database = (defaults: Record<string, unknown>) =>
  z.discriminatedUnion("engine", [
    schemaOf(
      options(
        {
          engine: engine("shared-storage", "PostgreSQL on a shared file system behind a virtual IP"),
          ...sharedStorageOptions.shape,
        },
        sharedStorageOptions.rules,
      ),
      defaults,
    ),
    schemaOf(
      options(
        { engine: engine("managed", "RDS"), ...managedDatabaseOptions.shape },
        managedDatabaseOptions.rules,
      ),
      defaults,
    ),
    schemaOf(
      options(
        {
          engine: engine("external", "A database that someone else runs"),
          ...externalDatabaseOptions.shape,
        },
        externalDatabaseOptions.rules,
      ),
      defaults,
    ),
  ]);

/** The settings of each area in a stack's file: its components' options, with the environment's defaults. */
export function areas(environment: Environment) {
  const of = (area: string) => defaultsOf(environment, area);
  return {
    account: schemaOf(account, of("account")).prefault({}),
    network: schemaOf(network, of("network")).prefault({}),
    bastion: schemaOf(bastionOptions, of("bastion")).optional(),
    database: database(of("database")).optional(),
    web: schemaOf(web, of("web")).optional(),
    identity: schemaOf(userPoolOptions, of("identity")).optional(),
    uploads: schemaOf(fileUploadsOptions, of("uploads")).optional(),
    delivery: schemaOf(delivery, of("delivery")).optional(),
    provisioner: schemaOf(provisioner(of("provisioner.network")), of("provisioner")).optional(),
    operations: schemaOf(operations, of("operations")).optional(),
  };
}
