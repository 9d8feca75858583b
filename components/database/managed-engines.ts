import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Filled } from "../shared/options";
import type { ManagedDatabaseArgs, managedDatabaseOptions } from "./args";

type FilledArgs = ManagedDatabaseArgs & Filled<typeof managedDatabaseOptions>;

export interface Built {
  secretArn: pulumi.Output<string>;
  endpoint: pulumi.Output<string>;
  readEndpoint: pulumi.Output<string>;
  dataArn: pulumi.Output<string>;
  /** Under which CloudWatch keeps its figures; RDS's events name it so, too. */
  dimensions: Record<string, pulumi.Output<string>>;
  /** Whether there is something to read from besides the writer. */
  reads: boolean;
}

export interface EngineParts {
  subnetGroupName: pulumi.Input<string>;
  securityGroupId: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
  monitoringRoleArn: pulumi.Input<string>;
}

const monitoringSeconds = 60;
/**
 * A change comes with the `up` that asks for it, and takes the database away for minutes: what waits for RDS's window holds the old
 * parameters in use, so that the `up` fails at them. RDS wants a new major version said twice; the settings say it once.
 */
const CHANGES = { applyImmediately: true, allowMajorVersionUpgrade: true };

/** An instance with a standby in another zone. It has no replica to read from: RDS makes none of a database whose password it manages. */
export function instance(
  name: string,
  args: FilledArgs,
  parts: EngineParts,
  opts: pulumi.CustomResourceOptions,
): Built {
  const { version } = args;
  const parameters = new aws.rds.ParameterGroup(
    name,
    { family: `postgres${version}`, parameters: [{ name: "rds.force_ssl", value: "1" }] },
    opts,
  );
  const writer = new aws.rds.Instance(
    name,
    {
      engine: "postgres",
      engineVersion: version,
      ...CHANGES,
      instanceClass: args.instanceClass ?? "db.t4g.micro",
      parameterGroupName: parameters.name,
      dbName: "app",
      username: "app",
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: parts.kmsKeyArn,
      iamDatabaseAuthenticationEnabled: true,
      dbSubnetGroupName: parts.subnetGroupName,
      vpcSecurityGroupIds: [parts.securityGroupId],
      publiclyAccessible: false,
      multiAz: args.multiAz,
      allocatedStorage: args.storageGiB ?? 20,
      maxAllocatedStorage: 10 * (args.storageGiB ?? 20),
      storageType: "gp3",
      storageEncrypted: true,
      kmsKeyId: parts.kmsKeyArn,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: parts.kmsKeyArn,
      monitoringInterval: monitoringSeconds,
      monitoringRoleArn: parts.monitoringRoleArn,
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      autoMinorVersionUpgrade: true,
      backupRetentionPeriod: args.backupRetentionDays,
      backupWindow: args.backupWindow,
      maintenanceWindow: args.maintenanceWindow,
      copyTagsToSnapshot: true,
      deletionProtection: args.keepData,
      ...finalSnapshot(args, parts),
    },
    { ...opts, protect: args.keepData },
  );
  return {
    secretArn: secretOf(writer.masterUserSecrets),
    endpoint: writer.address,
    readEndpoint: writer.address,
    dataArn: writer.arn,
    dimensions: { DBInstanceIdentifier: writer.identifier },
    reads: false,
  };
}

/** A cluster of three instances with their own storage, or Aurora Serverless v2 with one instance a zone. */
export function cluster(
  name: string,
  args: FilledArgs,
  parts: EngineParts,
  opts: pulumi.CustomResourceOptions,
): Built {
  const aurora = args.kind === "aurora";
  const { version } = args;
  const engine = aurora ? "aurora-postgresql" : "postgres";
  const parameters = new aws.rds.ClusterParameterGroup(
    name,
    { family: `${engine}${version}`, parameters: [{ name: "rds.force_ssl", value: "1" }] },
    opts,
  );
  const storageGiB = args.storageGiB ?? 100;
  const writer = new aws.rds.Cluster(
    name,
    {
      engine,
      engineVersion: version,
      ...CHANGES,
      databaseName: "app",
      masterUsername: "app",
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: parts.kmsKeyArn,
      dbClusterParameterGroupName: parameters.name,
      dbSubnetGroupName: parts.subnetGroupName,
      vpcSecurityGroupIds: [parts.securityGroupId],
      storageEncrypted: true,
      kmsKeyId: parts.kmsKeyArn,
      iamDatabaseAuthenticationEnabled: true,
      // Aurora upgrades without a log of its own.
      enabledCloudwatchLogsExports: aurora ? ["postgresql"] : ["postgresql", "upgrade"],
      backupRetentionPeriod: args.backupRetentionDays,
      preferredBackupWindow: args.backupWindow,
      preferredMaintenanceWindow: args.maintenanceWindow,
      copyTagsToSnapshot: true,
      deletionProtection: args.keepData,
      ...finalSnapshot(args, parts),
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
    { ...opts, protect: args.keepData },
  );
  if (aurora)
    for (const slot of args.multiAz ? ["a", "b"] : ["a"])
      new aws.rds.ClusterInstance(
        `${name}-${slot}`,
        {
          clusterIdentifier: writer.id,
          engine,
          engineVersion: version,
          instanceClass: "db.serverless",
          applyImmediately: CHANGES.applyImmediately,
          publiclyAccessible: false,
          autoMinorVersionUpgrade: true,
          performanceInsightsEnabled: true,
          performanceInsightsKmsKeyId: parts.kmsKeyArn,
          monitoringInterval: monitoringSeconds,
          monitoringRoleArn: parts.monitoringRoleArn,
        },
        opts,
      );
  return {
    secretArn: secretOf(writer.masterUserSecrets),
    endpoint: writer.endpoint,
    readEndpoint: writer.readerEndpoint,
    dataArn: writer.arn,
    dimensions: { DBClusterIdentifier: writer.clusterIdentifier },
    reads: !aurora || args.multiAz,
  };
}

/** Named after the subnet group, whose own name is another one each time that a stack is made: a snapshot outlives its stack. */
function finalSnapshot({ keepData }: ManagedDatabaseArgs, { subnetGroupName }: EngineParts) {
  return keepData
    ? { skipFinalSnapshot: false, finalSnapshotIdentifier: pulumi.interpolate`${subnetGroupName}-final` }
    : { skipFinalSnapshot: true };
}

/** RDS makes the secret together with the database, so a preview does not know it yet. */
function secretOf(secrets: pulumi.Output<{ secretArn: string }[] | undefined>): pulumi.Output<string> {
  return secrets.apply((all) => all?.[0]?.secretArn ?? "");
}
