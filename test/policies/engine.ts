import * as pulumi from "@pulumi/pulumi";
import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { policies } from "../../policies/pack";
import type { Declared } from "../../policies/declared";

/** What the engine hands to a policy, for a resource that the harness recorded. */
export function asEngine({ type, name, inputs, protect, ignoreChanges }: Declared): PolicyResource {
  return {
    type,
    name,
    props: inputs,
    urn: `urn:pulumi:test::groundwork::${type}::${name}`,
    opts: { protect, ignoreChanges, aliases: [], customTimeouts: NO_TIMEOUTS, additionalSecretOutputs: [] },
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
  };
}

const NO_TIMEOUTS = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };

/** What a policy of the pack says of a stack's resources: one by one, or all together, as the engine would ask. */
export const ask = (name: string, resources: PolicyResource[], keepData: boolean): Promise<string[]> =>
  askWith({ "groundwork:environment": "dev", "groundwork:keepData": String(keepData) }, name, resources);

/** The same under settings of its own. */
export async function askWith(
  config: Record<string, string>,
  name: string,
  resources: PolicyResource[],
): Promise<string[]> {
  pulumi.runtime.setAllConfig(config);
  const policy = policies.find((p) => p.name === name);
  if (!policy) throw new Error(`the pack has no policy ${name}`);
  const told: string[] = [];
  const asked = {
    getConfig: <T>() => ({}) as T,
    stackTags: new Map<string, string>(),
    notApplicable: () => {
      throw new Error("not applicable");
    },
  };
  const report = (message: string) => void told.push(message);
  if ("validateStack" in policy)
    await policy.validateStack({ ...asked, resources } as StackValidationArgs, report);
  else
    for (const resource of resources)
      for (const validate of [policy.validateResource!].flat())
        await validate({ ...asked, ...resource } as ResourceValidationArgs, report);
  return told;
}
