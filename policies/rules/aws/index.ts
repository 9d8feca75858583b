import type { Rules } from "../rule";
import { alarmTimeRules } from "./alarm-times";
import { combinationRules } from "./combinations";
import { countRules } from "./counts";
import { databaseRules } from "./databases";
import { firewallCapacityRules } from "./firewall-capacity";
import { lifecycleRules } from "./lifecycle";
import { sizeRules } from "./sizes";
import { valueRules } from "./values";

/** What AWS itself refuses, whoever asks: they hold the sandbox and the examples as well as the stacks. */
export const awsRules: Rules = {
  ...valueRules,
  ...sizeRules,
  ...countRules,
  ...databaseRules,
  ...alarmTimeRules,
  ...lifecycleRules,
  ...firewallCapacityRules,
  ...combinationRules,
};
