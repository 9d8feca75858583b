import type { Tell } from "../failures/timeline";
import { Use } from "../engine/clients";
import { metricAlarms } from "./measurements";

/** Reports each alarm that begins or stops ringing, whoever evaluates it. */
export class AlarmWatch {
  private known?: Map<string, string>;

  constructor(
    private readonly use: Use,
    private readonly tell: Tell,
  ) {}

  async follow(): Promise<void> {
    const alarms = await metricAlarms(this.use);
    const states = new Map(alarms.map(({ AlarmName, StateValue }) => [AlarmName!, StateValue as string]));
    for (const { AlarmName, StateValue, StateReason, StateUpdatedTimestamp } of alarms) {
      const before = this.known?.get(AlarmName!);
      if (before === undefined || before === StateValue) continue;
      const words =
        StateValue === "ALARM"
          ? `${AlarmName} rings: ${StateReason ?? "no reason is given"}`
          : before === "ALARM" && `${AlarmName} rings no more`;
      if (words) this.tell("alarm", words, StateUpdatedTimestamp?.getTime());
    }
    this.known = states;
  }
}
