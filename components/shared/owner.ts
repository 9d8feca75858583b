import * as pulumi from "@pulumi/pulumi";
import type { Conditions } from "./permissions";

const OWNER = "groundwork:owner";

/** The tag of a resource's owner, for resources whose ARN does not let a policy tell two stacks of an account apart. */
export const ownerTag = (): Record<string, string> => ({
  [OWNER]: `${pulumi.getProject()}/${pulumi.getStack()}`,
});

/** For a statement that cannot name its resources: restricts it to this stack's. */
export const ofThisStack = (): Conditions => ({
  StringEquals: { [`aws:ResourceTag/${OWNER}`]: ownerTag()[OWNER]! },
});

/** The prefix for names of resources that a person creates for this stack, such as a restored database. */
export const ownPrefix = (): string => `${pulumi.getStack().replace(/[^A-Za-z0-9]+/g, "-")}-`;
