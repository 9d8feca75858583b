import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { BastionLike, NetworkLike } from "../network/args";
import { DAILY_WINDOW, isLong, meet, spansOf, WEEKLY_WINDOW } from "../shared/clock";
import { ipBlock } from "../shared/ip-block";
import type { Operated } from "../shared/monitoring";
import { arnOf, Given, logRetentionDays, matching, options, whole } from "../shared/options";
import type { Statement } from "../shared/permissions";

/** A PostgreSQL as its clients need it: one of ours, or any other thing that says how it is reached. */
export interface DatabaseLike {
  /** Its members reach the database. */
  readonly clientSecurityGroupId: pulumi.Input<string>;
  /** The settings by which the web app finds it. */
  readonly environment: Record<string, pulumi.Input<string>>;
  /** What a client's role needs to read the secret. */
  readonly clientPermissions: Statement[];
}

/** A database of ours, whichever engine stands behind it. */
export interface Database extends DatabaseLike, Operated {
  /** User and password in Secrets Manager. */
  readonly secretArn: pulumi.Output<string>;
  /** Where writers connect; absent when only the secret knows. */
  readonly endpoint?: pulumi.Output<string>;
  /** Where readers may connect; the writers' endpoint when there is no replica. */
  readonly readEndpoint?: pulumi.Output<string>;
}

export const DATABASE_PORT = 5432;

export const sharedStorageOptions = options({
  virtualIp: z.ipv4().default("10.10.10.10").describe("Where it is reached, outside the VPC's own block"),
  nodes: whole(1, 2).default(2).describe("With one, a failover takes as long as a new machine needs"),
  instanceType: z.string().default("t4g.small").describe("The nodes, arm64"),
  version: whole(15, 18).default(17).describe("PostgreSQL's major version"),
  leaseSeconds: whole(2, 60)
    .default(2)
    .describe("How long a node counts on its lease; a failover takes a little longer"),
  passwordDays: whole(1, 365).default(30).describe("The clients' password is changed when it is this old"),
  keyName: z.string().optional().describe("The EC2 key pair for SSH from the bastion"),
  sessionManager: z.boolean().default(true).describe("Opens Session Manager to the nodes"),
  logRetentionDays: logRetentionDays("How long its logs are kept"),
});

export interface SharedStorageArgs extends Given<typeof sharedStorageOptions> {
  /** Guards data, key and secret against a destroy. */
  keepData: boolean;
  /** Some of its route tables lead to the virtual IP. */
  network: NetworkLike & { readonly virtualIpRouteTableIds: pulumi.Input<string>[] };
  /** Lets it SSH to the nodes. @default none */
  bastion?: BastionLike;
  /** An SSM parameter that holds the machine image. @default Amazon Linux 2023 */
  imageParameter?: pulumi.Input<string>;
  /** EFS's own backup each night: for where no plan of AWS Backup's covers `dataArns`, which would pay twice. @default true */
  ownBackups?: boolean;
}

export const MANAGED_KINDS = ["instance", "cluster", "aurora"] as const;
export type ManagedKind = (typeof MANAGED_KINDS)[number];

const capacity = (least: number) => {
  const error = `half units from ${least} to 256`;
  return z.number({ error }).min(least, { error }).max(256, { error }).multipleOf(0.5, { error });
};

/** RDS takes none that is open for less than half an hour. */
const window = (form: RegExp, example: string) =>
  matching(form, `a window of half an hour or more, ${example}`).refine(
    (text) => !form.test(text) || isLong(text, 30),
    `a window of half an hour or more, ${example}`,
  );

export const managedDatabaseOptions = options(
  {
    kind: z
      .enum(MANAGED_KINDS)
      .default("instance")
      .describe("One with a standby, three of which two can be read, or Aurora Serverless v2"),
    multiAz: z.boolean().default(true).describe("A standby in another zone"),
    version: z.string().default("17").describe("PostgreSQL's major version"),
    instanceClass: z.string().optional().describe("The machine; the kind's smallest when left out"),
    storageGiB: whole(20, 65_536).optional().describe("The disk; the kind's smallest when left out"),
    minCapacity: capacity(0.5).default(0.5).describe("Aurora's smallest capacity"),
    maxCapacity: capacity(1).default(4).describe("Aurora's largest capacity"),
    backupRetentionDays: whole(1, 35).default(7).describe("How far back a restore reaches"),
    backupWindow: window(DAILY_WINDOW, "such as 00:30-01:30")
      .default("00:30-01:30")
      .describe("When RDS makes its own backup each day, in UTC"),
    maintenanceWindow: window(WEEKLY_WINDOW, "such as sun:06:30-sun:07:30")
      .default("sun:06:30-sun:07:30")
      .describe("When RDS may patch and restart, in UTC"),
  },
  [
    {
      of: ["backupWindow", "maintenanceWindow"],
      wrong: "maintenanceWindow",
      accepted: "at another time than backupWindow",
      fit: ({ backupWindow, maintenanceWindow }) => !meet(spansOf(backupWindow), spansOf(maintenanceWindow)),
    },
    {
      of: ["minCapacity", "maxCapacity"],
      wrong: "maxCapacity",
      accepted: "minCapacity or more",
      fit: ({ minCapacity, maxCapacity }) => maxCapacity >= minCapacity,
    },
  ],
);

export interface ManagedDatabaseArgs extends Given<typeof managedDatabaseOptions> {
  /** Guards data, key and final snapshot against a destroy. */
  keepData: boolean;
  /** A `cluster` needs private subnets in three zones. */
  network: NetworkLike;
}

export const externalDatabaseOptions = options({
  secretArn: arnOf("secretsmanager", "the ARN of a secret in Secrets Manager").describe(
    "User, password and, unless `endpoint` says it, the host",
  ),
  roleArn: matching(/^arn:aws[\w-]*:iam::\d{12}:role\//, "the ARN of a role")
    .optional()
    .describe("The role to read the secret with, where it belongs to another account"),
  kmsKeyArn: arnOf("kms", "the ARN of a KMS key")
    .optional()
    .describe("The secret's key, where it is not the account's own"),
  endpoint: z.string().optional().describe("Where it is; what the secret says when left out"),
  readEndpoint: z.string().optional().describe("Where it can be read"),
  cidrBlocks: z.array(ipBlock()).min(1).describe("Where it is: clients reach nothing else"),
});

export interface ExternalDatabaseArgs extends Given<typeof externalDatabaseOptions> {
  network: NetworkLike;
}
