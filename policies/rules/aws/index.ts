import type { Rules } from "../rule";
import { combinationRules } from "./combinations";
import { valueRules } from "./values";

/** What AWS itself refuses, whoever asks: they hold the sandbox and the examples as well as the stacks. */
export const awsRules: Rules = {
  ...valueRules,
  ...combinationRules,
};
