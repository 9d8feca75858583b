import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const PATH = "/groundwork/account";
/** Names the stack that what an account and region has once belongs to. */
const HOLDER = `${PATH}/holder`;

/**
 * Written down in the account before anything that it has once. AWS refuses a second one, so that of two stacks that come up at the
 * same time one ends before it takes the other's things over.
 */
export function claimAccount(): pulumi.Resource {
  const self = stackName();
  return new aws.ssm.Parameter("account", {
    name: HOLDER,
    type: "String",
    description: "The stack that what this account has once belongs to",
    value: checked((holder) => taken(holder, self)),
  });
}

/** For a stack that leaves them to another one, which has to be there first. */
export function expectClaim(): void {
  checked((holder) => unheld(holder, stackName()));
}

const stackName = () => `${pulumi.getProject()}/${pulumi.getStack()}`;
const fileOf = (stack: string) => `Pulumi.${stack.split("/").pop()}.yaml`;

/** Why a stack may not make what the account has once; nothing when it may. */
export function taken(holder: string | undefined, self: string): string | undefined {
  if (holder === undefined || holder === self) return undefined;
  return (
    `groundwork:account.singletons in ${fileOf(self)} must be shared, because what this account has once is stack ${holder}'s ` +
    `(${HOLDER}). Where ${holder} should share it instead, say so there and run its up first`
  );
}

/** Why a stack may not count on another one; nothing when it may. Itself will do: it has just let go of them. */
export function unheld(holder: string | undefined, self: string): string | undefined {
  if (holder !== undefined) return undefined;
  return (
    `groundwork:account.singletons in ${fileOf(self)} is shared, and no stack has made yet what this account has once (there is no ` +
    `${HOLDER} in this region): run npm run up -- --stack account first, or leave the setting out where this is the only stack`
  );
}

/** Looks who holds the account, by its path: the list is empty where nobody does, where asking for the one would be an error. */
function checked(judge: (holder: string | undefined) => string | undefined): pulumi.Output<string> {
  return aws.ssm.getParametersByPathOutput({ path: PATH }).apply(({ names, values }) => {
    // The mocks of somebody's tests may answer nothing.
    const index = names?.indexOf(HOLDER) ?? -1;
    const problem = judge(index < 0 ? undefined : values[index]);
    if (problem) throw new pulumi.RunError(problem);
    return stackName();
  });
}
