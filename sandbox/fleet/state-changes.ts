import { EventRules } from "./event-rules";
import { Group, View } from "./view";

/** The states that an instance passes through on its way to the one that the emulator shows. */
const ON_THE_WAY: Record<string, string[]> = {
  running: ["pending", "running"],
  stopped: ["stopping", "stopped"],
  terminated: ["shutting-down", "terminated"],
};

/**
 * Sends every state change of an instance, and the result of every launch by a group, to the program's event rules, in the form of AWS's
 * own events.
 */
export class StateChanges {
  private readonly known = new Map<string, string>();
  /** Instances of a group that are not in service yet, with its name. */
  private readonly launching = new Map<string, string>();
  private began = false;

  constructor(
    private readonly rules: EventRules,
    private readonly where: { region: string; account: string },
  ) {}

  async follow({ machines, groups }: View): Promise<void> {
    const seen = new Set(machines.map(({ id }) => id));
    const changes = machines.filter(({ id, state }) => this.known.get(id) !== state);
    const launched = changes.filter(({ id, state }) => state === "running" && !this.known.has(id));
    const forgotten = [...this.known].filter(([id, state]) => !seen.has(id) && state !== "terminated");
    // Instances that exist when the fleet begins were started before anybody looked: reporting them would start a function for each.
    if (!this.began) {
      this.began = true;
      for (const { id, state } of changes) this.known.set(id, state);
      for (const { name, pending } of groups) for (const id of pending) this.launching.set(id, name);
      return;
    }
    for (const { id, state } of [...changes, ...forgotten.map(([id]) => ({ id, state: "terminated" }))]) {
      this.known.set(id, state);
      for (const step of ON_THE_WAY[state] ?? [state]) await this.tell(id, step);
    }
    for (const { id, group } of launched) if (group) this.launching.set(id, group);
    await this.tellLaunches(groups);
  }

  /** A launch is over when its instance is in service, or when a launch hook or a health check has given it up. */
  private async tellLaunches(groups: Group[]): Promise<void> {
    for (const [id, name] of this.launching) {
      const group = groups.find((one) => one.name === name);
      if (group?.pending.includes(id)) continue;
      this.launching.delete(id);
      if (group)
        await this.tellLaunch(id, name, group.instanceIds.includes(id) ? "Successful" : "Unsuccessful");
    }
  }

  private tell(instance: string, state: string): Promise<void> {
    return this.rules.tell({
      source: "aws.ec2",
      "detail-type": "EC2 Instance State-change Notification",
      resources: [this.arnOf(instance)],
      detail: { "instance-id": instance, state },
    });
  }

  private tellLaunch(instance: string, group: string, end: "Successful" | "Unsuccessful"): Promise<void> {
    return this.rules.tell({
      source: "aws.autoscaling",
      "detail-type": `EC2 Instance Launch ${end}`,
      resources: [this.arnOf(instance)],
      detail: { AutoScalingGroupName: group, EC2InstanceId: instance },
    });
  }

  private arnOf(instance: string): string {
    const { region, account } = this.where;
    return `arn:aws:ec2:${region}:${account}:instance/${instance}`;
  }
}
