/** A resource as a program declares it, which is what the rules check. */
export interface Declared {
  type: string;
  name: string;
  inputs: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a provider's inputs have no common type
  /** The inputs, together with what AWS computes, as far as it is known. */
  outputs: Record<string, unknown>;
  parent: string;
  /** Two components may have the same name. The type tells them apart. */
  parentType: string;
  protect: boolean;
  /** Stays in the account when it leaves the stack. The engine does not report this to policies. */
  retainOnDelete?: boolean;
  custom: boolean;
  dependsOn: string[];
  /** Each resource that must exist before it, by type and name: those above, and those whose outputs it uses. */
  needs: string[];
  ignoreChanges: string[];
}

/** A stack as its program declares it, which is what every rule checks. */
export interface StackView {
  stack: string;
  keepData: boolean;
  resources: Declared[];
}
