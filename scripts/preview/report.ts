import { type Cost, costsOf, sumOf, unpriced } from "./cost";
import type { Change, Preview } from "./events";
import { ASSUMED, pricedAs, read, type Usage } from "./prices";
import { risksOf } from "./risks";
import type { Resource } from "./resource";

export interface Asked {
  stack: string;
  region: string;
  /** Set if the stack's settings name one. */
  monthlyBudgetUsd?: number;
  /** Who named it. @default the settings */
  budgetFrom?: string;
}

export interface Report {
  markdown: string;
  /** Set if the stack would cost more than its settings allow. */
  overBudget?: string;
}

const MOST_LINES = 40;

/** What a preview means, for the person who decides about it: price, data, the internet, rights, rules. */
export function reportOf(
  preview: Preview,
  { stack, region, monthlyBudgetUsd, budgetFrom = "operations.monthlyBudgetUsd" }: Asked,
): Report {
  const [before, after] = [costsOf(preview.before, region), costsOf(preview.after, region)];
  const risks = risksOf(preview);
  const total = sumOf(after);
  const overBudget =
    monthlyBudgetUsd !== undefined && total > monthlyBudgetUsd
      ? `Stack ${stack} would cost about ${usd(total)} a month, and its budget is ${usd(monthlyBudgetUsd)} (${budgetFrom}).`
      : undefined;
  const markdown = [
    `### ${stack}: ${summaryOf(preview.changes)}; about ${usd(total)} a month${difference(sumOf(before), total)}`,
    ...(overBudget ? [`🔴 **${overBudget}**`] : []),
    ...section("🔴 Data", risks.data),
    ...section("🔴 Rules that are broken", preview.broken),
    ...section("🟠 Newly open to the internet", risks.open),
    ...section("🟠 Newly allowed", risks.rights),
    table(before, after),
    notes(preview.after, region),
  ].join("\n\n");
  return { markdown, ...(overBudget && { overBudget }) };
}

export const usd = (amount: number): string => `${amount.toFixed(amount < 10 ? 2 : 0)} USD`;

const difference = (before: number, after: number): string => {
  const more = after - before;
  if (before === 0 || Math.abs(more) < 0.005) return "";
  return ` (${usd(Math.abs(more))} ${more > 0 ? "more" : "less"} than now)`;
};

function summaryOf(changes: Change[]): string {
  const counts = (["create", "update", "replace", "delete"] as const)
    .map((kind) => [changes.filter((change) => change.kind === kind).length, kind] as const)
    .filter(([count]) => count > 0);
  return counts.length > 0
    ? counts.map(([count, kind]) => `${count} to ${kind}`).join(", ")
    : "nothing changes";
}

function section(title: string, lines: string[]): string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MOST_LINES).map((line) => `- ${line}`);
  const more = lines.length > MOST_LINES ? [`- and ${lines.length - MOST_LINES} more`] : [];
  return [[`**${title}**`, "", ...shown, ...more].join("\n")];
}

/** Each component's price before and after, the most expensive first; those below half a dollar share one line. */
function table(before: Cost[], after: Cost[]): string {
  const names = [...new Set([...after, ...before].map(componentOf))];
  const rows = names
    .map((name) => ({ name, was: of(before, name), is: of(after, name) }))
    .sort((a, b) => b.is - a.is);
  const [dear, cheap] = [true, false].map((large) =>
    rows.filter(({ was, is }) => Math.max(was, is) >= 0.5 === large),
  ) as [typeof rows, typeof rows];
  const others = cheap.reduce((sum, { was, is }) => ({ was: sum.was + was, is: sum.is + is }), {
    was: 0,
    is: 0,
  });
  const usage = sumOf(after.filter(({ assumed }) => assumed));
  return [
    "| Component | USD a month now | then |",
    "|---|---|---|",
    ...dear.map(({ name, was, is }) => line(name, was, is)),
    ...(cheap.length > 0 ? [line("others", others.was, others.is)] : []),
    line("**all**", sumOf(before), sumOf(after)),
    line("of it by how much it is used", sumOf(before.filter(({ assumed }) => assumed)), usage),
  ].join("\n");
}

const componentOf = ({ resource }: Cost) => resource.component || "the stack itself";
const of = (costs: Cost[], name: string) => sumOf(costs.filter((cost) => componentOf(cost) === name));
const line = (name: string, was: number, is: number) => `| ${name} | ${was.toFixed(2)} | ${is.toFixed(2)} |`;

function notes(resources: Resource[], region: string): string {
  const prices = pricedAs(region);
  const missing = [...new Set(unpriced(resources))];
  const assumed = (Object.keys(ASSUMED) as Usage[]).map((name) => `${name} ${ASSUMED[name]}`);
  return [
    "<details><summary>How this was reckoned</summary>",
    "",
    `AWS's list prices in ${prices}${prices === region ? "" : `, in place of ${region}'s`}, as of ${read}, on demand, each group at its smallest. Not in it: traffic to the internet, ` +
      "metrics that machines send, support, taxes, free tiers, and what teams' projects cost. Each resource that is paid by use is taken to be used so much a month: " +
      `${assumed.join(", ")} (\`scripts/preview/price-list.json\`).`,
    ...(missing.length > 0
      ? ["", `**No price is known for ${missing.join(", ")}: these are missing from the sum.**`]
      : []),
    "",
    "</details>",
  ].join("\n");
}
