import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { kept } from "../shared/kept";
import { here } from "../shared/here";
import { Monitoring, Operated } from "../shared/monitoring";
import { fill } from "../shared/options";
import { ownPrefix } from "../shared/owner";
import { must } from "../shared/refusals";
import { WebFirewallArgs, webFirewallOptions } from "./args";

const RATE_RULE = "requests-per-address";

/** AWS's own rule groups, and those of their rules that only count, each with the reason. */
const LISTS: { name: string; counted?: string[] }[] = [
  { name: "AWSManagedRulesAmazonIpReputationList" },
  // Project templates exceed the 8 kB that this rule allows. The app and the APIs limit bodies themselves.
  { name: "AWSManagedRulesCommonRuleSet", counted: ["SizeRestrictions_BODY"] },
  { name: "AWSManagedRulesKnownBadInputsRuleSet" },
  { name: "AWSManagedRulesSQLiRuleSet" },
];

const names = kept<string>();

/**
 * A firewall that inspects requests before the load balancers and APIs do: AWS's managed rules against attacks, and a rate limit for each address.
 * 10 USD a month and 0.60 for a million requests. It answers 403 to the requests that it refuses, and logs only those.
 */
export class WebFirewall extends pulumi.ComponentResource implements Operated {
  readonly aclArn: pulumi.Output<string>;
  readonly logGroups: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: WebFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    const { requestsPerFiveMinutes, logRetentionDays } = fill(
      "WebFirewall",
      name,
      webFirewallOptions,
      args,
      ({ protects }) => must(Object.keys(protects).length > 0, "protects", "at least one ARN", protects),
    );
    super("groundwork:index:WebFirewall", name, {}, opts);
    const parent = { parent: this };
    // CloudWatch would merge the metrics of two stacks that use the same name.
    const metricName = `${ownPrefix()}${name}`;

    const acl = new aws.wafv2.WebAcl(
      name,
      {
        scope: "REGIONAL",
        defaultAction: { allow: {} },
        visibilityConfig: visibility(metricName),
        rules: [rateRule(requestsPerFiveMinutes), ...LISTS.map((list, i) => listRule(list, i + 1))],
      },
      parent,
    );
    for (const [key, resourceArn] of Object.entries(args.protects))
      new aws.wafv2.WebAclAssociation(`${name}-${key}`, { webAclArn: acl.arn, resourceArn }, parent);
    this.logGroups = { firewall: logRefusals(name, acl, logRetentionDays, parent) };
    this.aclArn = acl.arn;
    names.keep(this, metricName);
    this.registerOutputs({ aclArn: this.aclArn, logGroups: this.logGroups });
  }

  /** Alarms and graphs of refused requests. */
  monitoring(): Monitoring[] {
    const { region } = here({ parent: this });
    const lines = [RATE_RULE, ...LISTS.map((list) => list.name)].map((rule) => ({
      namespace: "AWS/WAFV2",
      metricName: "BlockedRequests",
      dimensions: { WebACL: names.of(this), Region: region, Rule: rule },
      statistic: "Sum" as const,
      label: rule.replace("AWSManagedRules", ""),
    }));
    return [{ dashboard: { title: "Firewall", graphs: [{ title: "Refused requests", lines }] } }];
  }
}

const visibility = (metricName: string) => ({
  metricName,
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
});

function rateRule(limit: number): aws.types.input.wafv2.WebAclRule {
  return {
    name: RATE_RULE,
    priority: 0,
    action: { block: {} },
    statement: { rateBasedStatement: { limit, aggregateKeyType: "IP", evaluationWindowSec: 300 } },
    visibilityConfig: visibility(RATE_RULE),
  };
}

function listRule(
  { name, counted = [] }: (typeof LISTS)[number],
  priority: number,
): aws.types.input.wafv2.WebAclRule {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visibility(name),
  };
}

/** Logs only requests that were refused or counted, because load balancers and APIs log every request themselves. */
function logRefusals(
  name: string,
  acl: aws.wafv2.WebAcl,
  retentionInDays: number,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  // AWS WAF requires this prefix in a log group's name.
  const log = new aws.cloudwatch.LogGroup(name, { namePrefix: "aws-waf-logs-", retentionInDays }, opts);
  const keep = (action: string) => ({
    behavior: "KEEP",
    requirement: "MEETS_ANY",
    conditions: [{ actionCondition: { action } }],
  });
  new aws.wafv2.WebAclLoggingConfiguration(
    name,
    {
      resourceArn: acl.arn,
      logDestinationConfigs: [log.arn],
      loggingFilter: { defaultBehavior: "DROP", filters: [keep("BLOCK"), keep("COUNT")] },
      redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
    },
    opts,
  );
  return log.name;
}
