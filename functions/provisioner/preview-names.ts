import { createHash } from "node:crypto";

/** As long as the name of any project. */
const LONGEST = 40;
const OF_THE_PROJECT = 20;

/** A branch's name as a part of a project's. */
const slugOf = (branch: string) =>
  branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/**
 * How a branch's preview may be called, the plainest first. The second one holds a sum of the branch, since two may look alike as a part of a
 * name (`fix/a` and `fix-a`), be cut off, or meet a name that is somebody else's.
 */
export function previewNames({ id, name }: { id: string; name: string }, branch: string): string[] {
  const slug = slugOf(branch);
  const plain = `${name}-${slug}`;
  const sum = createHash("sha256").update(`${id}/${branch}`).digest("hex").slice(0, 6);
  const room = LONGEST - sum.length - 1;
  const cut = `${name.slice(0, OF_THE_PROJECT)}-${slug}`.slice(0, room).replace(/-+$/, "");
  return [...(slug && plain.length <= LONGEST ? [plain] : []), `${cut}-${sum}`];
}
