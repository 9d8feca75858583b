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
 * What an instance refresh does for a group behind a load balancer: for each server a new one, from the launch template as it is now, passes
 * its checks before the old one is taken out, answers what it has, and ends. Answers how many were exchanged.
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
      // As in a refresh on AWS, for that time there may be one more than the group's largest size: moto does not look at it.
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
