// How much a person may keep: counted over both stores, refused before anything is stored.
import { strict as assert } from "node:assert";
import { S3Client } from "@aws-sdk/client-s3";
import { SSM } from "@aws-sdk/client-ssm";
import type { UploadSettings } from "../../webapp/identity/settings";
import { Files } from "../../webapp/uploads/files";
import { requireRoom, roomFor } from "../../webapp/uploads/room";
import type { Rig } from "./rig";
import { needsRig, sharedRig } from "./shared-rig";
import { Visitor } from "./visitor";
import { startWebApp, type WebApp } from "./web-app";

const TEXT = "fifteen letters";

describe("the storage limit of a person", () => {
  let rig: Rig;
  let web: WebApp;
  let ann: Visitor;
  let ssm: SSM;
  let original: { Name: string; Value: string };
  before(needsRig);
  before(async () => {
    rig = await sharedRig();
    const { endpoint, credentials } = rig;
    ssm = new SSM({ region: "eu-west-1", endpoint, credentials });
    const Name = (await rig.webEnvironment())["UPLOADS_PARAMETER"]!;
    const { Parameter } = await ssm.getParameter({ Name });
    original = { Name, Value: Parameter!.Value! };
    const settings = JSON.parse(original.Value) as UploadSettings;
    assert.equal(settings.maxPersonBytes, 10 * 1024 ** 3);
    const Value = JSON.stringify({ ...settings, maxPersonBytes: 40 });
    await ssm.putParameter({ Name, Value, Overwrite: true });
    web = await startWebApp(rig);
    ann = await new Visitor(web.url).join("ann.room@example.com");
  });
  after(async () => {
    if (original) await ssm.putParameter({ ...original, Overwrite: true });
    await web?.close();
  });

  const announce = (who: Visitor, size: number, sensitive = false) =>
    who.json("/uploads", { name: "a.txt", type: "text/plain", size, sensitive });
  async function store(text: string, sensitive: boolean): Promise<void> {
    const answer = await announce(ann, text.length, sensitive);
    assert.equal(answer.status, 201);
    const { url, fields } = (await answer.json()) as { url: string; fields: Record<string, string> };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", new Blob([text]));
    assert.equal((await fetch(url, { method: "POST", body: form })).status, 201);
  }
  const kept = async () => ((await (await ann.get("/uploads")).json()) as { files: { id: string }[] }).files;
  const refused = async (answer: Response) => {
    const { statusCode, message } = (await answer.json()) as { statusCode: number; message: string };
    assert.deepEqual([answer.status, statusCode], [413, 413]);
    assert.equal(message, "only 0 of your 0 GB are left: delete some files first");
  };

  it("counts both stores, and refuses what is larger than the remaining space", async () => {
    await store(TEXT, false);
    await store(TEXT, true);
    await refused(await announce(ann, 11));
    assert.equal((await announce(ann, 10)).status, 201);
    const bob = await new Visitor(web.url).join("bob.room@example.com");
    assert.equal((await announce(bob, 40)).status, 201);
  });

  it("stores nothing from a form if the limit is reached, and frees the space of deleted files", async () => {
    const send = () => {
      const form = new FormData();
      form.append("form", ann.token);
      form.append("sensitive", "no");
      form.append("file", new Blob([TEXT], { type: "text/plain" }), "a.txt");
      form.append("file", new Blob([TEXT], { type: "text/plain" }), "b.txt");
      return ann.send("/uploads/files", { method: "POST", body: form });
    };
    await refused(await send()); // the first file takes all that is left
    assert.equal((await kept()).length, 3);
    await refused(await send());
    const files = await kept();
    assert.equal(files.length, 3);
    const headers = { "x-form-token": ann.token };
    assert.equal((await ann.send(`/files/${files[0]!.id}`, { method: "DELETE", headers })).status, 204);
    assert.equal((await announce(ann, 10)).status, 201);
  });
});

describe("the storage used by a person", () => {
  const SETTINGS = { normalBucket: "normal", sensitiveBucket: "sensitive" } as UploadSettings;
  const key = (at: number) => `uploads/ann/${String(at).padStart(17, "0")}-aaaaaaaaaaaa/a.txt`;
  /** Two thousand files of a byte in the normal store, and one of five bytes in both. */
  const s3 = {
    async send({ input }: { input: { Bucket: string; StartAfter?: string; MaxKeys: number } }) {
      const all = Array.from({ length: 2_000 }, (_, at) => ({ Key: key(at), Size: 1 }));
      const moving = { Key: key(3_000), Size: 5 };
      const there = input.Bucket === "normal" ? [...all, moving] : [moving];
      const Contents = there
        .filter(({ Key }) => !input.StartAfter || Key > input.StartAfter)
        .slice(0, input.MaxKeys)
        .map((one) => ({ ...one, LastModified: new Date(0) }));
      return { Contents };
    },
  } as unknown as S3Client;

  it("includes everything, over many pages, and counts moving files once", async () => {
    assert.equal(await new Files(s3, SETTINGS).used("ann"), 2_005);
  });

  it("is limited as the stack says, and unlimited in an older stack that says nothing", async () => {
    const files = new Files(s3, SETTINGS);
    assert.equal(await roomFor("ann", files, { ...SETTINGS, maxPersonBytes: 2_010 }), 5);
    assert.equal(await roomFor("ann", files, SETTINGS), Infinity);
  });

  it("is shown with the space that is left, never more than exists", () => {
    const settings = { ...SETTINGS, maxPersonBytes: 10 * 1024 ** 3 };
    const told = (left: number) => ({
      message: `only ${left} of your 10 GB are left: delete some files first`,
    });
    assert.throws(() => requireRoom(1024 ** 3 / 2 + 1024 ** 2, 1024 ** 3, settings), told(0.5));
    assert.throws(() => requireRoom(-5, 1, settings), told(0));
    requireRoom(5, 5, settings);
  });
});
