import { ask } from "../ask";
import { Broken, Context, expectStatus, needs, Promised } from "../promised";
import { deleteFile, listedAs, Store, storeFile, storesOf, StoredFile } from "../stored";

const missing = needs("normalBucketName", "sensitiveBucketName", "userPoolId");

async function expectIn(context: Context, file: StoredFile, wanted: Store): Promise<void> {
  const stores = await storesOf(context, file);
  if (stores.join() !== wanted)
    throw new Broken(`a ${wanted} file is in ${stores.join(" and ") || "no store"}`);
  const listed = await listedAs(context, file);
  if (listed !== wanted) throw new Broken(`the web app lists a ${wanted} file as ${listed ?? "nothing"}`);
}

export const uploads: Promised = {
  name: "files end up in the right store",
  expected:
    "a normal file is only in the normal bucket, a sensitive one only in the sensitive bucket, and each is gone once deleted",
  takes: { sandbox: 2, AWS: 5 },
  usd: 0.001,
  missing,
  async run(context) {
    for (const store of ["normal", "sensitive"] as const) {
      const file = await storeFile(context, `verify-${store}.txt`, store === "sensitive");
      await expectIn(context, file, store);
      await deleteFile(context, file);
    }
    return "each in its own bucket and nowhere else, and in the list; after deletion in neither bucket";
  },
};

export const moved: Promised = {
  name: "a file that is marked later is moved",
  expected: "once marked as sensitive, it leaves the normal bucket and is only in the sensitive one",
  takes: { sandbox: 5, AWS: 30 },
  usd: 0.001,
  missing,
  async run(context) {
    const { stage, token, until } = context;
    const file = await storeFile(context, "verify-marked.txt", false);
    await expectIn(context, file, "normal");
    const path = `/files/${file.id}/sensitive`;
    const authorization = `Bearer ${await token()}`;
    expectStatus(`POST ${path}`, await ask(stage.url + path, { method: "POST", authorization }), 204);
    const begin = performance.now();
    await until(
      "The file's move to the sensitive store",
      120,
      async () => (await storesOf(context, file)).join() === "sensitive",
    );
    const seconds = (performance.now() - begin) / 1000;
    await expectIn(context, file, "sensitive");
    await deleteFile(context, file);
    return `only in the sensitive bucket ${seconds.toFixed(1)} s after it was marked; after deletion in neither`;
  },
};
