import { strict as assert } from "node:assert";
import { Budget } from "../../../components/operations/budget";
import { physicalName, run } from "../../harness";
import { ACCOUNT, topic } from "./fixtures";

const budget = (monthlyUsd: number) => run(() => new Budget("budget", { monthlyUsd, topic: topic() }));

describe("Budget", () => {
  it("warns at 80 %, at 100 %, and when the forecast is above it", async () => {
    const { inputs } = (await budget(500)).one("budgets/budget:Budget");
    assert.deepEqual([inputs.limitAmount, inputs.limitUnit, inputs.timeUnit], ["500", "USD", "MONTHLY"]);
    const to = { subscriberSnsTopicArns: [`arn:aws:sns:eu-west-1:${ACCOUNT}:${physicalName("alarms")}`] };
    const above = { comparisonOperator: "GREATER_THAN", thresholdType: "PERCENTAGE", ...to };
    assert.deepEqual(inputs.notifications, [
      { notificationType: "ACTUAL", threshold: 80, ...above },
      { notificationType: "ACTUAL", threshold: 100, ...above },
      { notificationType: "FORECASTED", threshold: 100, ...above },
    ]);
  });

  it("refuses a budget of nothing", async () => {
    await assert.rejects(budget(0), {
      message: 'Budget "budget": monthlyUsd must be a whole number from 1 to 10000000, got 0',
    });
  });
});
