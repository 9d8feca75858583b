// npm run price -- --stack STACK: what a stack costs a month, opens and allows, by its program and its settings alone: no account, no CLI.
import "../lean-pulumi.cjs"; // before Pulumi, as main.cjs does
import { parseArgs } from "node:util";
import { declaredBy } from "../program";
import { resourcesOf } from "./declared";
import { plain } from "./plain";
import { reportOf } from "./report";
import { askedOf, settingsOf } from "./settings";

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { stack: { type: "string", short: "s" } } });
  const { stack } = values;
  if (!stack) throw new Error("Say which stack: --stack STACK.");
  const config = settingsOf(stack);
  const after = resourcesOf(await declaredBy(stack, config));
  const changes = after.map((one) => ({ kind: "create" as const, after: one, kept: false, reasons: [] }));
  const { markdown, overBudget } = reportOf(
    { before: [], after, changes, broken: [] },
    askedOf(stack, config),
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
