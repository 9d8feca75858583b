import * as pulumi from "@pulumi/pulumi";
import { Database } from "../../components/database/database";
import { ExternalDatabase } from "../../components/database/external";
import { ManagedDatabase } from "../../components/database/managed";
import { SharedStorage } from "../../components/database/shared-storage";
import { Bastion } from "../../components/network/bastion";
import { Network } from "../../components/network/network";
import { Watch } from "../../components/operations/watch";
import { watchManagedDatabase, watchSharedStorage } from "../../components/operations/watches/database";
import { Settings } from "../settings";
import { Shown } from "./shown";
import { WebNeeds } from "./web-needs";

interface Shared {
  keepData: boolean;
  network: Network;
  bastion?: Bastion;
  /** A backup plan covers what the database holds. */
  backedUp: boolean;
  alarmTopicArn?: pulumi.Input<string>;
}

/** The database of the engine that the settings name. */
export function databaseArea(settings: NonNullable<Settings["database"]>, shared: Shared): Database {
  const { network } = shared;
  const place = { vpcId: network.vpcId, subnetIds: network.privateSubnetIds, keepData: shared.keepData };
  switch (settings.engine) {
    case "shared-storage": {
      const { engine: _engine, ...args } = settings;
      const database = new SharedStorage("database", {
        ...args,
        ...place,
        routeTableIds: network.virtualIpRouteTableIds,
        clientCidr: network.cidrBlock,
        bastionSecurityGroupId: shared.bastion?.securityGroupId,
        ownBackups: !shared.backedUp,
        alarmTopicArn: shared.alarmTopicArn,
      });
      network.allowEgress("database", database.nodeSecurityGroupId);
      return database;
    }
    case "managed": {
      const { engine: _engine, ...args } = settings;
      return new ManagedDatabase("database", { ...args, ...place });
    }
    case "external": {
      const { engine: _engine, ...args } = settings;
      return new ExternalDatabase("database", { ...args, vpcId: network.vpcId });
    }
  }
}

/** What the web servers need to reach it and to sign in. */
export const databaseNeeds = (database: Database): WebNeeds => ({
  environment: database.environment,
  statements: database.clientStatements,
  securityGroupIds: [database.clientSecurityGroupId],
});

export const databaseShown = (database: Database): Partial<Shown> => ({
  outputs: { databaseSecretArn: database.secretArn, databaseEndpoint: pulumi.output(database.endpoint) },
  watches: watched(database),
  dataArns: database.dataArn ? [database.dataArn] : [],
});

/** Somebody else's database is that somebody's to watch. */
function watched(database: Database): Watch[] {
  if (database instanceof ManagedDatabase) return [watchManagedDatabase(database.dimensions)];
  if (database instanceof SharedStorage) return [watchSharedStorage(database.leaseTableName)];
  return [];
}
