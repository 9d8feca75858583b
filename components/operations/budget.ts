import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "../shared/check";
import { AlarmTopic } from "./alarm-topic";

export interface BudgetArgs {
  /** What the whole account may cost in a calendar month. */
  monthlyUsd: number;
  topic: AlarmTopic;
}

const WARNINGS = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
];

/**
 * A warning when the account's month costs, or is going to cost, more than was meant. Costs nothing.
 * Nothing is stopped: AWS counts costs some hours late.
 */
export class Budget extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    new Check("Budget", name).wholeNumber("monthlyUsd", args.monthlyUsd, 1, 10_000_000).done();
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
