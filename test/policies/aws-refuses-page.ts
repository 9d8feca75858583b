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

Nothing here was ever made in an account of AWS's. What AWS would refuse was found by reading, and each refusal that was found is a rule
of \`policies/rules/aws/\`: \`npm test\` holds the stacks, the sandbox and the examples to it, and the policy pack every preview.

Most of it is what AWS says itself. Nearly every argument of a resource is a parameter of AWS's API under nearly the same name, and the
models of those APIs say which characters, lengths, numbers and words each takes. \`npm run limits\` writes that into
\`policies/rules/aws/published.json\`, from ${PUBLISHED.sources.join(" and ")} (CloudFormation's schemas of ${PUBLISHED.cloudFormation}), for the properties that
@pulumi/aws ${PUBLISHED.provider} has. Where the models are silent, \`documented.ts\`, \`sizes.ts\` and \`counts.ts\` have a line by hand, with its page.

A model may be wrong. So each value in the examples of the provider's own documentation is held against it in the tests; what the service
does not hold to is left out by \`scripts/limits/wrong.ts\`. A value that AWS takes and a rule refuses belongs there, or is mended by newer models.

## Rules

How each is known: "documentation" was read in AWS's own words (the models carry the text of the API reference), "thread" is an issue in which
somebody was refused, "knowledge" is known for long and was not read again; its page is where AWS should say it.

| Rule | Known by | Pages |
|---|---|---|
${Object.keys(awsRules).map(ruleRow).join("\n")}

## Types

"By its model" means that the values of the type's properties are judged; it does not mean that somebody has read all that its pages say of
combinations, order and rights. The numbers are single limits: of the models, by hand, and rules of the type as a whole or beside others. Of a
type's properties some stand for a parameter of AWS's and the rest are the provider's own (\`own\` in published.json names them).

| Type | Read | Values by models | By hand | As a whole | Parameters and own properties | API |
|---|---|---|---|---|---|---|
${types.map(rowOf).join("\n")}

## Left out of the models

| What | Of | Why |
|---|---|---|
${WRONG.map(({ of, kind, reason }) => `| ${kind} | ${of} | ${reason} |`).join("\n")}

Patterns that JavaScript cannot say:

| Property | Pattern |
|---|---|
${Object.entries(PUBLISHED.types)
  .flatMap(([type, { properties }]) => dropped(properties, type))
  .join("\n")}
`;
}
