import { Use } from "../engine/clients";
import { Problem, until } from "../problem";
import { Target } from "./target-group";
import { View } from "./view";

interface Seen {
  view: View;
  targets: Target[];
}

const SECONDS = 60;

/**
 * An instance refresh of a group behind a load balancer. For each server, a new one from the current launch template passes its health
 * checks before the old one is deregistered, finishes its requests, and ends. Returns how many were replaced.
 */
export async function refresh(use: Use, AutoScalingGroupName: string, look: () => Seen): Promise<number> {
  const autoscaling = await use("autoscaling");
  const group = () => look().view.groups.find(({ name }) => name === AutoScalingGroupName);
  const before = group();
  if (!before) throw new Problem(`There is no group ${AutoScalingGroupName} to refresh.`);
  const { instanceIds, desired } = before;
  const healthy = () =>
    look().targets.filter(({ id, health }) => health === "healthy" && group()?.instanceIds.includes(id))
      .length;
  try {
    for (const InstanceId of instanceIds) {
      // As in a refresh on AWS, the group may meanwhile exceed its maximum size by one: moto does not check it.
      await autoscaling.setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity: desired + 1 });
      await until(`A healthy new server of ${AutoScalingGroupName}`, () => healthy() > desired, {
        seconds: SECONDS,
      });
      await autoscaling.terminateInstanceInAutoScalingGroup({
        InstanceId,
        ShouldDecrementDesiredCapacity: true,
      });
      await until(
        `The end of ${InstanceId}`,
        () => !look().targets.some(({ id }) => id === InstanceId) && group()?.instanceIds.length === desired,
        { seconds: SECONDS },
      );
    }
  } finally {
    await autoscaling.setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity: desired });
  }
  return instanceIds.length;
}
