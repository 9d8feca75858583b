import { omit, pascal, tagList } from "../engine/shape";
import { Inputs, Request, Table } from "../engine/types";

/** Managed databases as records on moto; the sandbox's own PostgreSQL answers behind their endpoint. */
export const rds: Table = {
  SubnetGroup: async (r) => {
    const rds = await r.use("rds");
    const name = r.physicalName(r.inputs["name"], 255);
    const { DBSubnetGroup } = await rds.createDBSubnetGroup({
      DBSubnetGroupName: name,
      DBSubnetGroupDescription: r.inputs["description"] ?? "Managed by Pulumi",
      SubnetIds: r.inputs["subnetIds"],
      Tags: tagList(r.tags),
    });
    return {
      id: name,
      outputs: { name, arn: DBSubnetGroup?.DBSubnetGroupArn ?? r.arn("rds", `subgrp:${name}`) },
    };
  },

  ParameterGroup: async (r) => {
    const rds = await r.use("rds");
    const name = r.physicalName(r.inputs["name"], 255);
    await rds.createDBParameterGroup({
      DBParameterGroupName: name,
      DBParameterGroupFamily: r.inputs["family"],
      Description: r.inputs["description"] ?? "Managed by Pulumi",
      Tags: tagList(r.tags),
    });
    if (r.inputs["parameters"])
      await rds.modifyDBParameterGroup({ DBParameterGroupName: name, Parameters: parametersOf(r.inputs) });
    return { id: name, outputs: { name, arn: r.arn("rds", `pg:${name}`) } };
  },

  ClusterParameterGroup: async (r) => {
    const rds = await r.use("rds");
    const name = r.physicalName(r.inputs["name"], 255);
    await rds.createDBClusterParameterGroup({
      DBClusterParameterGroupName: name,
      DBParameterGroupFamily: r.inputs["family"],
      Description: r.inputs["description"] ?? "Managed by Pulumi",
      Tags: tagList(r.tags),
    });
    return { id: name, outputs: { name, arn: r.arn("rds", `cluster-pg:${name}`) } };
  },

  Instance: async (r) => {
    const rds = await r.use("rds");
    const identifier = r.physicalName(r.inputs["identifier"], 63);
    const { DBInstance } = await rds.createDBInstance(instanceRequest(r, identifier));
    const made = DBInstance!;
    const host = made.Endpoint?.Address ?? "localhost";
    const port = made.Endpoint?.Port ?? r.inputs["port"] ?? 5432;
    return {
      id: made.DBInstanceIdentifier!,
      outputs: {
        identifier: made.DBInstanceIdentifier,
        arn: made.DBInstanceArn,
        address: host,
        port,
        endpoint: `${host}:${port}`,
        resourceId: made.DbiResourceId,
        status: made.DBInstanceStatus,
        username: made.MasterUsername,
        engineVersionActual: made.EngineVersion,
        masterUserSecrets: await masterSecret(r, identifier),
      },
    };
  },

  Cluster: async (r) => {
    const rds = await r.use("rds");
    const {
      clusterIdentifier,
      dbSubnetGroupName,
      dbClusterParameterGroupName,
      vpcSecurityGroupIds,
      manageMasterUserPassword,
      iamDatabaseAuthenticationEnabled,
      ...rest
    } = omit(r.inputs, ...NOT_ASKED);
    const name = r.physicalName(clusterIdentifier, 63);
    const { DBCluster } = await rds.createDBCluster({
      ...pascal(rest),
      DBClusterIdentifier: name,
      DBSubnetGroupName: dbSubnetGroupName,
      DBClusterParameterGroupName: dbClusterParameterGroupName,
      VpcSecurityGroupIds: vpcSecurityGroupIds,
      ManageMasterUserPassword: manageMasterUserPassword,
      EnableIAMDatabaseAuthentication: iamDatabaseAuthenticationEnabled,
      Tags: tagList(r.tags),
    });
    const made = DBCluster!;
    return {
      id: name,
      outputs: {
        clusterIdentifier: name,
        arn: made.DBClusterArn,
        endpoint: made.Endpoint,
        readerEndpoint: made.ReaderEndpoint,
        port: made.Port,
        clusterResourceId: made.DbClusterResourceId,
        masterUserSecrets: await masterSecret(r, name),
      },
    };
  },

  ClusterInstance: async (r) => {
    const rds = await r.use("rds");
    const { DBInstance } = await rds.createDBInstance(
      instanceRequest(r, r.physicalName(r.inputs["identifier"], 63)),
    );
    return {
      id: DBInstance!.DBInstanceIdentifier!,
      outputs: {
        identifier: DBInstance!.DBInstanceIdentifier,
        arn: DBInstance!.DBInstanceArn,
        endpoint: DBInstance!.Endpoint?.Address,
        port: DBInstance!.Endpoint?.Port,
      },
    };
  },
};

