// How an event of AWS's own reaches a rule's target, whatever the target is.
import assert from "node:assert/strict";
import { deliver } from "../../sandbox/fleet/delivery";
import { standIns } from "./stand-ins";

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
const by = { source: arn("events", "rule/stopped"), account: "123456789012" };
const allow = (Action: string, Resource: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action, Resource }],
  });

describe("the sandbox delivers an event", () => {
  it("to a function, which is called and not waited for, and told the rule's name for the report", async () => {
    const target = arn("lambda", "function:watch");
    const calls: Record<string, unknown>[] = [];
    const lambda = {
      getPolicy: async ({ FunctionName }: { FunctionName: string }) => ({
        Policy: allow("lambda:InvokeFunction", FunctionName),
      }),
      invoke: async (input: Record<string, unknown>) => void calls.push(input),
    };
    await deliver(standIns({ lambda }), target, '{"a":1}', by);
    const [{ ClientContext, Payload, ...call }] = calls as [Record<string, string>];
    assert.deepEqual(call, { FunctionName: target, InvocationType: "Event" });
    assert.equal(String(Payload), '{"a":1}');
    assert.deepEqual(JSON.parse(Buffer.from(ClientContext!, "base64").toString()), { rule: "stopped" });
  });

  it("to a queue, by its name, and to a topic", async () => {
    const sent: object[] = [];
    const [queue, topic] = [arn("sqs", "waiting"), arn("sns", "alarms")];
    const sqs = {
      getQueueUrl: async ({ QueueName }: { QueueName: string }) => ({ QueueUrl: `at ${QueueName}` }),
      getQueueAttributes: async ({
        QueueUrl,
        AttributeNames,
      }: {
        QueueUrl: string;
        AttributeNames: string[];
      }) => ({
        Attributes: QueueUrl === "at waiting" && { [AttributeNames[0]!]: allow("sqs:SendMessage", queue) },
      }),
      sendMessage: async (input: object) => void sent.push(input),
    };
    const sns = {
      getTopicAttributes: async ({ TopicArn }: { TopicArn: string }) => ({
        Attributes: { Policy: allow("sns:Publish", TopicArn) },
      }),
      publish: async (input: object) => void sent.push(input),
    };
    for (const target of [queue, topic]) await deliver(standIns({ sqs, sns }), target, "text", by);
    assert.deepEqual(sent, [
      { QueueUrl: "at waiting", MessageBody: "text" },
      { TopicArn: topic, Message: "text" },
    ]);
  });

  it("to a state machine, as its input", async () => {
    const started: object[] = [];
    const sfn = { startExecution: async (input: object) => void started.push(input) };
    const target = arn("states", "stateMachine:deploy");
    await deliver(standIns({ sfn }), target, '{"a":1}', by);
    assert.deepEqual(started, [{ stateMachineArn: target, input: '{"a":1}' }]);
  });

  it("to no log group, whose lines nobody reads here", async () => {
    await deliver(standIns({}), arn("logs", "log-group:/aws/events/all"), "text", by);
  });

  it("refuses a target that it does not know, and says so of one whose policy cannot be read", async () => {
    const bus = arn("events", "event-bus/other");
    await assert.rejects(deliver(standIns({}), bus, "text", by), {
      message: `the sandbox delivers no event of AWS's own to ${bus}`,
    });
    const lambda = { getPolicy: () => Promise.reject(new Error("throttled")) };
    await assert.rejects(
      deliver(standIns({ lambda }), arn("lambda", "function:watch"), "text", by),
      /throttled/,
    );
    const sns = { getTopicAttributes: async () => ({}) };
    await assert.rejects(
      deliver(standIns({ sns }), arn("sns", "alarms"), "text", by),
      /its policy does not allow sns:Publish to events\.amazonaws\.com/,
    );
  });

  it("refuses a policy that is none", async () => {
    const target = arn("sns", "alarms");
    const sns = {
      getTopicAttributes: async () => ({ Attributes: { Policy: '{"Statement":[{"Effect":"Maybe"}]}' } }),
    };
    await assert.rejects(
      deliver(standIns({ sns }), target, "text", by),
      /^Error: the policy of arn:aws:sns:eu-west-1:123456789012:alarms cannot be judged: \{/,
    );
  });
});
