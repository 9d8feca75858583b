import { EventRules } from "./event-rules";
import { View } from "./view";

/** The states that an instance passes through on its way to one that the emulator shows. */
const ON_THE_WAY: Record<string, string[]> = {
  running: ["pending", "running"],
  stopped: ["stopping", "stopped"],
  terminated: ["shutting-down", "terminated"],
};

/**
 * Tells the program's event rules of every change of an instance's state, and of every launch by a group, in the words of AWS's own
 * events.
 */
export class StateChanges {
  private readonly known = new Map<string, string>();
  private began = false;

  constructor(
    private readonly rules: EventRules,
    private readonly where: { region: string; account: string },
  ) {}

  async follow({ machines }: View): Promise<void> {
    const seen = new Set(machines.map(({ id }) => id));
    const changes = machines.filter(({ id, state }) => this.known.get(id) !== state);
    const launched = changes.filter(({ id, state }) => state === "running" && !this.known.has(id));
    const forgotten = [...this.known].filter(([id, state]) => !seen.has(id) && state !== "terminated");
    // What is there when the fleet begins was started before anybody looked: telling it would start a function for each.
    if (!this.began) {
      this.began = true;
      for (const { id, state } of changes) this.known.set(id, state);
      return;
    }
    for (const { id, state } of [...changes, ...forgotten.map(([id]) => ({ id, state: "terminated" }))]) {
      this.known.set(id, state);
      for (const step of ON_THE_WAY[state] ?? [state]) await this.tell(id, step);
    }
    for (const { id, group } of launched) if (group) await this.tellLaunch(id, group);
  }

  private tell(instance: string, state: string): Promise<void> {
    return this.rules.tell({
      source: "aws.ec2",
      "detail-type": "EC2 Instance State-change Notification",
      resources: [this.arnOf(instance)],
      detail: { "instance-id": instance, state },
    });
  }

  private tellLaunch(instance: string, group: string): Promise<void> {
    return this.rules.tell({
      source: "aws.autoscaling",
      "detail-type": "EC2 Instance Launch Successful",
      resources: [this.arnOf(instance)],
      detail: { AutoScalingGroupName: group, EC2InstanceId: instance },
    });
  }

  private arnOf(instance: string): string {
    const { region, account } = this.where;
    return `arn:aws:ec2:${region}:${account}:instance/${instance}`;
  }
}
