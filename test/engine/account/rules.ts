import { accountWide } from "./account-wide";
import { apis } from "./apis";
import { databases } from "./databases";
import { delivering } from "./delivering";
import { functions } from "./functions";
import { iam } from "./iam";
import { instances } from "./instances";
import { keeping } from "./keeping";
import { loadBalancing } from "./load-balancing";
import { network } from "./network";
import { observing } from "./observing";
import type { Rule } from "./rule";
import { securityGroups } from "./security-groups";
import { storage } from "./storage";

/** What AWS refuses because of what stands in an account. */
export const RULES: Rule[] = [
  ...network,
  ...securityGroups,
  ...loadBalancing,
  ...instances,
  ...iam,
  ...storage,
  ...databases,
  ...functions,
  ...apis,
  ...observing,
  ...keeping,
  ...delivering,
  ...accountWide,
];
