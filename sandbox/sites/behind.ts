import { OfBoth } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { Leading } from "./names";

/** The project's stack whose servers a name leads to: by its load balancer, or by the address of its single machine. */
export async function stackBehind(
  emulators: OfBoth,
  { alias, addresses }: Leading,
): Promise<string | undefined> {
  if (alias) {
    const elb = await emulators.ministack("elb");
    const all = await everyPage(
      (from) => elb.describeLoadBalancers(from),
      (page) => page.LoadBalancers,
    );
    return all.find(({ DNSName }) => DNSName?.toLowerCase() === alias)?.LoadBalancerName;
  }
  const ec2 = await emulators.moto("ec2");
  const { Reservations = [] } = await ec2.describeInstances({
    Filters: [{ Name: "ip-address", Values: addresses }],
  });
  const tags = Reservations.flatMap(({ Instances = [] }) => Instances.flatMap(({ Tags = [] }) => Tags));
  return tags.find(({ Key }) => Key === "groundwork:stack")?.Value;
}
