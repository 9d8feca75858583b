/** A resource as it appears in the engine's events, or in a program under mocks. */
export interface Resource {
  type: string;
  name: string;
  /** The outermost component that contains it; undefined for the stack itself. */
  component: string;
  /** Resources of the same component share it. */
  parent: string;
  inputs: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a provider's inputs have no common type
}

/** What the engine writes for an unknown value. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const isKnown = (value: unknown): boolean => value !== undefined && value !== UNKNOWN;

const TYPES = "$";

/** A resource by its URN: `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
export function resourceOf(urn: string, inputs: Resource["inputs"]): Resource {
  const [, , types = "", name = ""] = urn.split("::");
  const chain = types.split(TYPES);
  return {
    type: chain.at(-1)!,
    name,
    component: chain.length > 1 ? nameOf(chain[0]!) : "",
    parent: chain.slice(0, -1).join(TYPES),
    inputs,
  };
}

/** The short form of `groundwork:index:WebTier`. */
const nameOf = (type: string) => type.split(":").at(-1)!;
