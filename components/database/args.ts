import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { BastionLike, NetworkLike } from "../network/args";
import { DAILY_WINDOW, isLong, meet, spansOf, WEEKLY_WINDOW } from "../shared/clock";
import { ipBlock } from "../shared/ip-block";
import type { Operated } from "../shared/monitoring";
import { arnOf, Given, logRetentionDays, matching, options, whole } from "../shared/options";
import type { Permission } from "../shared/permissions";

/** A PostgreSQL database as its clients see it: one of ours, or any other object that says how to reach it. */
export interface DatabaseLike {
  /** The security group whose members can reach the database. */
  readonly clientSecurityGroupId: pulumi.Input<string>;
  /** That group's rules. A client must wait for them before its first query. */
  readonly opens?: pulumi.Resource[];
  /** The web app's environment variables for the database. */
  readonly environment: Record<string, pulumi.Input<string>>;
  /** The permissions that a client's role needs to read the secret. */
  readonly clientPermissions: Permission[];
}

/** A database of ours, whichever engine runs it. */
export interface Database extends DatabaseLike, Operated {
  /** The secret with user and password in Secrets Manager. */
  readonly secretArn: pulumi.Output<string>;
  /** The host for writers; absent if only the secret contains it. */
  readonly endpoint?: pulumi.Output<string>;
  /** The host for readers; the writers' endpoint if there is no replica. */
  readonly readEndpoint?: pulumi.Output<string>;
  /** The bucket of its backups, if it makes its own. */
  readonly backupBucketName?: pulumi.Output<string>;
}

/** A network whose routes can lead to a movable address. */
export interface VirtualIpNetwork extends NetworkLike {
  readonly virtualIpRouteTableIds: pulumi.Input<string>[];
}

export const DATABASE_PORT = 5432;

/** UTC, to the second: without a time zone, each computer would read another moment. */
const moment = () =>
  matching(
    /^(latest|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z)$/,
    "latest, or a time in UTC such as 2026-11-26T20:00:00Z",
  );

