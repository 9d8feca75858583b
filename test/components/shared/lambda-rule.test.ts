import { strict as assert } from "node:assert";
import * as aws from "@pulumi/aws";
import { Lambda } from "../../../components/shared/lambda";
import { lambdaRule } from "../../../components/shared/lambda-rule";
import { physicalName, run } from "../../harness";

const NAME = physicalName("ping");
const rule = (when: aws.cloudwatch.EventRuleArgs) =>
  run(() => {
    const lambda = new Lambda("ping", { callback: async () => undefined });
    lambdaRule("ping-often", lambda, when, { parent: lambda });
    return {};
  });

describe("a rule that calls a function", () => {
  it("lets EventBridge call just this function for just this rule", async () => {
    const { one } = await rule({ scheduleExpression: "rate(1 minute)" });
    assert.deepEqual(one("lambda/permission:Permission").inputs, {
      function: NAME,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: `arn:aws:events:eu-west-1:123456789012:rule/${physicalName("ping-often")}`,
    });
  });

  it("targets the function only once it may be called", async () => {
    const { one } = await rule({ scheduleExpression: "rate(1 minute)" });
    const target = one("cloudwatch/eventTarget:EventTarget");
    assert.deepEqual(target.inputs, {
      rule: physicalName("ping-often"),
      arn: `arn:aws:lambda:eu-west-1:123456789012:function:${NAME}`,
    });
    assert.deepEqual(target.dependsOn, ["ping-often"]);
  });

  it("waits for the given dependencies, and nothing else", async () => {
    for (const when of [
      { scheduleExpression: "rate(5 minutes)", description: "Often" },
      { eventPattern: JSON.stringify({ source: ["aws.ec2"] }) },
    ])
      assert.deepEqual((await rule(when)).one("cloudwatch/eventRule:EventRule").inputs, when);
  });
});
