import { isIPv4 } from "node:net";
import { EC2 } from "@aws-sdk/client-ec2";
import { LEASE_TAG } from "../../functions/database/lease";
import { ask } from "./ask";
import { Broken, Context, expectStatus, needs } from "./promised";
import type { Stage } from "./stage";
import { Watch } from "./watch";

/** So many writes in a row, half a second apart, are taken for going on. */
export const STEADY = 4;

/** Why there are no nodes to be asked about, if there are none. */
export const withoutNodes = (stage: Stage): string | undefined =>
  needs("databaseEndpoint", "vpcId")(stage) ??
  (isIPv4(stage.outputs["databaseEndpoint"]!) ? undefined : "its database runs on no nodes of its own");

/** The node that the database's address leads to, by the route tables of its network. */
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
  /** The table of their lease, which names them in their tags. */
  table: string;
  active: string;
  /** Those that run beside it. */
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
  if (!table) throw new Broken(`${active} has the database's address, and is no running node of a database`);
  const others = all.filter((one) => one.table === table && one.id !== active);
  return { table, active, others: others.map(({ id }) => id) };
}

/** Writes twice a second, without a row more: the database refuses a user that is there, and only a node that writes can say so. */
export async function watchWrites({ stage, token, user }: Context): Promise<Watch> {
  const written = await user();
  const authorization = `Bearer ${await token()}`;
  const write = { method: "POST", authorization, body: written };
  return new Watch(async () => (await ask(`${stage.url}/users`, write)).status === 409);
}

/** Refuses when the run's user is not in the list any more. */
export async function expectWritten({ stage, token, user }: Context, since: string): Promise<void> {
  const { username } = await user();
  const authorization = `Bearer ${await token()}`;
  const list = expectStatus("GET /users", await ask(`${stage.url}/users`, { authorization }), 200);
  if (!(list.json as { username: string }[]).some((one) => one.username === username))
    throw new Broken(`the user that was written before ${since} is lost`);
}
