import { isIPv4 } from "node:net";
import { EC2 } from "@aws-sdk/client-ec2";
import { LEASE_TAG } from "../../functions/database/lease";
import { Broken, needs } from "./promised";
import type { Stage } from "./stage";

/** Why there are no nodes to check, if there are none. */
export const withoutNodes = (stage: Stage): string | undefined =>
  needs("databaseEndpoint", "vpcId")(stage) ??
  (isIPv4(stage.outputs["databaseEndpoint"]!) ? undefined : "its database does not run on nodes of its own");

/** The node that the database's address leads to, by its network's route tables. */
export async function activeNode({ region, outputs }: Stage): Promise<string | undefined> {
  const { RouteTables = [] } = await new EC2({ region }).describeRouteTables({
    Filters: [{ Name: "vpc-id", Values: [outputs["vpcId"]!] }],
  });
  const route = RouteTables.flatMap(({ Routes = [] }) => Routes).find(
    ({ DestinationCidrBlock }) => DestinationCidrBlock === `${outputs["databaseEndpoint"]}/32`,
  );
  return route?.InstanceId;
}

export interface Nodes {
  /** The table of their lease, named in their tags. */
  table: string;
  active: string;
  /** The ones that run beside it. */
  others: string[];
}

/** All running nodes of the stack's database. */
export async function nodesOf(stage: Stage): Promise<Nodes> {
  const active = await activeNode(stage);
  if (!active) throw new Broken("no node has the database's address");
  const { Reservations = [] } = await new EC2({ region: stage.region }).describeInstances({
    Filters: [
      { Name: "vpc-id", Values: [stage.outputs["vpcId"]!] },
      { Name: "tag-key", Values: [LEASE_TAG] },
      { Name: "instance-state-name", Values: ["running"] },
    ],
  });
  const all = Reservations.flatMap(({ Instances = [] }) => Instances).map(({ InstanceId, Tags = [] }) => ({
    id: InstanceId!,
    table: Tags.find(({ Key }) => Key === LEASE_TAG)!.Value!,
  }));
  const table = all.find(({ id }) => id === active)?.table;
  if (!table) throw new Broken(`${active} has the database's address, but is not a running database node`);
  const others = all.filter((one) => one.table === table && one.id !== active);
  return { table, active, others: others.map(({ id }) => id) };
}
