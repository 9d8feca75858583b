import { AutoScaling } from "@aws-sdk/client-auto-scaling";
import { ElasticLoadBalancingV2 } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ask } from "./ask";
import type { Context } from "./promised";
import type { Stage } from "./stage";

export interface WebServers {
  wanted: number;
  /** The group's maximum size. */
  most: number;
  /** Ids of those that are in service and receive requests from the load balancer. */
  healthy: string[];
}

/** The stack's web servers, as its group and its load balancer know them. */
export async function webServers({ outputs, region }: Stage): Promise<WebServers> {
  const autoscaling = new AutoScaling({ region });
  const { AutoScalingGroups } = await autoscaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [outputs["webGroupName"]!],
  });
  const group = AutoScalingGroups?.[0];
  if (!group) throw new Error(`there is no Auto Scaling group ${outputs["webGroupName"]}`);
  const inService = (group.Instances ?? []).filter((one) => one.LifecycleState === "InService");
  const healthy = await healthyTargets(group.TargetGroupARNs ?? [], region);
  return {
    wanted: group.DesiredCapacity ?? 0,
    most: group.MaxSize ?? 0,
    healthy: inService.map(({ InstanceId }) => InstanceId!).filter((id) => healthy.has(id)),
  };
}

/** The names of this many servers: calls the site until each has answered, including any that is required. */
export async function namesOf(
  { stage, until }: Pick<Context, "stage" | "until">,
  count: number,
  wanted: (name: string) => boolean = () => true,
): Promise<string[]> {
  const names = new Set<string>();
  await until(`An answer of each of ${count} servers`, 120, async () => {
    const { status, json } = await ask(`${stage.url}/`);
    if (status === 200 && wanted(json.hostname)) names.add(json.hostname);
    return names.size >= count;
  });
  return [...names].sort();
}

async function healthyTargets(groups: string[], region: string): Promise<Set<string>> {
  const balancing = new ElasticLoadBalancingV2({ region });
  const answers = await Promise.all(
    groups.map((TargetGroupArn) => balancing.describeTargetHealth({ TargetGroupArn })),
  );
  const targets = answers.flatMap(({ TargetHealthDescriptions = [] }) => TargetHealthDescriptions);
  return new Set(
    targets.filter((one) => one.TargetHealth?.State === "healthy").map(({ Target }) => Target!.Id!),
  );
}
