/**
 * What a component keeps for its own methods. Not a field, private or not: Pulumi reads each field of a component as an output, and
 * tells it to programs in other languages.
 */
export function kept<T>(): { of(component: object): T; keep(component: object, value: T): void } {
  const values = new WeakMap<object, { value: T }>();
  return {
    of: (component) => values.get(component)!.value,
    keep: (component, value) => void values.set(component, { value }),
  };
}
