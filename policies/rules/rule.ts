import type { Declared, StackView } from "../declared";

/** Finds what is wrong with a stack: a line for each resource that breaks the rule, none when all is well. */
export type Rule = (view: StackView) => string[] | Promise<string[]>;

/** Rules by what they hold true of every stack. */
export type Rules = Record<string, Rule>;

export const label = ({ type, name }: Pick<Declared, "type" | "name">) => `${type} ${name}`;

export const ofType = (view: StackView, ...types: string[]) =>
  view.resources.filter((r) => types.includes(r.type));

/** A rule about each resource of some types: `judge` returns what is wrong with one, or nothing. */
export function each(
  types: string[],
  judge: (resource: Declared, view: StackView) => string | undefined | false,
): Rule {
  return (view) =>
    ofType(view, ...types).flatMap((resource) => {
      const wrong = judge(resource, view);
      return wrong ? [`${label(resource)} ${wrong}`] : [];
    });
}

/** A value as a list: AWS often takes one or several. */
export function list<T>(value: T | T[] | undefined): T[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
