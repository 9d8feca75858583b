import { Changes } from "../../engine/types";
import { parametersOf } from "../databases";

/** Records on moto; the sandbox's own PostgreSQL behind them stays as it is. */
export const rds: Changes = {
  SubnetGroup: {
    carries: ["subnetIds", "description"],
    update: async (r) => {
      await (
        await r.use("rds")
      ).modifyDBSubnetGroup({
        DBSubnetGroupName: r.id,
        DBSubnetGroupDescription: r.inputs["description"] ?? "Managed by Pulumi",
        SubnetIds: r.inputs["subnetIds"],
      });
    },
    remove: async (r) => (await r.use("rds")).deleteDBSubnetGroup({ DBSubnetGroupName: r.id }),
  },
  ParameterGroup: {
    carries: ["parameters"],
    update: async (r) => {
      await (
        await r.use("rds")
      ).modifyDBParameterGroup({ DBParameterGroupName: r.id, Parameters: parametersOf(r.inputs) });
    },
    remove: async (r) => (await r.use("rds")).deleteDBParameterGroup({ DBParameterGroupName: r.id }),
  },
  ClusterParameterGroup: {
    carries: [],
    update: () => Promise.resolve(),
    remove: async (r) =>
      (await r.use("rds")).deleteDBClusterParameterGroup({ DBClusterParameterGroupName: r.id }),
  },
  Instance: {
    carries: ["instanceClass", "allocatedStorage", "multiAz", "deletionProtection", "backupRetentionPeriod"],
    update: async (r) => {
      const { instanceClass, allocatedStorage, multiAz, deletionProtection, backupRetentionPeriod } =
        r.inputs;
      await (
        await r.use("rds")
      ).modifyDBInstance({
        DBInstanceIdentifier: r.id,
        DBInstanceClass: instanceClass,
        AllocatedStorage: allocatedStorage,
        MultiAZ: multiAz,
        DeletionProtection: deletionProtection,
        BackupRetentionPeriod: backupRetentionPeriod,
        ApplyImmediately: true,
      });
    },
    remove: async (r) => {
      const secrets = await r.use("secretsmanager");
      for (const { secretArn } of (r.outputs["masterUserSecrets"] ?? []) as { secretArn: string }[])
        await secrets.deleteSecret({ SecretId: secretArn, ForceDeleteWithoutRecovery: true });
      await (await r.use("rds")).deleteDBInstance({ DBInstanceIdentifier: r.id, SkipFinalSnapshot: true });
    },
  },
  Cluster: {
    carries: ["deletionProtection", "backupRetentionPeriod", "serverlessv2ScalingConfiguration"],
    update: async (r) => {
      const { deletionProtection, backupRetentionPeriod } = r.inputs;
      await (
        await r.use("rds")
      ).modifyDBCluster({
        DBClusterIdentifier: r.id,
        DeletionProtection: deletionProtection,
        BackupRetentionPeriod: backupRetentionPeriod,
        ApplyImmediately: true,
      });
    },
    remove: async (r) =>
      (await r.use("rds")).deleteDBCluster({ DBClusterIdentifier: r.id, SkipFinalSnapshot: true }),
  },
  ClusterInstance: {
    carries: ["instanceClass"],
    update: async (r) => {
      await (
        await r.use("rds")
      ).modifyDBInstance({ DBInstanceIdentifier: r.id, DBInstanceClass: r.inputs["instanceClass"] });
    },
    remove: async (r) =>
      (await r.use("rds")).deleteDBInstance({ DBInstanceIdentifier: r.id, SkipFinalSnapshot: true }),
  },
};
