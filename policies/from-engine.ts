import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import type { Declared } from "./declared";
import { label } from "./rules/rule";

/** The value of what is known only after the update. */
export const UNKNOWN = "(known after the update)";

/** A document: it may name other resources in its text, but is not a reference to one. */
const DOCUMENT = /policy$/i;

/** A resource as the rules know it, from what the engine is about to make. */
export function declared(resource: ResourceValidationArgs): Declared {
  return shaped(resource, known(resource.props));
}

/** The resources of a stack as the rules know them: whatever names another one names it by `<name>-id`. */
export function declaredStack(resources: PolicyResource[]): Declared[] {
  return resources.map((resource) => {
    const outputs = known(resource.props);
    const inputs = { ...outputs };
    for (const [property, named] of Object.entries(resource.propertyDependencies))
      if (property in inputs && !DOCUMENT.test(property)) inputs[property] = byName(inputs[property], named);
    return { ...shaped(resource, inputs, outputs), needs: resource.dependencies.map(label) };
  });
}

function shaped(
  resource: Pick<ResourceValidationArgs, "type" | "name" | "opts">,
  inputs: Declared["inputs"],
  outputs: Declared["outputs"] = inputs,
): Declared {
  const { type, name, opts } = resource;
  return {
    type,
    name,
    inputs,
    outputs,
    parent: "",
    parentType: "",
    protect: opts.protect,
    custom: true,
    dependsOn: [],
    needs: [],
    ignoreChanges: opts.ignoreChanges,
  };
}

/** A reference to a resource, or a list of references, in the words of the rules; anything else as it is. */
function byName(value: unknown, named: PolicyResource[]): unknown {
  if (Array.isArray(value))
    return value.map((item, i) => byName(item, named.length === 1 ? named : within(named, i)));
  const [only, ...others] = named;
  if (!only) return value;
  const match = [only, ...others].find((resource) => isId(value, resource));
  if (match) return `${match.name}-id`;
  return value === UNKNOWN && others.length === 0 ? `${only.name}-id` : value;
}

const within = (named: PolicyResource[], i: number) => (named[i] ? [named[i]] : []);

function isId(value: unknown, { props }: PolicyResource): boolean {
  const own = known(props);
  return value !== UNKNOWN && [own.id, own.bucket].includes(value);
}

/** A copy without the engine's traps: it throws for each value that it does not know yet. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a provider's properties have no common type
export function known(value: any): any {
  if (value === null || typeof value !== "object") return value;
  const keys = Object.keys(value);
  const copies = keys.map((key) => {
    try {
      return known(value[key]);
    } catch {
      return UNKNOWN;
    }
  });
  return Array.isArray(value) ? copies : Object.fromEntries(keys.map((key, i) => [key, copies[i]]));
}
