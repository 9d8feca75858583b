import { Changes } from "../../engine/types";
import { queueAttributes, subscriptionAttributes, topicAttributes } from "../messaging";
import { again, ifThere } from "./calls";

/** A setting that was removed is set to nothing. */
const withEmptied = (before: Record<string, string>, now: Record<string, string>) => ({
  ...Object.fromEntries(Object.keys(before).map((name) => [name, ""])),
  ...now,
});

export const sns: Changes = {
  Topic: {
    async update(r) {
      const sns = await r.use("sns");
      const attributes = withEmptied(topicAttributes(r.before), topicAttributes(r.inputs));
      for (const [AttributeName, AttributeValue] of Object.entries(attributes))
        await sns.setTopicAttributes({ TopicArn: r.id, AttributeName, AttributeValue });
    },
    remove: async (r) => (await r.use("sns")).deleteTopic({ TopicArn: r.id }),
  },
  TopicSubscription: {
    async update(r) {
      const sns = await r.use("sns");
      const attributes = withEmptied(subscriptionAttributes(r.before), subscriptionAttributes(r.inputs));
      for (const [AttributeName, AttributeValue] of Object.entries(attributes))
        await sns.setSubscriptionAttributes({ SubscriptionArn: r.id, AttributeName, AttributeValue });
    },
    remove: async (r) => (await r.use("sns")).unsubscribe({ SubscriptionArn: r.id }),
  },
  TopicPolicy: {
    update: again,
    remove: async (r) =>
      ifThere(
        (await r.use("sns")).setTopicAttributes({
          TopicArn: r.id,
          AttributeName: "Policy",
          AttributeValue: "",
        }),
      ),
  },
};

const withoutAttribute =
  (name: string): Changes[string]["remove"] =>
  async (r) =>
    ifThere((await r.use("sqs")).setQueueAttributes({ QueueUrl: r.id, Attributes: { [name]: "" } }));

/** SQS's own defaults. */
const UNSET: Record<string, string> = {
  DelaySeconds: "0",
  MaximumMessageSize: "262144",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  SqsManagedSseEnabled: "true",
  VisibilityTimeout: "30",
};

export const sqs: Changes = {
  Queue: {
    async update(r) {
      const [before, now] = [queueAttributes(r.before), queueAttributes(r.inputs)];
      const gone = Object.keys(before).filter((name) => !(name in now));
      const Attributes = { ...Object.fromEntries(gone.map((name) => [name, UNSET[name] ?? ""])), ...now };
      await (await r.use("sqs")).setQueueAttributes({ QueueUrl: r.id, Attributes });
    },
    remove: async (r) => (await r.use("sqs")).deleteQueue({ QueueUrl: r.id }),
  },
  QueuePolicy: { update: again, remove: withoutAttribute("Policy") },
  RedriveAllowPolicy: { update: again, remove: withoutAttribute("RedriveAllowPolicy") },
};
