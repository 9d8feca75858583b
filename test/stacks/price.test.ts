import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Cost, costsOf, sumOf, unpriced } from "../../scripts/preview/cost";
import { ROWS } from "../../scripts/preview/cost-rows";
import { resourcesOf } from "../../scripts/preview/declared";
import { askedOf } from "../../scripts/preview/settings";
import { some } from "../some";
import { STACKS, stackView } from "./stacks";

const ROOT = path.join(__dirname, "../..");

/** What costs nothing by itself, or is paid with what it belongs to. */
const FREE = new RegExp(
  `^aws:(${[
    "accessanalyzer/analyzer|acm/.*|apigateway/(account|authorizer|deployment|integration|method|methodSettings|model|requestValidator|resource|response)",
    "appautoscaling/.*|autoscaling/policy|backup/(plan|selection)|budgets/budget",
    "cloudfront/(function|originAccessControl|responseHeadersPolicy)|cloudwatch/(eventRule|eventTarget|logMetricFilter|logStream|logSubscriptionFilter)|codedeploy/.*|codestarconnections/.*",
    "cognito/(riskConfiguration|userGroup|userPoolClient)|ebs/.*",
    "ec2/(defaultSecurityGroup|eipAssociation|flowLog|instanceMetadataDefaults|internetGateway|networkInterface|route|routeTable|routeTableAssociation|securityGroup|subnet|vpc)",
    "efs/(accessPoint|backupPolicy|fileSystemPolicy|mountTarget)|iam/.*",
    "imagebuilder/(component|distributionConfiguration|imageRecipe|infrastructureConfiguration)",
    "lambda/(eventSourceMapping|invocation|permission)|lb/(listener|targetGroup)|rds/(parameterGroup|subnetGroup)|route53/record",
    "s3/(accountPublicAccessBlock|bucket[A-Z].*)|sns/.*|sqs/.*|ssm/.*|vpc/.*|wafv2/webAcl[A-Z].*",
  ].join("|")}):`,
);

const resources = async (stack: string) => resourcesOf((await stackView(stack)).resources);

describe("the price of every stack", () => {
  for (const stack of some(STACKS)) {
    it(`${stack}: knows whether each type costs money, and the price of each machine`, async () => {
      const all = await resources(stack);
      const unknown = all.filter(({ type }) => !(type in ROWS) && !FREE.test(type));
      assert.deepEqual([...new Set(unknown.map(({ type }) => type))], []);
      assert.deepEqual(unpriced(all), []);
    });

    it(`${stack}: is within its own budget, where it has one`, async () => {
      const { region, monthlyBudgetUsd = Infinity } = askedOf(stack);
      const sum = sumOf(costsOf(await resources(stack), region));
      assert.ok(sum > 0 && sum < monthlyBudgetUsd, `${sum} USD of ${monthlyBudgetUsd}`);
    });
  }

  it("is less than 40 USD a month for the first stack of a new account", async () => {
    assert.ok(sumOf(costsOf(await resources("first"), askedOf("first").region)) < 40);
  });

  it("is what the README says (UPDATE_INVENTORY=1 writes it anew)", async () => {
    const readme = path.join(ROOT, "README.md");
    const text = fs.readFileSync(readme, "utf8");
    const costs = await Promise.all(
      SHOWN.map(async (stack) => costsOf(await resources(stack), askedOf(stack).region)),
    );
    const due = text.replace(/(?<=<!-- prices -->\n)[^]*(?=<!-- \/prices -->)/, `\n${table(costs)}\n\n`);
    if (process.env.UPDATE_INVENTORY) fs.writeFileSync(readme, due);
    else assert.equal(text, due);
  });
});

const SHOWN = ["first", "dev", "stag", "prod"];

/** A line for each component of which one costs a dollar, the dearest first. */
function table(costs: Cost[][]): string {
  const names = [...new Set(costs.flat().map(({ resource }) => resource.component))];
  const rows = names
    .map((name) => ({
      name,
      usd: costs.map((each) => sumOf(each.filter(({ resource }) => resource.component === name))),
    }))
    .sort((a, b) => Math.max(...b.usd) - Math.max(...a.usd));
  const small = rows.filter(({ usd }) => Math.max(...usd) < 1);
  const others = SHOWN.map((_, i) => small.reduce((sum, { usd }) => sum + usd[i]!, 0));
  return [
    `| Component | ${SHOWN.join(" | ")} |`,
    `|---|${SHOWN.map(() => "--:|").join("")}`,
    ...rows
      .filter((row) => !small.includes(row))
      .map(({ name, usd }) => line(`[${name}](docs/components/${fileOf(name)})`, usd)),
    line("the others together", others),
    line("**all**", costs.map(sumOf)),
  ].join("\n");
}

/** `WebTier` has `web-tier.md`. */
const fileOf = (name: string) => `${name.replace(/\B[A-Z]/g, "-$&").toLowerCase()}.md`;

const line = (name: string, usd: number[]) =>
  `| ${name} | ${usd.map((one) => (one < 0.005 ? "-" : String(Math.round(one)))).join(" | ")} |`;
