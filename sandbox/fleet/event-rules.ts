import { randomUUID } from "node:crypto";
import { Rule } from "@aws-sdk/client-eventbridge";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { messageOf } from "../problem";
import { deliver } from "./delivery";
import { inputOf } from "./event-input";
import { asksFor, Fields, takes } from "./event-pattern";

/** An event, as AWS's own service reports it. */
export interface Happening {
  source: string;
  "detail-type": string;
  resources: string[];
  detail: object;
}

/** The program's rules for AWS's own events, which the emulators neither create nor accept: each goes straight to its rules' targets. */
export class EventRules {
  constructor(
    private readonly use: Use,
    private readonly where: { region: string; account: string },
    private readonly note: (line: string) => void,
  ) {}

  /** Whether any rule asks for events from this source. */
  async ask(source: string): Promise<boolean> {
    return (await this.about(source)).length > 0;
  }

  /** Passes an event to the targets of every rule that matches it. */
  async tell(happening: Happening): Promise<void> {
    const event = {
      version: "0",
      id: randomUUID(),
      time: new Date().toISOString(),
      ...this.where,
      ...happening,
    };
    for (const rule of await this.about(happening.source))
      await this.fire(rule, event).catch((error: unknown) => this.note(`${rule.Name}: ${messageOf(error)}`));
  }

  /** An unreachable target does not keep the event from the others. */
  private async fire({ Name, Arn, EventPattern }: Rule, event: object): Promise<void> {
    if (!takes(JSON.parse(EventPattern!) as Fields, event as Fields)) return;
    const events = await this.use("events");
    const targets = await everyPage(
      (from) => events.listTargetsByRule({ Rule: Name, ...from }),
      (page) => page.Targets,
    );
    const rule = { name: Name!, arn: Arn! };
    for (const target of targets)
      try {
        const by = { source: rule.arn, account: this.where.account };
        await deliver(this.use, target.Arn!, inputOf(target, event, rule), by);
      } catch (error) {
        this.note(`${Name}: ${messageOf(error)}`);
      }
  }

  private async about(source: string): Promise<Rule[]> {
    const events = await this.use("events");
    const rules = await everyPage(
      (from) => events.listRules(from),
      (page) => page.Rules,
    );
    return rules.filter(
      ({ EventPattern, State }) =>
        State !== "DISABLED" && EventPattern && asksFor(JSON.parse(EventPattern) as Fields, source),
    );
  }
}
