import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { fence, stateOf } from "../fencing";
import { LEASE_TAG } from "../lease";
import type { InstancePorts } from "./switchover";

/** Refuses anything but a running node of the database: the holder would give up the lease for nobody, and the first to come would take over. */
export async function requireNode(
  client: Pick<EC2Client, "send">,
  table: string,
  node: string,
): Promise<void> {
  const { Reservations = [] } = await client.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: `tag:${LEASE_TAG}`, Values: [table] },
        { Name: "instance-state-name", Values: ["running"] },
      ],
    }),
  );
  const nodes = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId!));
  if (!nodes.includes(node))
    throw new Error(`${node} is no running node of ${table}; there are: ${nodes.join(", ") || "none"}`);
}

/** EC2 as reached from a person's machine. */
export const ec2 = (region: string) => new EC2Client({ region });

export const instancePorts = (client: Pick<EC2Client, "send">): InstancePorts => ({
  state: (node) => stateOf(client, node),
  fence: (node) => fence(client, node),
});
