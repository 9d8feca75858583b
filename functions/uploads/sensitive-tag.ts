/** Tags of an object, as S3 gives them. */
export type Tags = { Key?: string; Value?: string }[];

/**
 * Whether tags call an object sensitive, in any case of letters and with blanks around: a key `sensitive` unless its value
 * says `false` or `no`, or any key whose value is `sensitive`.
 */
export function isSensitive(tags: Tags): boolean {
  const word = (text: string | undefined) => (text ?? "").trim().toLowerCase();
  return tags.some(
    ({ Key, Value }) =>
      word(Value) === "sensitive" ||
      (word(Key) === "sensitive" && word(Value) !== "false" && word(Value) !== "no"),
  );
}
