import type { Inputs } from "./answers";

/** A resource as a program declares it. The policy pack, which imports nothing of the library, judges the same. */
export interface Declared {
  type: string;
  name: string;
  inputs: Inputs;
  /** The inputs, and beside them what AWS computes, as far as it is known. */
  outputs: Record<string, unknown>;
  /** The name of the resource that it was made by; the stack has none. */
  parent: string;
  /** Two components may bear one name: the type tells them apart. */
  parentType: string;
  protect: boolean;
  retainOnDelete: boolean;
  custom: boolean;
  dependsOn: string[];
  /** Each resource that must be there before it, by type and name: those above, and those whose outputs it takes. */
  needs: string[];
  ignoreChanges: string[];
}
