// The monthly cost of the whole account at which somebody is notified.
import { Budgets, NotificationType } from "@aws-sdk/client-budgets";
import { Budget } from "./options";
import { allowed, Step, unless } from "./step";

const NAME = "groundwork-account";

/** The limit of our budget in the account, in USD, if it exists. */
export async function knownBudget(budgets: Budgets, account: string): Promise<string | undefined> {
  const known = await allowed(
    "budgets:ViewBudget",
    unless(["NotFoundException"], budgets.describeBudget({ AccountId: account, BudgetName: NAME })),
  );
  return known?.Budget?.BudgetLimit?.Amount;
}

export function budgetStep(
  budgets: Budgets,
  account: string,
  known: string | undefined,
  wanted: Budget,
): Step {
  const told = known === undefined ? wanted.usd : Number(known);
  return {
    what: `the budget ${NAME}, ${told} USD a month${known === undefined ? `, told to ${wanted.email}` : ""}`,
    there: known !== undefined,
    make: () =>
      allowed(
        "budgets:ModifyBudget",
        budgets.createBudget({
          AccountId: account,
          Budget: {
            BudgetName: NAME,
            BudgetType: "COST",
            TimeUnit: "MONTHLY",
            BudgetLimit: { Amount: String(wanted.usd), Unit: "USD" },
          },
          NotificationsWithSubscribers: [
            mail("ACTUAL", 80, wanted.email),
            mail("FORECASTED", 100, wanted.email),
          ],
        }),
      ),
  };
}

const mail = (NotificationType: NotificationType, Threshold: number, Address: string) => ({
  Notification: {
    NotificationType,
    ComparisonOperator: "GREATER_THAN" as const,
    Threshold,
    ThresholdType: "PERCENTAGE" as const,
  },
  Subscribers: [{ SubscriptionType: "EMAIL" as const, Address }],
});
