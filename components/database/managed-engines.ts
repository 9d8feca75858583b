import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Complete } from "../shared/options";
import type { ManagedDatabaseArgs, managedDatabaseOptions } from "./args";

type CompleteArgs = ManagedDatabaseArgs & Complete<typeof managedDatabaseOptions>;

export interface Built {
  secretArn: pulumi.Output<string>;
  endpoint: pulumi.Output<string>;
  readEndpoint: pulumi.Output<string>;
  dataArn: pulumi.Output<string>;
  /** The resource id, by which IAM knows who may sign in. */
  resourceId: pulumi.Output<string>;
  /** Everything that must exist before a client can connect. */
  ready: pulumi.Resource[];
  /** The identifier in RDS's events. */
  identifier: pulumi.Output<string>;
  /** The CloudWatch dimensions of its metrics, one set for each instance that has metrics of its own. */
  dimensions: Record<string, pulumi.Output<string>>[];
  /** Whether there is a reader besides the writer. */
  reads: boolean;
}

export interface EngineParts {
  subnetGroupName: pulumi.Input<string>;
  securityGroupId: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
  monitoringRoleArn: pulumi.Input<string>;
  /** RDS tests the role when it creates the database. */
  ready: pulumi.Resource[];
}

const monitoringSeconds = 60;
/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
const MOST_GIB = 65_536;

/** The database and its master user. Whoever signs in later has a user of its own. */
export const DATABASE = "app";
export const MASTER = "app";

const majorOf = (version: string) => version.split(".")[0]!;

/** Keeps a minor version that is named: RDS would upgrade it, and cannot take it back. */
const followsMinor = (version: string) => !version.includes(".");

/** Ten times the size, or RDS's maximum. Below 1.1 times the size there is no limit, because RDS refuses one that leaves less than 10 % to grow. */
function mostStorage(storageGiB: number): number | undefined {
  const most = Math.min(10 * storageGiB, MOST_GIB);
  return most >= 1.1 * storageGiB ? most : undefined;
}

const timeOf = ({ time }: NonNullable<CompleteArgs["restoreFrom"]>) => (time === "latest" ? undefined : time);

/** The arguments that an instance and a cluster share. */
const common = (args: CompleteArgs, parts: EngineParts) => ({
  engineVersion: args.version,
  allowMajorVersionUpgrade: true,
  applyImmediately: args.applyImmediately,
  manageMasterUserPassword: true,
  masterUserSecretKmsKeyId: parts.kmsKeyArn,
  iamDatabaseAuthenticationEnabled: true,
  dbSubnetGroupName: parts.subnetGroupName,
  vpcSecurityGroupIds: [parts.securityGroupId],
  storageEncrypted: true,
  backupRetentionPeriod: args.backupRetentionDays,
  copyTagsToSnapshot: true,
  deletionProtection: args.keepData,
  ...finalSnapshot(args, parts),
  ...(args.restoreFrom?.snapshotIdentifier && { snapshotIdentifier: args.restoreFrom.snapshotIdentifier }),
});

/** An instance with a standby in another zone. It has no read replica: RDS makes none of a database whose password it manages. */
export function instance(
  name: string,
  args: CompleteArgs,
  parts: EngineParts,
  opts: pulumi.CustomResourceOptions,
): Built {
  const { version, restoreFrom } = args;
  const storageGiB = args.storageGiB ?? 20;
  // Another family needs another group under another name, created before the old one is deleted.
  const parameters = new aws.rds.ParameterGroup(
    name,
    { family: `postgres${majorOf(version)}`, parameters: [{ name: "rds.force_ssl", value: "1" }] },
    opts,
  );
  const writer = new aws.rds.Instance(
    name,
    {
      engine: "postgres",
      ...common(args, parts),
      instanceClass: args.instanceClass ?? "db.t4g.micro",
      parameterGroupName: parameters.name,
      dbName: DATABASE,
      username: MASTER,
      publiclyAccessible: false,
      multiAz: args.multiAz,
      allocatedStorage: storageGiB,
      maxAllocatedStorage: mostStorage(storageGiB),
      storageType: "gp3",
      // A restored database keeps the key that its snapshot was encrypted with, whatever key is given here.
      ...(restoreFrom ? {} : { kmsKeyId: parts.kmsKeyArn }),
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: parts.kmsKeyArn,
      monitoringInterval: monitoringSeconds,
      monitoringRoleArn: parts.monitoringRoleArn,
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      autoMinorVersionUpgrade: followsMinor(version),
      backupWindow: args.backupWindow,
      maintenanceWindow: args.maintenanceWindow,
      ...(restoreFrom?.sourceIdentifier && {
        restoreToPointInTime: {
          sourceDbInstanceIdentifier: restoreFrom.sourceIdentifier,
          ...(timeOf(restoreFrom) ? { restoreTime: timeOf(restoreFrom) } : { useLatestRestorableTime: true }),
        },
      }),
    },
    { ...opts, protect: args.keepData, dependsOn: parts.ready },
  );
  return {
    secretArn: secretOf(writer.masterUserSecrets),
    endpoint: writer.address,
    readEndpoint: writer.address,
    dataArn: writer.arn,
    resourceId: writer.resourceId,
    ready: [writer],
    identifier: writer.identifier,
    dimensions: [{ DBInstanceIdentifier: writer.identifier }],
    reads: false,
  };
}

