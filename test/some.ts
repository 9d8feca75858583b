/** A list that a test looks through, which proves nothing when it is empty. */
export function some<T>(list: Iterable<T>): T[] {
  const all = [...list];
  if (all.length === 0) throw new Error("the list that this test looks through is empty");
  return all;
}
