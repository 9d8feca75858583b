/** A resource as a program declares it: what the rules judge. */
export interface Declared {
  type: string;
  name: string;
  inputs: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a provider's inputs have no common type
  /** The inputs, and beside them what AWS computes, as far as it is known. */
  outputs: Record<string, unknown>;
  parent: string;
  /** Two components may bear one name: the type tells them apart. */
  parentType: string;
  protect: boolean;
  /** Stays in the account when it leaves the stack; the engine tells no policy of it. */
  retainOnDelete?: boolean;
  custom: boolean;
  dependsOn: string[];
  /** Each resource that must be there before it, by type and name: those above, and those whose outputs it takes. */
  needs: string[];
  ignoreChanges: string[];
}

/** A stack as its program declares it: what every rule judges. */
export interface StackView {
  stack: string;
  keepData: boolean;
  resources: Declared[];
}
