/** A resource as the engine's events, or a program under mocks, tell of it. */
export interface Resource {
  type: string;
  name: string;
  /** The outermost component that it is part of; the stack itself has none. */
  component: string;
  /** Those that one component made have the same. */
  parent: string;
  inputs: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a provider's inputs have no common type
}

/** What the engine writes for a value that it does not know yet. */
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

/** `groundwork:index:WebTier` in a word. */
const nameOf = (type: string) => type.split(":").at(-1)!;
