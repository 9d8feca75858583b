import type { ManagedDatabaseArgs } from "../../../components/database/args";
import { ManagedDatabase } from "../../../components/database/managed";
import { run } from "../../harness";

export const network = {
  vpcId: "vpc-1",
  cidrBlock: "10.0.0.0/16",
  publicSubnetIds: [],
  privateSubnetIds: ["subnet-a", "subnet-b", "subnet-c"],
};
export const args: ManagedDatabaseArgs = { keepData: true, network };

export const build = (more: Partial<ManagedDatabaseArgs> = {}) =>
  run(() => new ManagedDatabase("db", { ...args, ...more }));
