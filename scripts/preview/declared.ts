import type { Declared as Whole } from "../../components/testing";
import { ROWS } from "./cost-rows";
import type { Resource } from "./resource";

type Declared = Pick<Whole, "type" | "name" | "parent" | "parentType" | "custom" | "inputs">;

/** The resources of a program that ran under mocks. */
export function resourcesOf(declared: Declared[]): Resource[] {
  const components = new Map(declared.map((one) => [`${one.type} ${one.name}`, one]));
  /** The outermost component above one. */
  const outermost = ({ parent, parentType }: Declared): string => {
    const above = components.get(`${parentType} ${parent}`);
    const further = above && outermost(above);
    return further || (above ? above.type.split(":").at(-1)! : "");
  };
  return declared
    .filter(({ custom, type }) => custom || type in ROWS)
    .map((one) => ({
      type: one.type,
      name: one.name,
      component: outermost(one),
      parent: `${one.parentType} ${one.parent}`,
      inputs: one.inputs,
    }));
}
