import { randomUUID } from "node:crypto";
import { Target } from "@aws-sdk/client-eventbridge";
import { Use } from "../engine/clients";
import { View } from "./view";

/** The states that an instance passes through on its way to one that the emulator shows. */
const ON_THE_WAY: Record<string, string[]> = {
  running: ["pending", "running"],
  stopped: ["stopping", "stopped"],
  terminated: ["shutting-down", "terminated"],
};

/** Tells the program's event rules of every change of an instance's state, in the words of AWS's own event. */
export class StateChanges {
  private readonly known = new Map<string, string>();
  private began = false;

  constructor(
    private readonly use: Use,
    private readonly where: { region: string; account: string },
    private readonly note: (line: string) => void,
  ) {}

  async follow({ machines }: View): Promise<void> {
    const seen = new Set(machines.map(({ id }) => id));
    const changes = machines.filter(({ id, state }) => this.known.get(id) !== state);
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
  }

  private async tell(instance: string, state: string): Promise<void> {
    const { region, account } = this.where;
    const event = {
      version: "0",
      id: randomUUID(),
      "detail-type": "EC2 Instance State-change Notification",
      source: "aws.ec2",
      account,
      time: new Date().toISOString(),
      region,
      resources: [`arn:aws:ec2:${region}:${account}:instance/${instance}`],
      detail: { "instance-id": instance, state },
    };
    const events = await this.use("events");
    const { Rules } = await events.listRules({});
    for (const { Name, EventPattern, State } of Rules ?? []) {
      if (!EventPattern?.includes("aws.ec2") || State === "DISABLED") continue;
      const { Result } = await events.testEventPattern({ EventPattern, Event: JSON.stringify(event) });
      if (!Result) continue;
      const { Targets } = await events.listTargetsByRule({ Rule: Name });
      for (const target of Targets ?? [])
        await this.deliver(target, event).catch((error: unknown) => this.note(`${Name}: ${String(error)}`));
    }
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
        throw new Error(`the sandbox delivers no EC2 event to ${target.Arn}`);
    }
  }
}
