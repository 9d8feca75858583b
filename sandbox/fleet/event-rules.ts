import { randomUUID } from "node:crypto";
import { Rule, Target } from "@aws-sdk/client-eventbridge";
import { Use } from "../engine/clients";

/** What happened, as AWS's own service tells it. */
export interface Happening {
  source: string;
  "detail-type": string;
  resources: string[];
  detail: object;
}

/** The program's rules for AWS's own events, which the emulators neither make nor take: each goes straight to its rules' targets. */
export class EventRules {
  constructor(
    private readonly use: Use,
    private readonly where: { region: string; account: string },
    private readonly note: (line: string) => void,
  ) {}

  /** Whether any rule asks for what this source tells. */
  async ask(source: string): Promise<boolean> {
    return (await this.about(source)).length > 0;
  }

  /** Hands an event to the targets of every rule that takes it. */
  async tell(happening: Happening): Promise<void> {
    const event = {
      version: "0",
      id: randomUUID(),
      time: new Date().toISOString(),
      ...this.where,
      ...happening,
    };
    const events = await this.use("events");
    for (const { Name, EventPattern } of await this.about(happening.source)) {
      const { Result } = await events.testEventPattern({ EventPattern, Event: JSON.stringify(event) });
      if (!Result) continue;
      const { Targets } = await events.listTargetsByRule({ Rule: Name });
      for (const target of Targets ?? [])
        await this.deliver(target, event).catch((error: unknown) => this.note(`${Name}: ${String(error)}`));
    }
  }

  private async about(source: string): Promise<Rule[]> {
    const events = await this.use("events");
    const { Rules = [] } = await events.listRules({});
    return Rules.filter(({ EventPattern, State }) => State !== "DISABLED" && EventPattern?.includes(source));
  }

  private async deliver(target: Target, event: object): Promise<void> {
    const text = target.Input ?? JSON.stringify(event);
    const service = target.Arn!.split(":")[2];
    switch (service) {
      case "lambda": {
        const lambda = await this.use("lambda");
        await lambda.invoke({
          FunctionName: target.Arn,
          InvocationType: "Event",
          Payload: Buffer.from(text),
        });
        return;
      }
      case "sqs": {
        const sqs = await this.use("sqs");
        const { QueueUrl } = await sqs.getQueueUrl({ QueueName: target.Arn!.split(":").at(-1) });
        await sqs.sendMessage({ QueueUrl, MessageBody: text });
        return;
      }
      case "sns": {
        const sns = await this.use("sns");
        await sns.publish({ TopicArn: target.Arn, Message: text });
        return;
      }
      case "states": {
        const sfn = await this.use("sfn");
        await sfn.startExecution({ stateMachineArn: target.Arn, input: text });
        return;
      }
      case "logs":
        return;
      default:
        throw new Error(`the sandbox delivers no event of AWS's own to ${target.Arn}`);
    }
  }
}
