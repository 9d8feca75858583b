import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";

/** The address of the single instance in a dev server's group. */
export async function addressIn(client: EC2Client, group: string): Promise<string | undefined> {
  const { Reservations = [] } = await client.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: "tag:aws:autoscaling:groupName", Values: [group] },
        { Name: "instance-state-name", Values: ["pending", "running"] },
      ],
    }),
  );
  const instances = Reservations.flatMap((one) => one.Instances ?? []);
  // A replacement and its predecessor may run side by side: the younger one stays.
  instances.sort((a, b) => Number(b.LaunchTime) - Number(a.LaunchTime));
  return instances.find((one) => one.PublicIpAddress)?.PublicIpAddress;
}
