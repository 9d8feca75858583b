import { strict as assert } from "node:assert";
import type { WebFirewallArgs } from "../../../components/operations/args";
import { WebFirewall } from "../../../components/operations/web-firewall";
import { run } from "../../harness";
import { monitored } from "../monitoring-lines";

const BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1";
const STAGE = "arn:aws:apigateway:eu-west-1::/restapis/api/stages/v1";
const make = (args: Partial<WebFirewallArgs>) => () =>
  new WebFirewall("firewall", { protects: { web: BALANCER, api: STAGE }, ...args });
const firewall = (args: Partial<WebFirewallArgs> = {}) => run(make(args));

interface AclRule {
  name: string;
  priority: number;
  statement: {
    rateBasedStatement?: { limit: number; aggregateKeyType: string };
    managedRuleGroupStatement?: { ruleActionOverrides: { name: string }[] };
  };
}

interface Filter {
  behavior: string;
  requirement: string;
  conditions: { actionCondition: { action: string } }[];
}

describe("WebFirewall", () => {
  it("limits each address, then applies AWS's rules against attacks", async () => {
    const rules: AclRule[] = (await firewall()).one("wafv2/webAcl:WebAcl").inputs.rules;
    assert.deepEqual(
      rules.map((r) => [r.priority, r.name]),
      [
        [0, "requests-per-address"],
        [1, "AWSManagedRulesAmazonIpReputationList"],
        [2, "AWSManagedRulesCommonRuleSet"],
        [3, "AWSManagedRulesKnownBadInputsRuleSet"],
        [4, "AWSManagedRulesSQLiRuleSet"],
      ],
    );
    const limit = rules.find(({ name }) => name === "requests-per-address")!;
    assert.deepEqual(limit.statement.rateBasedStatement, {
      limit: 2_000,
      aggregateKeyType: "IP",
      evaluationWindowSec: 300,
    });
  });

  it("only counts long bodies, because templates have them", async () => {
    const rules: AclRule[] = (await firewall()).one("wafv2/webAcl:WebAcl").inputs.rules;
    assert.deepEqual(
      rules.flatMap((r) => r.statement.managedRuleGroupStatement?.ruleActionOverrides ?? []),
      [{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }],
    );
  });

  it("protects the load balancer and each API", async () => {
    const { all } = await firewall();
    assert.deepEqual(
      all("wafv2/webAclAssociation:WebAclAssociation").map(({ name, inputs }) => [name, inputs.resourceArn]),
      [
        ["firewall-web", BALANCER],
        ["firewall-api", STAGE],
      ],
    );
  });

  it("logs what it refuses or counts, without cookies and tokens", async () => {
    const { one } = await firewall({ logRetentionDays: 30 });
    const { inputs } = one("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration");
    assert.equal(inputs.loggingFilter.defaultBehavior, "DROP");
    const kept = (inputs.loggingFilter.filters as Filter[]).map(({ behavior, requirement, conditions }) =>
      [behavior, requirement, ...conditions.map(({ actionCondition }) => actionCondition.action)].join(" "),
    );
    assert.deepEqual(kept, ["KEEP MEETS_ANY BLOCK", "KEEP MEETS_ANY COUNT"]);
    assert.deepEqual(inputs.redactedFields, [
      { singleHeader: { name: "authorization" } },
      { singleHeader: { name: "cookie" } },
    ]);
    const log = one("cloudwatch/logGroup:LogGroup").inputs;
    assert.deepEqual([log.namePrefix, log.retentionInDays], ["aws-waf-logs-", 30]);
  });

  it("shows each rule's refusals", async () => {
    const { monitoring } = (await monitored(make({}))).outputs;
    assert.deepEqual(
      monitoring.dashboard!.graphs[0]!.lines.map(({ label, dimensions }) => [label, dimensions!.WebACL]),
      [
        ["requests-per-address", "test-firewall"],
        ["AmazonIpReputationList", "test-firewall"],
        ["CommonRuleSet", "test-firewall"],
        ["KnownBadInputsRuleSet", "test-firewall"],
        ["SQLiRuleSet", "test-firewall"],
      ],
    );
  });

  it("refuses to protect nothing, and a limit that AWS does not accept", async () => {
    await assert.rejects(firewall({ protects: {}, requestsPerFiveMinutes: 1 }), {
      message:
        'WebFirewall "firewall": requestsPerFiveMinutes must be a whole number from 10 to 2000000000, got 1; ' +
        "protects must be at least one ARN, got {}",
    });
  });
});
