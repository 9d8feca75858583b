import { Changing, Inputs } from "./types";
import { difference } from "./difference";
import { Standing } from "./stack";

/** What happens to a resource. */
export interface Step {
  kind: "create" | "update" | "replace" | "delete";
  type: string;
  name: string;
  /** The changed arguments, and a note on each that AWS would treat differently. */
  changed: { argument: string; remark?: string }[];
  /** Those of them that require a replacement. */
  replaces?: string[];
  /** The old one is deleted before the new one is created, as they cannot exist at once. */
  deleteFirst?: boolean;
}

export const deletion = ({ type, name }: Standing): Step => ({ kind: "delete", type, name, changed: [] });

/** What a run of the program requires; undefined if nothing has changed. */
export function stepTo(
  wanted: { type: string; name: string; inputs: Inputs; tags: Record<string, string> },
  before: Pick<Standing, "inputs" | "tags"> | undefined,
  changing: Changing,
): Step | undefined {
  const { type, name } = wanted;
  if (!before) return { kind: "create", type, name, changed: [] };
  const { changed, replaces, deleteBeforeReplace } = difference(type, withTags(before), withTags(wanted));
  if (changed.length === 0) return undefined;
  if (replaces.length > 0)
    return {
      kind: "replace",
      type,
      name,
      changed: changed.map((argument) => ({ argument })),
      replaces,
      deleteFirst: deleteBeforeReplace,
    };
  if (!changing.update)
    return {
      kind: "replace",
      type,
      name,
      changed: changed.map((argument) => ({ argument, remark: "made anew here, changed in place on AWS" })),
      replaces: changed,
      // Most of these belong to another resource, which has one of them.
      deleteFirst: true,
    };
  const carried = changing.carries;
  return {
    kind: "update",
    type,
    name,
    changed: changed.map((argument) =>
      !carried || carried.includes(argument) ? { argument } : { argument, remark: "only recorded here" },
    ),
  };
}

/** With all tags that the provider writes; an auto scaling group has its own list. */
const withTags = ({ inputs, tags }: { inputs: Inputs; tags: Record<string, string> }): Inputs =>
  Array.isArray(inputs["tags"]) ? inputs : { ...inputs, tags };

const SIGNS: Record<Step["kind"], string> = { create: "+", update: "~", replace: "+-", delete: "-" };
const DONE: Record<Step["kind"], string> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};

/** A step as Pulumi shows it: its sign, the resource, and what has changed. */
export function lineOf({ kind, type, name, changed }: Step): string {
  const words = changed.map(({ argument, remark }) => (remark ? `${argument} (${remark})` : argument));
  return `${SIGNS[kind].padEnd(3)}${type}  ${name}${words.length ? `  ${words.join(", ")}` : ""}`;
}

/** How many of each: "2 created, 1 deleted". */
export function summaryOf(steps: Step[]): string {
  const kinds = Object.keys(SIGNS) as Step["kind"][];
  const counts = kinds.map((kind) => [steps.filter((one) => one.kind === kind).length, DONE[kind]] as const);
  return counts
    .filter(([count]) => count > 0)
    .map(([count, done]) => `${count} ${done}`)
    .join(", ");
}
