import { isSensitive } from "./sensitive-tag";
import { Copied, Described, Store } from "./store";

/** S3 accepts 2 KB of user metadata, names included. */
const METADATA_LIMIT = 2048;

export interface Moved {
  outcome: "moved" | "left" | "gone";
  versions: number;
}

/**
 * Moves every version of a key, up to the newest one tagged sensitive, to the sensitive bucket. It starts with the
 * oldest, so that the history keeps its order, and deletes each only after it has verified its copy. Later versions stay.
 */
export async function moveObject(store: Store, key: string): Promise<Moved> {
  // If the key already exists there, it checks again what is left to move before it writes a newer version over it.
  return (await attempt(store, key, true)) ?? (await attempt(store, key, false))!;
}

/** Undefined if the first copy was refused because the sensitive bucket already has the key. */
async function attempt(store: Store, key: string, onlyIfAbsent: boolean): Promise<Moved | undefined> {
  const { versions } = await store.history(key);
  if (versions.length === 0) return { outcome: "gone", versions: 0 };
  const newest = await newestSensitive(store, key, versions);
  if (newest === undefined) return { outcome: "left", versions: 0 };
  const sensitive = versions.slice(newest).reverse();
  for (const [index, version] of sensitive.entries()) {
    if (!(await copyVerified(store, key, version, onlyIfAbsent && index === 0))) return undefined;
    if (index === sensitive.length - 1) await keepDeleted(store, key);
    await store.remove(key, version);
  }
  // A marker is useless once no version is left; it must stay while it hides one.
  if (newest === 0) for (const marker of (await store.history(key)).markers) await store.remove(key, marker);
  return { outcome: "moved", versions: sensitive.length };
}

/**
 * A deleted key stays deleted in the other bucket. Checked after everything is copied and before the last version goes: whoever
 * deletes first marks the normal bucket and then looks into the sensitive one, so one of the two always sees the other. A move
 * that breaks off here starts over.
 */
async function keepDeleted(store: Store, key: string): Promise<void> {
  if ((await store.history(key)).isDeleted) await store.hide(key);
}

/** The index of the newest version that is tagged sensitive. */
async function newestSensitive(store: Store, key: string, versions: string[]): Promise<number | undefined> {
  for (const [index, version] of versions.entries())
    if (isSensitive(await store.tags(key, version))) return index;
  return undefined;
}

async function copyVerified(store: Store, key: string, versionId: string, onlyIfAbsent: boolean) {
  const source = await store.describe(key, versionId);
  const metadata = noting(source.metadata, versionId);
  const copy = await store.copy({ key, versionId, source, metadata, onlyIfAbsent });
  if (!copy) return false;
  const size = await store.sensitiveSize(key, copy.versionId);
  if (size !== source.size)
    throw new Error(`the copy of ${JSON.stringify(key)} has ${size} bytes and not ${source.size}`);
  if (!sameBytes(source, copy)) throw new Error(`the copy of ${JSON.stringify(key)} has another checksum`);
  return true;
}

function noting(metadata: Record<string, string>, versionId: string): Record<string, string> {
  const noted = { ...metadata, "moved-version": versionId };
  const bytes = Object.entries(noted).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name + value),
    0,
  );
  return bytes <= METADATA_LIMIT ? noted : metadata;
}

/** By a checksum of the same kind; if S3 has none, by the ETag, which is then the content's MD5. */
function sameBytes(source: Described, copy: Copied): boolean {
  const [a, b] = [source.checksum, copy.checksum];
  if (a && b) return a.algorithm === b.algorithm && a.value === b.value;
  return source.etag !== undefined && source.etag === copy.etag;
}
