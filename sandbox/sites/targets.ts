import { Stack } from "@aws-sdk/client-cloudformation";
import { Use } from "../engine/clients";
import type { Machine } from "../fleet/view";
import { ProjectServers } from "./servers";

/** Registers a project's machines with its stack's target group, as its Auto Scaling group does on AWS; MiniStack reports each of them as healthy. */
export class ProjectTargets {
  /** By the target group. */
  private readonly registered = new Map<string, string[]>();

  constructor(
    /** MiniStack, with root's keys. */
    private readonly use: Use,
    private readonly servers: Pick<ProjectServers, "imageOf" | "listeningFor">,
  ) {}

  async follow(machines: Machine[], stacks: Stack[]): Promise<void> {
    for (const { StackName, Outputs = [] } of stacks) {
      const group = Outputs.find(({ OutputKey }) => OutputKey === "TargetGroup")?.OutputValue;
      if (!group) continue;
      const before = this.registered.get(group) ?? [];
      const now = await this.wellOf(StackName!, machines);
      await this.change(group, "registerTargets", now, before);
      await this.change(group, "deregisterTargets", before, now);
      this.registered.set(group, now);
    }
  }

  /** Those that listen; for a kind that needs Docker, whose servers are only recorded, all that run. */
  private async wellOf(stack: string, machines: Machine[]): Promise<string[]> {
    if (!(await this.servers.imageOf(stack))?.needs)
      return this.servers.listeningFor(stack).map(({ id }) => id);
    return machines
      .filter(({ state, tags }) => state === "running" && tags["groundwork:stack"] === stack)
      .map(({ id }) => id);
  }

  private async change(
    TargetGroupArn: string,
    call: "registerTargets" | "deregisterTargets",
    these: string[],
    not: string[],
  ): Promise<void> {
    const Targets = these.filter((id) => !not.includes(id)).map((Id) => ({ Id }));
    if (Targets.length === 0) return;
    const elb = await this.use("elb");
    await elb[call]({ TargetGroupArn, Targets }).catch((error: Error) => {
      // A stack that is being deleted has already removed it.
      if (!error.name.startsWith("TargetGroupNotFound")) throw error;
    });
  }
}
