import { alarmRules } from "./alarms";
import { combinationRules } from "./aws/combinations";
import { deliveryRules } from "./aws/delivery";
import { textRules } from "./aws/texts";
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
  ...deliveryRules,
};
