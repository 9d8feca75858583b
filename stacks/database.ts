import { Database } from "../components/database/args";
import { ExternalDatabase } from "../components/database/external";
import { ManagedDatabase } from "../components/database/managed";
import { SharedStorage } from "../components/database/shared-storage";
import { Bastion } from "../components/network/bastion";
import { ExistingNetwork } from "../components/network/existing-network";
import { Network } from "../components/network/network";
import { Settings } from "./schema";

interface Surroundings {
  keepData: boolean;
  network: Network | ExistingNetwork;
  bastion?: Bastion;
  operations: Settings["operations"];
}

/** The database of the engine that the settings name. */
export function databaseOf(
  settings: NonNullable<Settings["database"]>,
  { operations, ...surroundings }: Surroundings,
): Database {
  switch (settings.engine) {
    case "shared-storage":
      return new SharedStorage("database", {
        ...settings,
        ...surroundings,
        ownBackups: !operations?.backup,
      });
    case "managed":
      return new ManagedDatabase("database", { ...settings, ...surroundings });
    case "external":
      return new ExternalDatabase("database", { ...settings, ...surroundings });
  }
}
