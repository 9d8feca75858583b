const filler = (bytes: number) => "k".repeat(bytes);

/** Keys that went wrong somewhere in the world: each is a key that S3 takes. */
const AWKWARD_KEYS = [
  "plain.txt",
  "with space.txt",
  " leading and trailing ",
  "plus+sign.txt",
  "a+b c%20d.txt",
  "100%.txt",
  "%2F%2f.txt",
  "q?versionId=1&x=y#z.txt",
  "semi;colon,comma=equals@at:colon.txt",
  "quotes'\"`.txt",
  "brackets[](){}<>.txt",
  "back\\slash.txt",
  "tilde~caret^pipe|dollar$star*bang!.txt",
  "déjà-vu-ümläut-ñ.txt",
  "e\u0301-combining.txt",
  "日本語/ファイル.txt",
  "العربية.txt",
  "🙂 smile 👩‍👩‍👧.txt",
  "deep/er/and/deep/er/still/file.txt",
  "double//slash.txt",
  "trailing/slash/",
  "uploads/null",
  "constructor",
  "__proto__",
  filler(1_024),
  `${"ü".repeat(511)}xx`,
];

/** As many keys as asked for, the awkward ones in folders of their own. */
export const keysFor = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => {
    const key = AWKWARD_KEYS[index % AWKWARD_KEYS.length]!;
    const round = Math.floor(index / AWKWARD_KEYS.length);
    return round === 0 || Buffer.byteLength(key) > 1_000 ? cut(`${key}`, round) : `${round}/${key}`;
  });

/** A key of full length stays at full length, with its round in front. */
function cut(key: string, round: number): string {
  if (round === 0) return key;
  return [`${round}/`, ...[...key].slice(String(round).length + 1)].join("");
}
