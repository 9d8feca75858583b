import type { Rules } from "../rule";
import { agentRules } from "./agents";
import { alarmTimeRules } from "./alarm-times";
import { backupRules } from "./backups";
import { combinationRules } from "./combinations";
import { countRules } from "./counts";
import { databaseRules } from "./databases";
import { deliveryRules } from "./delivery";
import { firewallCapacityRules } from "./firewall-capacity";
import { imageRefusals } from "./images";
import { lifecycleRules } from "./lifecycle";
import { networkRefusals } from "./network";
import { orderRules } from "./order";
import { peopleRefusals } from "./people";
import { sizeRules } from "./sizes";
import { valueRules } from "./values";
import { webRefusals } from "./web";

/** What AWS itself refuses, whoever asks. These rules apply to the sandbox and the examples as well as to the stacks. */
export const awsRules: Rules = {
  ...valueRules,
  ...sizeRules,
  ...countRules,
  ...databaseRules,
  ...alarmTimeRules,
  ...lifecycleRules,
  ...firewallCapacityRules,
  ...combinationRules,
  ...networkRefusals,
  ...webRefusals,
  ...imageRefusals,
  ...peopleRefusals,
  ...deliveryRules,
  ...backupRules,
  ...agentRules,
  ...orderRules,
};
