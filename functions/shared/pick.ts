/** An object's properties with these names; a missing one is undefined. */
export const pick = <T, K extends keyof T>(from: T, names: readonly K[]) =>
  Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>;

/** The same without those that are missing. */
export const only = <T extends object, K extends keyof T>(from: T, names: readonly K[]) =>
  Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name as K))) as Pick<T, K>;
