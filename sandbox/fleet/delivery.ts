import { Use } from "../engine/clients";
import { requirePermission, Wish } from "./resource-policy";

const SERVICE = "events.amazonaws.com";

/** Passes a text to a rule's target, if the target's own policy allows that to EventBridge. */
export async function deliver(
  use: Use,
  target: string,
  text: string,
  { source, account }: Pick<Wish, "source" | "account">,
): Promise<void> {
  const allowed = (policy: string | undefined, action: string) =>
    requirePermission(policy, { service: SERVICE, action, resource: target, source, account });
  const [, , service, , , ...rest] = target.split(":");
  switch (service) {
    case "lambda": {
      const lambda = await use("lambda");
      const policy = await lambda
        .getPolicy({ FunctionName: target })
        .catch((error: Error) =>
          error.name === "ResourceNotFoundException" ? undefined : Promise.reject(error),
        );
      await allowed(policy?.Policy, "lambda:InvokeFunction");
      await lambda.invoke({
        FunctionName: target,
        InvocationType: "Event",
        Payload: Buffer.from(text),
        // The report about the call (emulators/woken.py) names the rule by it.
        ClientContext: Buffer.from(JSON.stringify({ rule: source.split("/").at(-1) })).toString("base64"),
      });
      return;
    }
    case "sqs": {
      const sqs = await use("sqs");
      const { QueueUrl } = await sqs.getQueueUrl({ QueueName: rest.at(-1) });
      const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["Policy"] });
      await allowed(Attributes?.["Policy"] || undefined, "sqs:SendMessage");
      await sqs.sendMessage({ QueueUrl, MessageBody: text });
      return;
    }
    case "sns": {
      const sns = await use("sns");
      const { Attributes } = await sns.getTopicAttributes({ TopicArn: target });
      await allowed(Attributes?.["Policy"] || undefined, "sns:Publish");
      await sns.publish({ TopicArn: target, Message: text });
      return;
    }
    case "states": {
      const sfn = await use("sfn");
      await sfn.startExecution({ stateMachineArn: target, input: text });
      return;
    }
    case "logs":
      return;
    default:
      throw new Error(`the sandbox delivers no event of AWS's own to ${target}`);
  }
}
