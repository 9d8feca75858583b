import { awsRules } from "../../policies/rules/aws";
import { PLACES } from "../../policies/rules/aws/counts";
import { DOCUMENTED } from "../../policies/rules/aws/documented";
import type { Limit } from "../../policies/rules/aws/limit";
import { DOCUMENTS } from "../../policies/rules/aws/sizes";
import { linesOf, SOURCES } from "../../policies/rules/aws/sources";
import { PUBLISHED, pageOf } from "../../policies/rules/aws/values";
import { WRONG } from "../../scripts/limits/wrong";
import { COUNTERPARTS } from "../../scripts/limits/types";

const KINDS = ["pattern", "values", "length", "range", "count"] as const;

/** How many single bounds the models say of properties and of what is in them. */
function boundsOf(properties: Record<string, Limit>): number {
  return Object.values(properties).reduce(
    (sum, limit) =>
      sum +
      KINDS.filter((kind) => limit[kind]).length +
      (limit.required?.length ?? 0) +
      (limit.keys ? boundsOf({ keys: limit.keys }) : 0) +
      boundsOf(limit.properties ?? {}),
    0,
  );
}

/** Rules that look at a type as a whole, or at it beside others. */
const together = (type: string) =>
  Object.values(SOURCES).filter(({ types }) => types.includes(type)).length +
  Math.max(0, (DOCUMENTS[type] ?? []).length - 1) +
  Math.max(0, PLACES.filter((place) => place.type === type).length - 1);

function rowOf(type: string): string {
  const known = PUBLISHED.types[type];
  const byHand = linesOf(DOCUMENTED[type] ?? {}).length;
  if (!known) return `| ${type} | not read | | ${byHand} | ${together(type)} | | |`;
  const { service, parameters, own, properties } = known;
  const operation = COUNTERPARTS[type]!.at[0]!.split("/")[0]!;
  const page = `[${service} ${operation}](${pageOf(service, operation)})`;
  return `| ${type} | by its model | ${boundsOf(properties)} | ${byHand} | ${together(type)} | ${parameters} and ${own.length} | ${page} |`;
}

const linked = (pages: string[]) => pages.map((page) => `[${page.split("/").pop()}](${page})`).join(", ");

function ruleRow(rule: string): string {
  const { basis, pages } = SOURCES[rule]!;
  return `| ${rule} | ${basis.join(", ")} | ${linked(pages)} |`;
}

function dropped(properties: Record<string, Limit>, path: string): string[] {
  return Object.entries(properties).flatMap(([name, limit]) => [
    ...(limit.dropped ? [`| ${path} ${name} | \`${limit.dropped.replaceAll("|", "\\|")}\` |`] : []),
    ...dropped(limit.properties ?? {}, `${path} ${name}`),
  ]);
}

/** docs/aws-refuses.md: what is known of each type that a program of ours declares. */
export function awsRefusesPage(declared: string[]): string {
  const types = [...new Set([...declared, ...Object.keys(PUBLISHED.types)])].sort();
  return `# What AWS refuses

Nothing here was ever created in an AWS account. What AWS would refuse was found by reading, and each refusal found is a rule
in \`policies/rules/aws/\`. \`npm test\` checks the stacks, the sandbox and the examples against these rules; the policy pack checks every preview.

Most of it comes from AWS itself. Nearly every argument of a resource is a parameter of AWS's API with nearly the same name, and the
models of those APIs say which characters, lengths, numbers and words each accepts. \`npm run limits\` writes these limits to
\`policies/rules/aws/published.json\`, from ${PUBLISHED.sources.join(" and ")} (CloudFormation's schemas of ${PUBLISHED.cloudFormation}), for the properties that
@pulumi/aws ${PUBLISHED.provider} has. Where the models say nothing, \`documented.ts\`, \`sizes.ts\` and \`counts.ts\` have a hand-written line with its source page.

A model may be wrong. So the tests check it against every value in the examples of the provider's own documentation; limits that the service
does not enforce are left out in \`scripts/limits/wrong.ts\`. If a rule refuses a value that AWS accepts, add it there, or update the models.

## Rules

Sources: "documentation" was read in AWS's own words (the models contain the text of the API reference), "thread" is an issue in which
someone was refused, "knowledge" is general knowledge that was not looked up again; its page is where AWS should say it.

| Rule | Source | Pages |
|---|---|---|
${Object.keys(awsRules).map(ruleRow).join("\n")}

## Types

"By its model" means that the values of the type's properties are checked; it does not mean that somebody has read everything its pages say about
combinations, order and permissions. The numbers count single limits: from the models, hand-written, and rules for the type as a whole or in combination with others. Some of a
type's properties correspond to a parameter of AWS's API; the rest are the provider's own (\`own\` in published.json names them).

| Type | Read | Values by models | By hand | As a whole | Parameters and own properties | API |
|---|---|---|---|---|---|---|
${types.map(rowOf).join("\n")}

## Left out of the models

| What | Of | Why |
|---|---|---|
${WRONG.map(({ of, kind, reason }) => `| ${kind} | ${of} | ${reason} |`).join("\n")}

Patterns that JavaScript cannot express:

| Property | Pattern |
|---|---|
${Object.entries(PUBLISHED.types)
  .flatMap(([type, { properties }]) => dropped(properties, type))
  .join("\n")}
`;
}