const roleArn = () => matching(/^arn:aws[\w-]*:iam::\d{12}:role\//, "the ARN of a role");

export const sharedStorageOptions = options(
  {
    virtualIp: z
      .ipv4()
      .default("10.10.10.10")
      .describe("The address of the database, outside the VPC's own block"),
    nodes: whole(1, 2).default(2).describe("With one node, a failover takes as long as a new machine needs"),
    instanceType: z.string().default("t4g.small").describe("The nodes' instance type, arm64"),
    version: whole(15, 18).default(17).describe("PostgreSQL's major version"),
    leaseSeconds: whole(2, 30)
      .default(10)
      .describe(
        "How long a lease lasts. A shorter outage of the lease table has no effect. A failover takes a little longer than the lease, plus the time EC2 needs",
      ),
    passwordDays: whole(1, 365).default(30).describe("The age at which the clients' password is changed"),
    keyName: z.string().optional().describe("The EC2 key pair for SSH from the bastion"),
    sessionManager: z.boolean().default(true).describe("Opens Session Manager to the nodes"),
    logRetentionDays: logRetentionDays("How long the database's logs are kept"),
    backupRetentionDays: whole(0, 365)
      .default(7)
      .describe("How far back a restore reaches; with 0 there are no backups"),
    archiveSeconds: whole(30, 3_600)
      .default(300)
      .describe("The most seconds until a change is in the backups"),
    drillDays: whole(0, 90)
      .default(0)
      .describe("How often the passive node test-restores the newest backup onto its own disk; 0 is never"),
    diskGiB: whole(10, 16_384)
      .default(10)
      .describe("A node's own disk; a drill needs 1.3 times the size of the data"),
    restoreFrom: z
      .strictObject({
        time: moment().describe("The time to restore to, once; the existing data is set aside"),
        bucketName: z
          .string()
          .min(3)
          .optional()
          .describe("The bucket of another stack's backups; the stack's own if left out"),
        kmsKeyArn: arnOf("kms", "the ARN of a KMS key").optional().describe("The key of that bucket"),
      })
      .optional()
      .describe("The source of the data, instead of creating it or keeping the existing data"),
    secret: z
      .strictObject({
        arn: arnOf("secretsmanager", "the ARN of a secret in Secrets Manager").describe(
          "The secret, created in that account without a value: the first node fills it in",
        ),
        nodeRoleArn: roleArn().describe("The role in that account with which the nodes read and write it"),
        clientRoleArn: roleArn().describe("The role in that account with which clients read it"),
      })
      .optional()
      .describe("The clients' secret, if it belongs to another account; if left out, the stack creates one"),
  },
  [
    {
      of: ["restoreFrom", "backupRetentionDays"],
      wrong: "backupRetentionDays",
      accepted: "1 or more where restoreFrom is given",
      fit: ({ restoreFrom, backupRetentionDays }) => !restoreFrom || backupRetentionDays > 0,
    },
  ],
);

/** With what is not a stack's setting, because the rest of the stack decides it. */
export const sharedStorageArguments = options(
  {
    ...sharedStorageOptions.shape,
    ownBackups: z
      .boolean()
      .default(true)
      .describe(
        "Turns on EFS's own nightly backup. Turn it off if an AWS Backup plan covers `dataArns`, or you pay twice",
      ),
  },
  sharedStorageOptions.rules,
);

export interface SharedStorageArgs extends Given<typeof sharedStorageArguments> {
  /** Protects data, key and secret when the stack is destroyed. */
  keepData: boolean;
  /** A network with route tables for the virtual IP. */
  network: VirtualIpNetwork;
  /** The bastion that may SSH to the nodes. @default none */
  bastion?: BastionLike;
  /** The SSM parameter with the machine image. @default Amazon Linux 2023 */
  imageParameter?: pulumi.Input<string>;
}

export const MANAGED_KINDS = ["instance", "cluster", "aurora"] as const;
export type ManagedKind = (typeof MANAGED_KINDS)[number];

const capacity = (least: number) => {
  const error = `half units from ${least} to 256`;
  return z.number({ error }).min(least, { error }).max(256, { error }).multipleOf(0.5, { error });
};

/** RDS accepts no window shorter than half an hour. */
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
      .describe(
        "One instance with a standby, three instances of which two can be read, or Aurora Serverless v2",
      ),
    multiAz: z.boolean().default(true).describe("A standby in another zone"),
    version: matching(
      /^1[3-8](\.\d{1,2})?$/,
      'a major version from "13" to "18", or one of its minor ones such as "17.4"',
    )
      .default("17")
      .describe("PostgreSQL's version; with a major version alone, RDS updates the minor version by itself"),
    applyImmediately: z
      .boolean()
      .default(true)
      .describe(
        "Applies changes immediately instead of in the maintenance window; required for a new major version",
      ),
    instanceClass: z.string().optional().describe("The instance class; the smallest of the kind if left out"),
    storageGiB: whole(20, 65_536).optional().describe("The disk; the smallest of the kind if left out"),
    minCapacity: capacity(0.5).default(0.5).describe("Aurora's smallest capacity"),
    maxCapacity: capacity(1).default(4).describe("Aurora's largest capacity"),
    backupRetentionDays: whole(1, 35).default(7).describe("How far back a restore reaches"),
    backupWindow: window(DAILY_WINDOW, "such as 00:30-01:30")
      .default("00:30-01:30")
      .describe("When RDS makes its daily backup, in UTC"),
    maintenanceWindow: window(WEEKLY_WINDOW, "such as sun:06:30-sun:07:30")
      .default("sun:06:30-sun:07:30")
      .describe("When RDS may patch and restart, in UTC"),
    finalSnapshot: z
      .boolean()
      .default(true)
      .describe("A destroy leaves a final snapshot and the key that encrypts it"),
    restoreFrom: z
      .strictObject({
        snapshotIdentifier: z.string().min(1).optional().describe("The snapshot to create the database from"),
        sourceIdentifier: z
          .string()
          .min(1)
          .optional()
          .describe("The database to create it from: an instance or a cluster, according to `kind`"),
        time: moment()
          .optional()
          .describe("The time in that database to restore to; its latest change if left out"),
      })
      .refine(({ snapshotIdentifier, sourceIdentifier }) => !snapshotIdentifier !== !sourceIdentifier, {
        message: "one with either snapshotIdentifier or sourceIdentifier",
      })
      .refine(({ snapshotIdentifier, time }) => !(snapshotIdentifier && time), {
        message: "one without time where snapshotIdentifier is given: a snapshot is of one moment",
      })
      .optional()
      .describe(
        "The source for a new database; on an existing one, this creates another database in its place",
      ),
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
  /** Protects data, key and final snapshot when the stack is destroyed. */
  keepData: boolean;
  /** A `cluster` needs private subnets in three zones. */
  network: NetworkLike;
}

export const externalDatabaseOptions = options({
  secretArn: arnOf("secretsmanager", "the ARN of a secret in Secrets Manager").describe(
    "The secret with user, password and, unless `endpoint` is set, the host",
  ),
  roleArn: roleArn()
    .optional()
    .describe("The role that reads the secret, if the secret belongs to another account"),
  kmsKeyArn: arnOf("kms", "the ARN of a KMS key")
    .optional()
    .describe("The secret's KMS key, if it is not the account's default key"),
  endpoint: z.string().optional().describe("The database's host; the one in the secret if left out"),
  readEndpoint: z.string().optional().describe("The host for reading"),
  cidrBlocks: z.array(ipBlock()).min(1).describe("The database's addresses: clients can reach nothing else"),
});

export interface ExternalDatabaseArgs extends Given<typeof externalDatabaseOptions> {
  network: NetworkLike;
}
