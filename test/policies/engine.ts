import * as pulumi from "@pulumi/pulumi";
import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { policies } from "../../policies/pack";
import { UNKNOWN } from "../../policies/from-engine";
import type { Declared } from "../../policies/declared";

/** What the engine hands to a policy, for a resource that the harness recorded. */
export function asEngine({ type, name, inputs, protect, ignoreChanges, needs }: Declared): PolicyResource {
  return {
    type,
    name,
    props: inputs,
    urn: `urn:pulumi:test::groundwork::${type}::${name}`,
    opts: { protect, ignoreChanges, aliases: [], customTimeouts: NO_TIMEOUTS, additionalSecretOutputs: [] },
    dependencies: needs.map(named),
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
  };
}

/** A resource by its type and name: as much as the rules ask of what another one needs. */
function named(label: string): PolicyResource {
  const [type, ...name] = label.split(" ");
  return { type, name: name.join(" ") } as PolicyResource;
}

/** The same as a preview knows it: what other resources get from AWS is not there yet. */
export function asPreviewed(resource: Declared, resources: Declared[]): PolicyResource {
  const computed = new Set<unknown>(
    resources.flatMap(({ name, outputs }) => [`${name}-id`, outputs.id, outputs.arn]),
  );
  const seen = (value: unknown): unknown => {
    if (computed.has(value)) return UNKNOWN;
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(seen);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, seen(inner)]));
  };
  return { ...asEngine(resource), props: seen(resource.inputs) as PolicyResource["props"] };
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
