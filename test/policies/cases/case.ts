import type { Declared } from "../../../policies/declared";
import { computedOutputs } from "../../../components/testing/answers";

/** Resources of a stack, and what a rule has to say of them. */
export interface Case {
  title: string;
  resources: Declared[];
  /** What each problem has to name, in their order; none where all is well. */
  problems: string[];
  /** @default true */
  keepData?: boolean;
}

/** For each rule its branches: what it refuses and what it lets pass. */
export type Cases = Record<string, Case[]>;

/** A resource of a stack. */
export function made(
  type: string,
  inputs: Declared["inputs"] = {},
  { name = "it", ...more }: Partial<Declared> = {},
): Declared {
  const id = `${name}-id`;
  return {
    type,
    name,
    inputs,
    outputs: { id, ...inputs, ...computedOutputs({ type, name, inputs, id }) },
    parent: "",
    parentType: "",
    protect: false,
    custom: true,
    dependsOn: [],
    needs: [],
    ignoreChanges: [],
    ...more,
  };
}

/** The same under a name of its own. */
export const named = (name: string, type: string, inputs: Declared["inputs"] = {}): Declared =>
  made(type, inputs, { name });

export const refuses = (title: string, resources: Declared[], ...problems: string[]): Case => ({
  title: `refuses ${title}`,
  resources,
  problems: problems.length > 0 ? problems : ["it"],
});

export const allows = (title: string, ...resources: Declared[]): Case => ({
  title: `allows ${title}`,
  resources,
  problems: [],
});
