import type { Declared } from "../../declared";
import { each, list, Rules } from "../rule";

type Inputs = Declared["inputs"];

/** The limit of any web ACL. Beyond 1,500, a request costs more. */
const MOST = 5_000;

/** The capacity of AWS's own groups, whichever of their rules are overridden. */
const GROUPS: Record<string, number> = {
  AWSManagedRulesCommonRuleSet: 700,
  AWSManagedRulesAdminProtectionRuleSet: 100,
  AWSManagedRulesKnownBadInputsRuleSet: 200,
  AWSManagedRulesSQLiRuleSet: 200,
  AWSManagedRulesLinuxRuleSet: 200,
  AWSManagedRulesUnixRuleSet: 100,
  AWSManagedRulesWindowsRuleSet: 200,
  AWSManagedRulesPHPRuleSet: 100,
  AWSManagedRulesWordPressRuleSet: 100,
  AWSManagedRulesAmazonIpReputationList: 25,
  AWSManagedRulesAnonymousIpList: 50,
  AWSManagedRulesBotControlRuleSet: 50,
  AWSManagedRulesATPRuleSet: 50,
  AWSManagedRulesACFPRuleSet: 50,
};

/** The minimum capacity of a statement, without transformations, because AWS counts equal ones only once. */
function least(statement: Inputs): number {
  const inside = [
    statement.notStatement?.statement,
    statement.rateBasedStatement?.scopeDownStatement,
    statement.managedRuleGroupStatement?.scopeDownStatement,
    ...list(statement.andStatement?.statements),
    ...list(statement.orStatement?.statements),
  ].filter((one) => one !== undefined && one !== null);
  return own(statement) + inside.reduce((sum: number, one) => sum + least(one as Inputs), 0);
}

function own(statement: Inputs): number {
  if (statement.managedRuleGroupStatement) return GROUPS[statement.managedRuleGroupStatement.name] ?? 0;
  if (statement.rateBasedStatement) return 2;
  if (statement.byteMatchStatement)
    return /^CONTAINS/.test(statement.byteMatchStatement.positionalConstraint) ? 10 : 2;
  if (statement.regexMatchStatement) return 3;
  if (statement.regexPatternSetReferenceStatement) return 25;
  if (statement.sqliMatchStatement) return statement.sqliMatchStatement.sensitivityLevel === "HIGH" ? 30 : 20;
  if (statement.xssMatchStatement) return 40;
  return (statement.andStatement ?? statement.orStatement ?? statement.notStatement) ? 0 : 1;
}

export const firewallCapacityRules: Rules = {
  "keeps a firewall within its capacity": each(["aws:wafv2/webAcl:WebAcl"], ({ inputs }) => {
    const units = list<Inputs>(inputs.rules).reduce((sum, rule) => sum + least(rule.statement ?? {}), 0);
    return units > MOST && `needs ${units} units of capacity or more, where a web ACL has ${MOST}`;
  }),
};
