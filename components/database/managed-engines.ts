import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ManagedDatabaseArgs } from "./managed";

/** How CloudWatch and RDS's events know it. */
export interface Watched {
  /** Under which CloudWatch keeps its figures. */
  dimensions: Record<string, pulumi.Input<string>>;
  /** The replica's, where there is one to read from. */
  readerIdentifier?: pulumi.Input<string>;
}

export interface Built {
  secretArn: pulumi.Output<string>;
  endpoint: pulumi.Output<string>;
  readEndpoint: pulumi.Output<string>;
  dataArn: pulumi.Output<string>;
  watched: Watched;
  /** Whether there is something to read from besides the writer. */
  reads: boolean;
}

export interface EngineParts {
  subnetGroupName: pulumi.Input<string>;
  securityGroupId: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
  monitoringRoleArn: pulumi.Input<string>;
}

const LOGS = ["postgresql", "upgrade"];
const monitoringSeconds = 60;

/** An instance with a standby in another zone, and a replica to read from when asked for. */
export function instance(
  name: string,
  args: ManagedDatabaseArgs,
  parts: EngineParts,
  opts: pulumi.CustomResourceOptions,
): Built {
  const version = args.version ?? "17";
  const parameters = new aws.rds.ParameterGroup(
    name,
    { family: `postgres${version}`, parameters: [{ name: "rds.force_ssl", value: "1" }] },
    opts,
  );
  const common = {
    instanceClass: args.instanceClass ?? "db.t4g.micro",
    parameterGroupName: parameters.name,
    vpcSecurityGroupIds: [parts.securityGroupId],
    storageEncrypted: true,
    kmsKeyId: parts.kmsKeyArn,
    publiclyAccessible: false,
    iamDatabaseAuthenticationEnabled: true,
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: parts.kmsKeyArn,
    monitoringInterval: monitoringSeconds,
    monitoringRoleArn: parts.monitoringRoleArn,
    enabledCloudwatchLogsExports: LOGS,
    autoMinorVersionUpgrade: true,
    copyTagsToSnapshot: true,
    deletionProtection: args.keepData,
  };
  const writer = new aws.rds.Instance(
    name,
    {
      ...common,
      engine: "postgres",
      engineVersion: version,
      dbName: "app",
      username: "app",
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: parts.kmsKeyArn,
      dbSubnetGroupName: parts.subnetGroupName,
      multiAz: args.multiAz ?? true,
      allocatedStorage: args.storageGiB ?? 20,
      maxAllocatedStorage: 10 * (args.storageGiB ?? 20),
      storageType: "gp3",
      backupRetentionPeriod: args.backupRetentionDays ?? 7,
      ...finalSnapshot(args, parts),
    },
    { ...opts, protect: args.keepData },
  );
  const reader = args.readReplica
    ? new aws.rds.Instance(
        `${name}-reader`,
        { ...common, replicateSourceDb: writer.identifier, skipFinalSnapshot: true },
        opts,
      )
    : undefined;
  return {
    secretArn: secretOf(writer.masterUserSecrets),
    endpoint: writer.address,
    readEndpoint: (reader ?? writer).address,
    dataArn: writer.arn,
    watched: {
      dimensions: { DBInstanceIdentifier: writer.identifier },
      readerIdentifier: reader?.identifier,
    },
    reads: reader !== undefined,
  };
}

/** A cluster of three instances with their own storage, or Aurora Serverless v2 with one instance a zone. */
export function cluster(
  name: string,
  args: ManagedDatabaseArgs,
  parts: EngineParts,
  opts: pulumi.CustomResourceOptions,
): Built {
  const aurora = args.kind === "aurora";
  const version = args.version ?? "17";
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
      enabledCloudwatchLogsExports: LOGS,
      backupRetentionPeriod: args.backupRetentionDays ?? 7,
      copyTagsToSnapshot: true,
      deletionProtection: args.keepData,
      ...finalSnapshot(args, parts),
      ...(aurora
        ? {
            serverlessv2ScalingConfiguration: {
              minCapacity: args.minCapacity ?? 0.5,
              maxCapacity: args.maxCapacity ?? 4,
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
    for (const slot of (args.multiAz ?? true) ? ["a", "b"] : ["a"])
      new aws.rds.ClusterInstance(
        `${name}-${slot}`,
        {
          clusterIdentifier: writer.id,
          engine,
          engineVersion: version,
          instanceClass: "db.serverless",
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
    watched: { dimensions: { DBClusterIdentifier: writer.clusterIdentifier } },
    reads: !aurora || (args.multiAz ?? true),
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
