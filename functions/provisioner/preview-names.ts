import { createHash } from "node:crypto";

/** As long as any project's name. */
const LONGEST = 40;
const OF_THE_PROJECT = 20;

/** A branch's name as part of a project's. */
const slugOf = (branch: string) =>
  branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/**
 * The possible names of a branch's preview, the plainest first. The second holds a hash of the branch, since two branches may look alike in a
 * name (`fix/a` and `fix-a`), be cut off, or collide with somebody else's name.
 */
export function previewNames({ id, name }: { id: string; name: string }, branch: string): string[] {
  const slug = slugOf(branch);
  const plain = `${name}-${slug}`;
  const sum = createHash("sha256").update(`${id}/${branch}`).digest("hex").slice(0, 6);
  const room = LONGEST - sum.length - 1;
  const cut = `${name.slice(0, OF_THE_PROJECT)}-${slug}`.slice(0, room).replace(/-+$/, "");
  return [...(slug && plain.length <= LONGEST ? [plain] : []), `${cut}-${sum}`];
}
