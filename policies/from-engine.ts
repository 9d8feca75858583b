import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import type { Declared } from "./declared";
import { label } from "./rules/rule";

/** Stands for a value that is known only after the update. */
export const UNKNOWN = "(known after the update)";

/** A document. Its text may name other resources, but it is not a reference to one. */
const DOCUMENT = /policy$/i;

/** Converts a resource that the engine is about to create into the rules' form. */
export function declared(resource: ResourceValidationArgs): Declared {
  return shaped(resource, known(resource.props));
}

/** Converts a stack's resources into the rules' form, where every reference to a resource reads `<name>-id`. */
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

/** Converts a reference to a resource, or a list of references, into the rules' form. Leaves anything else as it is. */
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

/** A copy without the engine's traps, which throw for each value that is not known yet. */
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
