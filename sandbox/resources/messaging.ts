import { documentText, tagList } from "../engine/shape";
import { Inputs, Table } from "../engine/types";

/** Topics, on MiniStack. */
export const sns: Table = {
  Topic: async (r) => {
    const sns = await r.use("sns");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 256);
    const { TopicArn } = await sns.createTopic({
      Name: name,
      Attributes: { ...attributes({ FifoTopic: i["fifoTopic"] }), ...topicAttributes(i) },
      Tags: tagList(r.tags),
    });
    return { id: TopicArn!, outputs: { name, arn: TopicArn, owner: r.account } };
  },

  TopicSubscription: async (r) => {
    const sns = await r.use("sns");
    const i = r.inputs;
    const { SubscriptionArn } = await sns.subscribe({
      TopicArn: i["topic"],
      Protocol: i["protocol"],
      Endpoint: i["endpoint"],
      ReturnSubscriptionArn: true,
      Attributes: subscriptionAttributes(i),
    });
    return {
      id: SubscriptionArn!,
      outputs: { arn: SubscriptionArn, ownerId: r.account, pendingConfirmation: i["protocol"] === "email" },
    };
  },

  TopicPolicy: async (r) => {
    const sns = await r.use("sns");
    const { arn, policy } = r.inputs;
    await sns.setTopicAttributes({
      TopicArn: arn,
      AttributeName: "Policy",
      AttributeValue: documentText(policy),
    });
    return { id: arn, outputs: { owner: r.account } };
  },
};

/** Queues, on MiniStack. */
export const sqs: Table = {
  Queue: async (r) => {
    const sqs = await r.use("sqs");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 80);
    const { QueueUrl } = await sqs.createQueue({
      QueueName: name,
      Attributes: { ...attributes({ FifoQueue: i["fifoQueue"] || undefined }), ...queueAttributes(i) },
      tags: r.tags,
    });
    return { id: QueueUrl!, outputs: { name, url: QueueUrl, arn: r.arn("sqs", name) } };
  },

  QueuePolicy: async (r) => {
    const sqs = await r.use("sqs");
    const { queueUrl, policy } = r.inputs;
    await sqs.setQueueAttributes({ QueueUrl: queueUrl, Attributes: { Policy: documentText(policy) } });
    return { id: queueUrl };
  },

  RedriveAllowPolicy: async (r) => {
    const sqs = await r.use("sqs");
    const { queueUrl, redriveAllowPolicy } = r.inputs;
    await sqs.setQueueAttributes({
      QueueUrl: queueUrl,
      Attributes: { RedriveAllowPolicy: documentText(redriveAllowPolicy) },
    });
    return { id: queueUrl };
  },
};

/** What an update of a topic may change. */
export const topicAttributes = (i: Inputs) =>
  attributes({
    DisplayName: i["displayName"],
    KmsMasterKeyId: i["kmsMasterKeyId"],
    ContentBasedDeduplication: i["contentBasedDeduplication"],
    DeliveryPolicy: i["deliveryPolicy"],
    Policy: i["policy"] && documentText(i["policy"]),
    TracingConfig: i["tracingConfig"],
  });

/** What an update of a subscription may change. */
export const subscriptionAttributes = (i: Inputs) =>
  attributes({
    FilterPolicy: i["filterPolicy"],
    FilterPolicyScope: i["filterPolicyScope"],
    RawMessageDelivery: i["rawMessageDelivery"],
    RedrivePolicy: i["redrivePolicy"],
    SubscriptionRoleArn: i["subscriptionRoleArn"],
  });

/** What an update of a queue may change. */
export const queueAttributes = (i: Inputs) =>
  attributes({
    DelaySeconds: i["delaySeconds"],
    MaximumMessageSize: i["maxMessageSize"],
    MessageRetentionPeriod: i["messageRetentionSeconds"],
    ReceiveMessageWaitTimeSeconds: i["receiveWaitTimeSeconds"],
    VisibilityTimeout: i["visibilityTimeoutSeconds"],
    ContentBasedDeduplication: i["contentBasedDeduplication"] || undefined,
    KmsMasterKeyId: i["kmsMasterKeyId"],
    SqsManagedSseEnabled: i["sqsManagedSseEnabled"],
    RedrivePolicy: i["redrivePolicy"] && documentText(i["redrivePolicy"]),
    Policy: i["policy"] && documentText(i["policy"]),
  });

/** These APIs take every attribute as a text. */
function attributes(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, String(value)]),
  );
}
