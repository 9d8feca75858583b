const MOST_BYTES = 255;

/** Why a file's name is not accepted, or undefined. It becomes the end of a key, so it must not look like a path. */
export function nameProblem(name: string): string | undefined {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > MOST_BYTES) return `a file name of 1 to ${MOST_BYTES} bytes`;
  if (/[/\\\p{Cc}\p{Cs}]/u.test(name)) return "a file name without slashes and control characters";
  if (/^\.{1,2}$/.test(name)) return "a file name and not a folder";
  return undefined;
}
