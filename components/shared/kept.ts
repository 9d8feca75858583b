/**
 * State that a component keeps for its own methods. It cannot be a field, not even a private one: Pulumi treats each field of a
 * component as an output, and passes it to programs in other languages.
 */
export function kept<T>(): { of(component: object): T; keep(component: object, value: T): void } {
  const values = new WeakMap<object, { value: T }>();
  return {
    of: (component) => values.get(component)!.value,
    keep: (component, value) => void values.set(component, { value }),
  };
}
