// npm run price -- --stack STACK [--budget USD]: what a stack costs a month, opens and allows, from its program and settings alone.
import "../lean-pulumi.cjs"; // before Pulumi, as main.cjs does
import { parseArgs } from "node:util";
import { declaredBy } from "../program";
import { resourcesOf } from "./declared";
import { plain } from "./plain";
import { reportOf } from "./report";
import { askedOf, settingsOf } from "./settings";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { stack: { type: "string", short: "s" }, budget: { type: "string" } },
  });
  const { stack } = values;
  if (!stack) throw new Error("Say which stack: --stack STACK.");
  const { budget } = values;
  if (budget !== undefined && !(Number(budget) > 0))
    throw new Error(`--budget must be a number of US dollars above 0, got ${budget}.`);
  const config = settingsOf(stack);
  const after = resourcesOf(await declaredBy(stack, config));
  const changes = after.map((one) => ({ kind: "create" as const, after: one, kept: false, reasons: [] }));
  const asked = askedOf(stack, config);
  const { markdown, overBudget } = reportOf(
    { before: [], after, changes, broken: [] },
    { ...asked, ...(budget && { monthlyBudgetUsd: Number(budget), budgetFrom: "--budget" }) },
  );
  console.log(plain(markdown));
  if (overBudget) console.error(overBudget);
  return overBudget ? 1 : 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