/** RDS creates the members itself, always three. */
const MEMBERS = [0, 1, 2];

/** Only Aurora has metrics of a cluster. Here each member has its own: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/dimensions.html */
const memberOf = (of: aws.rds.Cluster) => (index: number) => ({
  // Sorted by name, because a failover changes the writer, not the names. A preview does not know any of them yet.
  DBInstanceIdentifier: of.clusterMembers.apply((members) => [...(members ?? [])].sort()[index] ?? ""),
});

/** A cluster of three instances with their own storage, or Aurora Serverless v2 with one instance a zone. */
export function cluster(
  name: string,
  args: CompleteArgs,
  parts: EngineParts,
  opts: pulumi.CustomResourceOptions,
): Built {
  const aurora = args.kind === "aurora";
  const { version, restoreFrom } = args;
  const engine = aurora ? "aurora-postgresql" : "postgres";
  const parameters = new aws.rds.ClusterParameterGroup(
    name,
    { family: `${engine}${majorOf(version)}`, parameters: [{ name: "rds.force_ssl", value: "1" }] },
    opts,
  );
  const storageGiB = args.storageGiB ?? 100;
  const writer = new aws.rds.Cluster(
    name,
    {
      engine,
      ...common(args, parts),
      databaseName: DATABASE,
      masterUsername: MASTER,
      dbClusterParameterGroupName: parameters.name,
      kmsKeyId: parts.kmsKeyArn,
      // Aurora has no upgrade log.
      enabledCloudwatchLogsExports: aurora ? ["postgresql"] : ["postgresql", "upgrade"],
      preferredBackupWindow: args.backupWindow,
      preferredMaintenanceWindow: args.maintenanceWindow,
      ...(restoreFrom?.sourceIdentifier && {
        restoreToPointInTime: {
          sourceClusterIdentifier: restoreFrom.sourceIdentifier,
          ...(timeOf(restoreFrom)
            ? { restoreToTime: timeOf(restoreFrom) }
            : { useLatestRestorableTime: true }),
        },
      }),
      ...(aurora
        ? {
            serverlessv2ScalingConfiguration: {
              minCapacity: args.minCapacity,
              maxCapacity: args.maxCapacity,
            },
          }
        : {
            dbClusterInstanceClass: args.instanceClass ?? "db.m6gd.large",
            storageType: "gp3",
            allocatedStorage: storageGiB,
            performanceInsightsEnabled: true,
            performanceInsightsKmsKeyId: parts.kmsKeyArn,
            monitoringInterval: monitoringSeconds,
            monitoringRoleArn: parts.monitoringRoleArn,
          }),
    },
    { ...opts, protect: args.keepData, dependsOn: parts.ready },
  );
  const slots = aurora ? (args.multiAz ? ["a", "b"] : ["a"]) : [];
  const instances = slots.map(
    (slot) =>
      new aws.rds.ClusterInstance(
        `${name}-${slot}`,
        {
          clusterIdentifier: writer.id,
          // The version follows the cluster's.
          engine,
          instanceClass: "db.serverless",
          applyImmediately: args.applyImmediately,
          publiclyAccessible: false,
          autoMinorVersionUpgrade: followsMinor(version),
          performanceInsightsEnabled: true,
          performanceInsightsKmsKeyId: parts.kmsKeyArn,
          monitoringInterval: monitoringSeconds,
          monitoringRoleArn: parts.monitoringRoleArn,
        },
        opts,
      ),
  );
  return {
    secretArn: secretOf(writer.masterUserSecrets),
    endpoint: writer.endpoint,
    readEndpoint: writer.readerEndpoint,
    dataArn: writer.arn,
    resourceId: writer.clusterResourceId,
    ready: [writer, ...instances],
    identifier: writer.clusterIdentifier,
    dimensions: aurora ? [{ DBClusterIdentifier: writer.clusterIdentifier }] : MEMBERS.map(memberOf(writer)),
    reads: !aurora || args.multiAz,
  };
}

/** Named after the subnet group, whose name differs each time a stack is created: a snapshot outlives its stack. */
function finalSnapshot(args: CompleteArgs, { subnetGroupName }: EngineParts) {
  return args.finalSnapshot
    ? { skipFinalSnapshot: false, finalSnapshotIdentifier: pulumi.interpolate`${subnetGroupName}-final` }
    : { skipFinalSnapshot: true };
}

/** RDS creates the secret together with the database, so a preview does not know it yet. */
function secretOf(secrets: pulumi.Output<{ secretArn: string }[] | undefined>): pulumi.Output<string> {
  return secrets.apply((all) => all?.[0]?.secretArn ?? "");
}
