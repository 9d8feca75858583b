import { S3 } from "@aws-sdk/client-s3";
import { ask } from "./ask";
import { Broken, Context, expectStatus } from "./promised";
import type { Stage } from "./stage";

export type Store = "normal" | "sensitive";

export interface StoredFile {
  key: string;
  /** Identifies it in the web app. */
  id: string;
}

const CONTENT = "Stored by npm run verify, which removes it.\n";

const bucketOf = ({ outputs }: Stage, store: Store) =>
  outputs[store === "normal" ? "normalBucketName" : "sensitiveBucketName"]!;

/** Stores a small file as a browser does: by a form that the web app signs. It also registers the file's removal. */
export async function storeFile(context: Context, name: string, sensitive: boolean): Promise<StoredFile> {
  const { stage, made, token } = context;
  const authorization = `Bearer ${await token()}`;
  const body = { name, size: Buffer.byteLength(CONTENT), type: "text/plain", sensitive };
  const asked = await ask(`${stage.url}/uploads`, { method: "POST", authorization, body });
  const { url, fields, key } = expectStatus("POST /uploads", asked, 201).json as {
    url: string;
    fields: Record<string, string>;
    key: string;
  };
  made.add({
    what: `the file ${name}`,
    remove: () => eachBucket(stage, (s3, Bucket) => removeVersions(s3, Bucket, key)),
    there: async () => (await eachBucket(stage, (s3, Bucket) => versions(s3, Bucket, key))).flat().length > 0,
  });
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append("file", new Blob([CONTENT], { type: "text/plain" }), name);
  const stored = await fetch(url, { method: "POST", body: form, signal: AbortSignal.timeout(30_000) });
  if (stored.status !== 201)
    throw new Broken(`the store answered ${stored.status} ${(await stored.text()).slice(0, 200)}`);
  return { key, id: key.split("/").at(-2)! };
}

/** Where the file is now, by S3's listing of each bucket. */
export async function storesOf({ stage }: Context, { key }: StoredFile): Promise<Store[]> {
  const s3 = new S3({ region: stage.region });
  const there = async (store: Store) => {
    const { Contents = [] } = await s3.listObjectsV2({ Bucket: bucketOf(stage, store), Prefix: key });
    return Contents.length > 0 ? [store] : [];
  };
  return [...(await there("normal")), ...(await there("sensitive"))];
}

/** Where the web app says it is; undefined if it is not in the person's list. */
export async function listedAs({ stage, token }: Context, file: StoredFile): Promise<string | undefined> {
  const authorization = `Bearer ${await token()}`;
  const { json } = expectStatus("GET /uploads", await ask(`${stage.url}/uploads`, { authorization }), 200);
  return (json.files as { id: string; where: string }[]).find(({ id }) => id === file.id)?.where;
}

/** Deletes it as its person does, and checks that neither the list nor a bucket shows it any more. */
export async function deleteFile(context: Context, file: StoredFile): Promise<void> {
  const authorization = `Bearer ${await context.token()}`;
  const path = `/files/${file.id}`;
  const answer = await ask(context.stage.url + path, { method: "DELETE", authorization });
  expectStatus(`DELETE ${path}`, answer, 204);
  const [listed, stores] = [await listedAs(context, file), await storesOf(context, file)];
  if (listed || stores.length > 0)
    throw new Broken(`a deleted file is still ${listed ?? stores.join(" and ")}`);
}

async function eachBucket<T>(stage: Stage, act: (s3: S3, bucket: string) => Promise<T>): Promise<T[]> {
  const s3 = new S3({ region: stage.region });
  return [await act(s3, bucketOf(stage, "normal")), await act(s3, bucketOf(stage, "sensitive"))];
}

/** The key contains a random part: no other file's key begins with it. */
async function versions(s3: S3, Bucket: string, Prefix: string) {
  const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket, Prefix });
  return [...Versions, ...DeleteMarkers];
}

async function removeVersions(s3: S3, Bucket: string, Prefix: string): Promise<void> {
  for (const { Key, VersionId } of await versions(s3, Bucket, Prefix))
    await s3.deleteObject({ Bucket, Key, VersionId });
}
