export { SharedStorage } from "./shared-storage";
export { ManagedDatabase } from "./managed";
export { ExternalDatabase } from "./external";
export type {
  Database,
  DatabaseLike,
  ExternalDatabaseArgs,
  ManagedDatabaseArgs,
  SharedStorageArgs,
} from "./args";
