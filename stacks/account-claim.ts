import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const PATH = "/groundwork/account";
/** Names the stack that owns the singletons of an account and region. */
const HOLDER = `${PATH}/holder`;

/**
 * Recorded in the account before any of its singletons. AWS refuses a second parameter with this name, so if two stacks come up at
 * the same time, one of them ends before it takes over the other's resources.
 */
export function claimAccount(): pulumi.Resource {
  const self = stackName();
  return new aws.ssm.Parameter("account", {
    name: HOLDER,
    type: "String",
    description: "The stack that owns what this account has only once",
    value: checked((holder) => taken(holder, self)),
  });
}

/** For a stack that leaves the singletons to another one, which must exist first. */
export function expectClaim(): void {
  checked((holder) => unheld(holder, stackName()));
}

const stackName = () => `${pulumi.getProject()}/${pulumi.getStack()}`;
const fileOf = (stack: string) => `Pulumi.${stack.split("/").pop()}.yaml`;

/** Why a stack may not create the account's singletons, or nothing if it may. */
export function taken(holder: string | undefined, self: string): string | undefined {
  if (holder === undefined || holder === self) return undefined;
  return (
    `groundwork:account.singletons in ${fileOf(self)} must be shared, because stack ${holder} owns what this account has only once ` +
    `(${HOLDER}). If ${holder} should share it instead, set that there and run its up first`
  );
}

/** Why a stack may not rely on another stack's singletons, or nothing if it may. Its own claim will do: it has just let go of them. */
export function unheld(holder: string | undefined, self: string): string | undefined {
  if (holder !== undefined) return undefined;
  return (
    `groundwork:account.singletons in ${fileOf(self)} is shared, but no stack has created yet what this account has only once (there is no ` +
    `${HOLDER} in this region): run npm run up -- --stack account first, or leave the setting out if this is the only stack`
  );
}

/** Looks up the owner by the path, because the list is empty without an owner. A lookup of the single parameter would be an error. */
function checked(judge: (holder: string | undefined) => string | undefined): pulumi.Output<string> {
  return aws.ssm.getParametersByPathOutput({ path: PATH }).apply(({ names, values }) => {
    // Mocks in somebody's tests may return nothing.
    const index = names?.indexOf(HOLDER) ?? -1;
    const problem = judge(index < 0 ? undefined : values[index]);
    if (problem) throw new pulumi.RunError(problem);
    return stackName();
  });
}
