import { alarmRules } from "./alarms";
import { combinationRules } from "./aws/combinations";
import { imageRefusals } from "./aws/images";
import { networkRefusals } from "./aws/network";
import { textRules } from "./aws/texts";
import { webRefusals } from "./aws/web";
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
  ...networkRefusals,
  ...webRefusals,
  ...imageRefusals,
};
