import type { Declared, StackView } from "../declared";

/** Finds what is wrong with a stack: one line for each resource that breaks the rule, and none if all is well. */
export type Rule = (view: StackView) => string[] | Promise<string[]>;

/** Rules, each under the statement that it enforces on every stack. */
export type Rules = Record<string, Rule>;

export const label = ({ type, name }: Pick<Declared, "type" | "name">) => `${type} ${name}`;

export const ofType = (view: StackView, ...types: string[]) =>
  view.resources.filter((r) => types.includes(r.type));

/** A rule about each resource of some types. `judge` returns what is wrong with one, or nothing. */
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

/** A value as a list, because AWS often accepts one or several. */
export function list<T>(value: T | T[] | undefined): T[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
