import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fill } from "../shared/options";
import { BudgetArgs, budgetOptions } from "./args";

const WARNINGS = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
];

/**
 * A warning when the account's monthly cost, actual or forecast, exceeds a limit. Costs nothing.
 * It stops nothing, because AWS counts costs with a delay of some hours.
 */
export class Budget extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    fill("Budget", name, budgetOptions, args);
    super("groundwork:index:Budget", name, {}, opts);
    new aws.budgets.Budget(
      name,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(args.monthlyUsd),
        limitUnit: "USD",
        notifications: WARNINGS.map((warning) => ({
          ...warning,
          comparisonOperator: "GREATER_THAN",
          thresholdType: "PERCENTAGE",
          subscriberSnsTopicArns: [args.topic.topicArn],
        })),
      },
      { parent: this, dependsOn: args.topic.ready },
    );
    this.registerOutputs({});
  }
}
