import { isIPv4 } from "node:net";
import { EC2 } from "@aws-sdk/client-ec2";
import { ask } from "../ask";
import { endMachine } from "../end-machine";
import { Broken, expectStatus, needs, Promised } from "../promised";
import type { Stage } from "../stage";
import { Watch } from "../watch";

/** So many writes in a row, half a second apart, are taken for going on. */
const STEADY = 4;

/** The node that the database's address leads to, by the route tables of its network. */
async function activeNode({ region, outputs }: Stage): Promise<string | undefined> {
  const { RouteTables = [] } = await new EC2({ region }).describeRouteTables({
    Filters: [{ Name: "vpc-id", Values: [outputs["vpcId"]!] }],
  });
  const route = RouteTables.flatMap(({ Routes = [] }) => Routes).find(
    ({ DestinationCidrBlock }) => DestinationCidrBlock === `${outputs["databaseEndpoint"]}/32`,
  );
  return route?.InstanceId;
}

export const databaseFault: Promised = {
  name: "a database node that is ended is followed by another",
  expected:
    "another node serves, writes go on, and nothing written is lost; the seconds without writes are measured",
  by: "faults",
  notice: "it ends the active database node; nothing is written until another one serves",
  takes: { sandbox: 30, AWS: 120 },
  usd: 0.01,
  missing: (stage) =>
    needs("databaseEndpoint", "vpcId", "userPoolId")(stage) ??
    (isIPv4(stage.outputs["databaseEndpoint"]!) ? undefined : "its database runs on no nodes of its own"),
  async run({ stage, token, user, until, say }) {
    const written = await user();
    const active = await activeNode(stage);
    if (!active) throw new Broken("no node has the database's address: nothing was ended");
    // The same user once more is refused by the database as it is written: that takes a node that writes, and adds no row.
    const authorization = `Bearer ${await token()}`;
    const write = { method: "POST", authorization, body: written };
    const watch = new Watch(async () => (await ask(`${stage.url}/users`, write)).status === 409);
    try {
      await endMachine(stage, active);
      say(`${active} is ended`);
      const next = await until("Another node's taking over", 600, async () => {
        const now = await activeNode(stage);
        return now !== undefined && now !== active && watch.steady >= STEADY && now;
      });
      const seen = await watch.end();
      const list = expectStatus("GET /users", await ask(`${stage.url}/users`, { authorization }), 200);
      if (!(list.json as { username: string }[]).some(({ username }) => username === written.username))
        throw new Broken(`the user that was written before ${active} was ended is lost`);
      return `${active} was ended, and ${next} took over; of the writes, ${seen}; what was written before is there`;
    } finally {
      await watch.end();
    }
  },
};