/** Settings about a destroy, a change, or a source: here everything is created anew. */
const NOT_ASKED = [
  "skipFinalSnapshot",
  "finalSnapshotIdentifier",
  "applyImmediately",
  "allowMajorVersionUpgrade",
  "snapshotIdentifier",
  "restoreToPointInTime",
] as const;

function instanceRequest(r: Request, identifier: string) {
  const i = omit(
    r.inputs,
    ...NOT_ASKED,
    "identifier",
    "deleteAutomatedBackups",
    // moto looks for the keys among its own, but they are MiniStack's.
    "kmsKeyId",
    "masterUserSecretKmsKeyId",
  );
  const {
    clusterIdentifier,
    dbSubnetGroupName,
    dbName,
    parameterGroupName,
    username,
    password,
    instanceClass,
    backupWindow,
    maintenanceWindow,
    enabledCloudwatchLogsExports,
    iamDatabaseAuthenticationEnabled,
    performanceInsightsEnabled,
    performanceInsightsKmsKeyId,
    performanceInsightsRetentionPeriod,
    caCertIdentifier,
    multiAz,
    ...rest
  } = i;
  return {
    ...pascal(rest),
    DBInstanceIdentifier: identifier,
    DBInstanceClass: instanceClass,
    DBClusterIdentifier: clusterIdentifier,
    DBSubnetGroupName: dbSubnetGroupName,
    DBName: dbName,
    DBParameterGroupName: parameterGroupName,
    MasterUsername: username,
    MasterUserPassword: password,
    PreferredBackupWindow: backupWindow,
    PreferredMaintenanceWindow: maintenanceWindow,
    EnableCloudwatchLogsExports: enabledCloudwatchLogsExports,
    EnableIAMDatabaseAuthentication: iamDatabaseAuthenticationEnabled,
    EnablePerformanceInsights: performanceInsightsEnabled,
    PerformanceInsightsKMSKeyId: performanceInsightsKmsKeyId,
    PerformanceInsightsRetentionPeriod: performanceInsightsRetentionPeriod,
    CACertificateIdentifier: caCertIdentifier,
    MultiAZ: multiAz,
    Tags: tagList(r.tags),
  };
}

export const parametersOf = ({ parameters }: Inputs) =>
  (parameters as Inputs[]).map(({ name, value, applyMethod }) => ({
    ParameterName: name,
    ParameterValue: value,
    ApplyMethod: applyMethod ?? "immediate",
  }));

/** RDS creates the secret of a password that it manages; here it is on MiniStack, whose policies decide who may read it. */
async function masterSecret(r: Request, identifier: string) {
  if (!r.inputs["manageMasterUserPassword"]) return [];
  const secrets = await r.use("secretsmanager");
  const { ARN } = await secrets.createSecret({
    Name: `rds!db-${identifier}`,
    KmsKeyId: r.inputs["masterUserSecretKmsKeyId"],
  });
  return [{ secretArn: ARN, kmsKeyId: r.inputs["masterUserSecretKmsKeyId"], secretStatus: "active" }];
}
