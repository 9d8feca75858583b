import { isIPv4 } from "node:net";
import { RDS } from "@aws-sdk/client-rds";
import { needs, NotAsked } from "./promised";
import type { Stage } from "./stage";

/** Why there is no RDS database to check, if there is none. */
export const withoutManaged = (stage: Stage): string | undefined =>
  needs("databaseEndpoint")(stage) ??
  (isIPv4(stage.outputs["databaseEndpoint"]!) ? "its database runs on nodes of its own" : undefined);

/** An RDS database with a standby for its writer. */
export interface Managed {
  /** Where the writer is now: an instance's zone, or the instance of a cluster. */
  writer(): Promise<string | undefined>;
  /** Makes RDS promote the standby. */
  failOver(): Promise<unknown>;
}

/** The database behind the stack's endpoint, which begins with its name and shows whether it is a cluster. */
export function managedOf({ region, outputs }: Stage): Promise<Managed> {
  const rds = new RDS({ region });
  const [name = "", kind = ""] = outputs["databaseEndpoint"]!.split(".");
  return kind.startsWith("cluster-") ? cluster(rds, name) : instance(rds, name);
}

async function cluster(rds: RDS, DBClusterIdentifier: string): Promise<Managed> {
  const members = async () => {
    const { DBClusters: [now] = [] } = await rds.describeDBClusters({ DBClusterIdentifier });
    return now?.DBClusterMembers ?? [];
  };
  if ((await members()).length < 2)
    throw new NotAsked(`the cluster ${DBClusterIdentifier} has no standby instance`);
  return {
    writer: async () =>
      (await members()).find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier,
    failOver: () => rds.failoverDBCluster({ DBClusterIdentifier }),
  };
}

async function instance(rds: RDS, DBInstanceIdentifier: string): Promise<Managed> {
  const read = async () => (await rds.describeDBInstances({ DBInstanceIdentifier })).DBInstances?.[0];
  if (!(await read())?.MultiAZ) throw new NotAsked(`the instance ${DBInstanceIdentifier} has no standby`);
  return {
    writer: async () => (await read())?.AvailabilityZone,
    failOver: () => rds.rebootDBInstance({ DBInstanceIdentifier, ForceFailover: true }),
  };
}
