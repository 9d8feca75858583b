import { Use } from "../engine/clients";
import type { Tell } from "../failures/timeline";
import { Server } from "./runner";
import { Target } from "./target-group";
import { Group, View } from "./view";

interface GroupsOptions {
  /** Servers that a deployment is working on: neither registered nor replaced meanwhile. @default none */
  held?: ReadonlySet<string>;
  tell?: Tell;
  /** Keeps a server that runs but does not answer, such as one at a breakpoint. @default false */
  patient?: boolean;
}

/**
 * Auto Scaling's work beside launching: keeps the target groups' members equal to the group's, and replaces an instance
 * whose health check failed.
 */
export class Groups {
  private readonly held: ReadonlySet<string>;
  private readonly tell: Tell;
  private readonly patient: boolean;
  /** All members that each group ever had: it removes only these from its target groups when they go. */
  private readonly members = new Map<string, Set<string>>();

  constructor(
    private readonly use: Use,
    private readonly note: (line: string) => void,
    { held = new Set(), tell = () => {}, patient = false }: GroupsOptions = {},
  ) {
    this.held = held;
    this.tell = tell;
    this.patient = patient;
  }

  async follow(view: View, servers: Server[], targets: (Target & { group: string })[]): Promise<void> {
    for (const group of view.groups) {
      await this.register(group, view);
      for (const id of group.instanceIds) {
        if (this.held.has(id)) continue;
        if (this.patient && servers.some((one) => one.id === id && one.alive)) continue;
        const reason = unfit(group, view, servers, targets, id);
        const log = servers.find((one) => one.id === id)?.log;
        if (reason) await this.replace(group, id, log ? `${reason} (see ${log})` : reason);
      }
    }
  }

  private async register(group: Group, { machines, registered }: View): Promise<void> {
    const members = this.members.get(group.name) ?? new Set();
    this.members.set(group.name, members);
    for (const id of group.instanceIds) members.add(id);
    const running = machines.filter(({ id, state }) => group.instanceIds.includes(id) && state === "running");
    const inService = running.filter(({ id }) => !group.pending.includes(id));
    for (const arn of group.targetGroupArns) {
      const elb = await this.use("elb");
      const known = registered.get(arn) ?? [];
      const missing = inService.filter(({ id }) => !known.includes(id) && !this.held.has(id));
      const gone = known.filter((id) => members.has(id) && !running.some((one) => one.id === id));
      const targets = (ids: string[]) => ({ TargetGroupArn: arn, Targets: ids.map((Id) => ({ Id })) });
      if (missing.length) await elb.registerTargets(targets(missing.map(({ id }) => id)));
      if (gone.length) await elb.deregisterTargets(targets(gone));
    }
  }

  private async replace(group: Group, id: string, reason: string): Promise<void> {
    this.note(`${group.name}: ${id} is replaced, because ${reason}`);
    this.tell("replacement", `the group ${group.name} replaces ${id}`);
    const autoscaling = await this.use("autoscaling");
    await autoscaling.terminateInstanceInAutoScalingGroup({
      InstanceId: id,
      ShouldDecrementDesiredCapacity: false,
    });
    // moto has removed the instance from the group; this requests the launch that follows on AWS.
    await autoscaling.setDesiredCapacity({
      AutoScalingGroupName: group.name,
      DesiredCapacity: group.desired,
    });
  }
}

/** Why an instance must go; undefined while it may stay. */
function unfit(
  group: Group,
  { machines }: View,
  servers: Server[],
  targets: (Target & { group: string })[],
  id: string,
): string | undefined {
  const state = machines.find((one) => one.id === id)?.state;
  if (state === "stopping" || state === "stopped") return "it was stopped";
  const server = servers.find((one) => one.id === id);
  const dead = server !== undefined && !server.alive;
  if (group.healthCheckType !== "ELB" || group.targetGroupArns.length === 0)
    return dead ? "its machine died" : undefined;
  const bad = targets.find((one) => one.id === id && one.health === "unhealthy");
  if (!bad) return undefined;
  const launchedAt = machines.find((one) => one.id === id)?.launchedAt.getTime() ?? 0;
  const graceOver = Date.now() - launchedAt > group.graceSeconds * 1000;
  // The grace period is for machines that are still starting, not for one that is gone.
  return graceOver || dead ? bad.reason : undefined;
}
