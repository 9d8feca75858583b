import { alarmRules } from "./alarms";
import { agentRules } from "./aws/agents";
import { backupRules } from "./aws/backups";
import { combinationRules } from "./aws/combinations";
import { textRules } from "./aws/texts";
import { neighbourRules } from "./aws/neighbours";
import { bucketRules } from "./buckets";
import { encryptionRules } from "./encryption";
import { iamRules } from "./iam";
import { keptRules } from "./kept";
import { lambdaRules } from "./lambdas";
import { logRules } from "./logs";
import { instanceRules } from "./instances";
import { nameRules } from "./names";
import { networkRules } from "./network";
import type { Rules } from "./rule";

/** Every rule that every stack keeps. */
export const RULES: Rules = {
  ...networkRules,
  ...instanceRules,
  ...encryptionRules,
  ...bucketRules,
  ...keptRules,
  ...logRules,
  ...nameRules,
  ...lambdaRules,
  ...iamRules,
  ...alarmRules,
  ...textRules,
  ...combinationRules,
  ...neighbourRules,
  ...backupRules,
  ...agentRules,
};
