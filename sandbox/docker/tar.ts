export interface Entry {
  /** A folder's ends in a slash. */
  name: string;
  content?: string;
  mode: number;
  /** The number of its user and group. @default root */
  owner?: number;
}

const BLOCK = 512;

/** An archive of a few small files, in the plainest format of tar. */
export function tarOf(entries: Entry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content ?? "");
    return [header(entry, content.length), content, Buffer.alloc(-content.length & (BLOCK - 1))];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function header({ name, mode, owner = 0 }: Entry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number) =>
    block.write(value.toString(8).padStart(digits, "0"), at);
  block.write(name, 0, 100);
  octal(mode, 100, 7);
  octal(owner, 108, 7);
  octal(owner, 116, 7);
  octal(size, 124, 11);
  octal(Math.floor(Date.now() / 1000), 136, 11);
  block.write(name.endsWith("/") ? "5" : "0", 156);
  block.write("ustar\x0000", 257);
  // The sum is taken with blanks in its own place.
  block.fill(" ", 148, 156);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  block[154] = 0;
  return block;
}
