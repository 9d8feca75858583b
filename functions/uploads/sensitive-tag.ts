/** An object's tags, as S3 returns them. */
export type Tags = { Key?: string; Value?: string }[];

/**
 * Whether the tags mark an object as sensitive, in any letter case and with surrounding blanks: a key `sensitive` unless
 * its value is `false` or `no`, or any key whose value is `sensitive`.
 */
export function isSensitive(tags: Tags): boolean {
  const word = (text: string | undefined) => (text ?? "").trim().toLowerCase();
  return tags.some(
    ({ Key, Value }) =>
      word(Value) === "sensitive" ||
      (word(Key) === "sensitive" && word(Value) !== "false" && word(Value) !== "no"),
  );
}
