import { alarmRules } from "./alarms";
import { apartRules } from "./apart";
import { awsRules } from "./aws";
import { neighbourRules } from "./aws/neighbours";
import { bucketRules } from "./buckets";
import { encryptionRules } from "./encryption";
import { iamRules } from "./iam";
import { keyRules } from "./keys";
import { keptRules } from "./kept";
import { lambdaRules } from "./lambdas";
import { logRules } from "./logs";
import { instanceRules } from "./instances";
import { nameRules } from "./names";
import { networkRules } from "./network";
import type { Rules } from "./rule";

/** All rules, which every stack must follow. */
export const RULES: Rules = {
  ...networkRules,
  ...apartRules,
  ...instanceRules,
  ...encryptionRules,
  ...bucketRules,
  ...keptRules,
  ...logRules,
  ...nameRules,
  ...lambdaRules,
  ...iamRules,
  ...keyRules,
  ...alarmRules,
  ...neighbourRules,
  ...awsRules,
};
