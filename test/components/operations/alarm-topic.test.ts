import { strict as assert } from "node:assert";
import { AlarmTopic } from "../../../components/operations/alarm-topic";
import { run } from "../../harness";
import { grantsIn, statementsIn } from "../../statements";
import { ACCOUNT } from "./fixtures";

describe("AlarmTopic", () => {
  it("subscribes each address, which must confirm", async () => {
    const { all } = await run(() => new AlarmTopic("alarms", { emails: ["a@example.com", "b@example.com"] }));
    assert.deepEqual(
      all("sns/topicSubscription:TopicSubscription").map(({ name, inputs }) => [
        name,
        inputs.protocol,
        inputs.endpoint,
      ]),
      [
        ["alarms-a@example.com", "email", "a@example.com"],
        ["alarms-b@example.com", "email", "b@example.com"],
      ],
    );
  });

  it("lets alarms, budgets and events publish, and encrypt as they do", async () => {
    const { one } = await run(() => new AlarmTopic("alarms"));
    assert.deepEqual(grantsIn(one("sns/topicPolicy:TopicPolicy").inputs.policy), {
      "cloudwatch.amazonaws.com": ["sns:Publish"],
      "budgets.amazonaws.com": ["sns:Publish"],
      "events.amazonaws.com": ["sns:Publish"],
    });
    assert.deepEqual(grantsIn(one("kms/key:Key").inputs.policy), {
      [`arn:aws:iam::${ACCOUNT}:root`]: ["kms:*"],
      "cloudwatch.amazonaws.com": ["kms:Decrypt", "kms:GenerateDataKey"],
      "budgets.amazonaws.com": ["kms:Decrypt", "kms:GenerateDataKey"],
      "events.amazonaws.com": ["kms:Decrypt", "kms:GenerateDataKey"],
    });
    assert.equal(
      one("sns/topic:Topic").inputs.kmsMasterKeyId,
      `arn:aws:kms:eu-west-1:${ACCOUNT}:key/alarms-id`,
    );
  });

  it("sets no condition that a service does not meet: EventBridge names no source", async () => {
    const { one } = await run(() => new AlarmTopic("alarms"));
    const conditionsOf = (policy: string) =>
      Object.fromEntries(
        statementsIn(policy)
          .filter((s) => s.Principal.Service)
          .map((s) => [
            s.Principal.Service,
            Object.values(s.Condition ?? {}).flatMap((keys) => Object.keys(keys as object)),
          ]),
      );
    assert.deepEqual(conditionsOf(one("sns/topicPolicy:TopicPolicy").inputs.policy), {
      "cloudwatch.amazonaws.com": ["aws:SourceAccount"],
      "budgets.amazonaws.com": ["aws:SourceAccount"],
      "events.amazonaws.com": [],
    });
    assert.deepEqual(conditionsOf(one("kms/key:Key").inputs.policy), {
      "cloudwatch.amazonaws.com": ["aws:SourceAccount"],
      "budgets.amazonaws.com": ["aws:SourceAccount"],
      "events.amazonaws.com": ["kms:EncryptionContext:aws:sns:topicArn"],
    });
  });

  it("accepts no message over plain HTTP, whoever sends it", async () => {
    const { one } = await run(() => new AlarmTopic("alarms"));
    const refusals = statementsIn(one("sns/topicPolicy:TopicPolicy").inputs.policy, "Deny");
    assert.deepEqual(
      refusals.map(({ Principal, Action, Condition }) => [Principal, Action, Condition]),
      [["*", ["sns:Publish"], { Bool: { "aws:SecureTransport": "false" } }]],
    );
  });

  it("keeps the key with keepData", async () => {
    const keyOf = async (keepData: boolean) => {
      const { one } = await run(() => new AlarmTopic("alarms", { keepData }));
      const { protect, inputs } = one("kms/key:Key");
      return [protect, inputs.deletionWindowInDays, inputs.enableKeyRotation];
    };
    assert.deepEqual(await keyOf(true), [true, 30, true]);
    assert.deepEqual(await keyOf(false), [false, 7, true]);
  });

  it("refuses an invalid address, and a duplicate", async () => {
    const topic = (...emails: string[]) => run(() => new AlarmTopic("alarms", { emails }));
    await assert.rejects(topic("a@example.com", "ops"), {
      message: 'AlarmTopic "alarms": emails.1 must be an e-mail address, got "ops"',
    });
    await assert.rejects(topic("a@example.com", "a@example.com"), {
      message:
        'AlarmTopic "alarms": emails must be different e-mail addresses, got ["a@example.com","a@example.com"]',
    });
  });
});
