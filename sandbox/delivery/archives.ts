import * as fs from "node:fs";
import * as path from "node:path";
import { unzipSync, zipSync } from "fflate";
import { Problem } from "../problem";

/** Extracts a zip's files below a folder, and never outside it; one by one, since the same process answers visitors meanwhile. */
export async function unpack(zip: Uint8Array, folder: string): Promise<void> {
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const file = path.resolve(folder, name);
    if (!`${file}/`.startsWith(`${path.resolve(folder)}/`))
      throw new Problem(`The archive has a file outside of itself: ${name}.`);
    if (name.endsWith("/")) await fs.promises.mkdir(file, { recursive: true });
    else {
      await fs.promises.mkdir(path.dirname(file), { recursive: true });
      await fs.promises.writeFile(file, content);
    }
  }
}

/** The plain files below a folder that match a buildspec's patterns; no links, because these could lead anywhere. */
export function pack(folder: string, patterns: string[]): Uint8Array {
  const base = fs.realpathSync(folder);
  const wanted = patterns.map(expression);
  const files = fs
    .readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => path.relative(base, path.join(one.parentPath, one.name)))
    .filter((name) => wanted.some((one) => one.test(name)));
  if (files.length === 0) throw new Problem(`The build has left none of ${patterns.join(", ")}.`);
  return zipSync(
    Object.fromEntries(files.sort().map((name) => [name, fs.readFileSync(path.join(base, name))])),
  );
}

/** A buildspec's pattern: `**` is any folder, `*` anything but a folder. */
function expression(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|[\]\\?]/g, "\\$&")
    .replace(/\*\*\/?/g, "\0")
    .replaceAll("*", "[^/]*")
    .replaceAll("\0", "(?:.*/)?");
  return new RegExp(`^${text}$`);
}
