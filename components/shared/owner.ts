import * as pulumi from "@pulumi/pulumi";
import type { Conditions } from "./permissions";

const OWNER = "groundwork:owner";

/** Whose a resource is, where AWS leaves nothing in its ARN by which a policy could tell two stacks of an account apart. */
export const ownerTag = (): Record<string, string> => ({
  [OWNER]: `${pulumi.getProject()}/${pulumi.getStack()}`,
});

/** For a statement that cannot name its resources: those of this stack alone. */
export const ofThisStack = (): Conditions => ({
  StringEquals: { [`aws:ResourceTag/${OWNER}`]: ownerTag()[OWNER]! },
});

/** What the name of something begins with that a person makes for this stack, such as what is restored. */
export const ownPrefix = (): string => `${pulumi.getStack().replace(/[^A-Za-z0-9]+/g, "-")}-`;
