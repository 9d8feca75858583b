const MEBIBYTE = 1024 * 1024;

/** S3 copies at most 5 GiB in one request, and takes at most 10,000 parts of at most 5 GiB each. */
export const SINGLE_COPY_LIMIT = 5 * 1024 * MEBIBYTE;
const USUAL_PART = 512 * MEBIBYTE;
const MOST_PARTS = 10_000;

/** Byte ranges, both ends included, that cover an object of `size` bytes. */
export function rangesOf(size: number, partSizes: number[] = usualParts(size)): string[] {
  let start = 0;
  return partSizes.map((length) => {
    const range = `bytes=${start}-${start + length - 1}`;
    start += length;
    return range;
  });
}

function usualParts(size: number): number[] {
  const length = Math.max(USUAL_PART, Math.ceil(size / MOST_PARTS));
  return Array.from({ length: Math.ceil(size / length) }, (_, index) =>
    Math.min(length, size - index * length),
  );
}
