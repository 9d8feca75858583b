import type { Inputs } from "./answers";

/** A resource as a program declares it. The policy pack checks the same, but imports nothing from the library. */
export interface Declared {
  type: string;
  name: string;
  inputs: Inputs;
  /** The inputs, together with what AWS computes, as far as it is known. */
  outputs: Record<string, unknown>;
  /** The name of the resource that created it. The stack itself has none. */
  parent: string;
  /** Two components may have the same name. The type tells them apart. */
  parentType: string;
  protect: boolean;
  retainOnDelete: boolean;
  custom: boolean;
  dependsOn: string[];
  /** Each resource that must exist before it, by type and name: those above, and those whose outputs it uses. */
  needs: string[];
  ignoreChanges: string[];
}
