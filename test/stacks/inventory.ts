import type { Declared } from "../../policies/declared";

/** Sorted lines `type name < type of the parent, name of the parent`; what hangs on the stack itself has no parent. */
export function inventoryOf(resources: Declared[]): string[] {
  return resources
    .map(({ type, name, parent, parentType }) =>
      parent ? `${type} ${name} < ${parentType} ${parent}` : `${type} ${name}`,
    )
    .sort();
}

/** Lines of one sorted list that the other lacks: `- gone` and `+ new`, each as often as it is missing. */
export function difference(before: string[], after: string[]): string[] {
  return [
    ...without(before, after).map((line) => `- ${line}`),
    ...without(after, before).map((line) => `+ ${line}`),
  ];
}

function without(lines: string[], others: string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
