// Buckets, roles and keys as a stack has them that names nobody: what a person does reaches its end by the rights of the web servers and the
// mover alone, and nobody looks into the buckets but by the site.
import { strict as assert } from "node:assert";
import { KMS } from "@aws-sdk/client-kms";
import { S3 } from "@aws-sdk/client-s3";
import { until } from "../../sandbox/problem";
import type { Rig } from "./rig";
import { needsRig, sharedRig } from "./shared-rig";
import { Visitor } from "./visitor";
import { startWebApp, type WebApp } from "./web-app";

const TEXT = "the file's text";
const REGION = "eu-west-1";

describe("uploads of a stack that names no readers or writers", function () {
  this.timeout(120_000);
  let rig: Rig;
  let web: WebApp;
  let ann: Visitor;
  before(needsRig);
  before(async () => {
    rig = await sharedRig();
    web = await startWebApp(rig);
    ann = await new Visitor(web.url).join("ann.default@example.com");
  });
  after(async () => web?.close());

  const asWebServer = async () => {
    const given = await rig.webEnvironment();
    return {
      endpoint: rig.endpoint,
      region: REGION,
      credentials: {
        accessKeyId: given["AWS_ACCESS_KEY_ID"]!,
        secretAccessKey: given["AWS_SECRET_ACCESS_KEY"]!,
        sessionToken: given["AWS_SESSION_TOKEN"],
      },
    };
  };
  const store = async (sensitive: boolean): Promise<string> => {
    const wish = { name: "notes.txt", size: TEXT.length, type: "text/plain", sensitive };
    const { url, fields, key } = await (await ann.json("/uploads", wish)).json();
    const form = new FormData();
    for (const [name, value] of Object.entries(fields as Record<string, string>)) form.append(name, value);
    form.append("file", new Blob([TEXT]));
    assert.equal((await fetch(url, { method: "POST", body: form })).status, 201);
    return key;
  };
  const whereIs = async (key: string) => {
    const { files } = await (await ann.get("/uploads")).json();
    return (files as { key: string; where: string }[]).find((file) => file.key === key)?.where;
  };
  const addressOf = (key: string) => `/files/${key.split("/")[2]}`;
  const headers = () => ({ "x-form-token": ann.token });
  const mark = async (key: string) =>
    assert.equal(
      (await ann.send(`${addressOf(key)}/sensitive`, { method: "POST", headers: headers() })).status,
      204,
    );
  const moved = (key: string) =>
    until("The file's move", () => whereIs(key), { wanted: (where) => where === "sensitive", seconds: 60 });

  it("put each file into its store, and open a normal one", async () => {
    const [normal, sensitive] = [await store(false), await store(true)];
    assert.deepEqual([await whereIs(normal), await whereIs(sensitive)], ["normal", "sensitive"]);
    const opened = await ann.send(addressOf(normal), { redirect: "manual" });
    assert.equal(opened.status, 303);
    assert.equal(await (await fetch(opened.headers.get("location")!)).text(), TEXT);
  });

  it("move a file that its owner marks later", async () => {
    const key = await store(false);
    await mark(key);
    await moved(key);
  });

  it("keep deleted files deleted, in both stores", async () => {
    const [normal, sensitive, later] = [await store(false), await store(true), await store(false)];
    await mark(later);
    await moved(later);
    for (const key of [normal, sensitive, later]) {
      assert.equal((await ann.send(addressOf(key), { method: "DELETE", headers: headers() })).status, 204);
      assert.equal(await whereIs(key), undefined);
    }
  });

  it("refuses a sensitive file to the web servers' own role", async () => {
    const sensitive = await store(true);
    const s3 = new S3({ ...(await asWebServer()), forcePathStyle: true });
    await assert.rejects(s3.getObject({ Bucket: rig.outputs.sensitive, Key: sensitive }), {
      name: "AccessDenied",
    });
    s3.destroy();
  });

  it("refuses the sensitive files' key to the web servers' own role, except through S3", async () => {
    const root = new KMS({ endpoint: rig.endpoint, region: REGION, credentials: rig.credentials });
    const own = new KMS(await asWebServer());
    const wish = { KeyId: rig.outputs.keyArn, KeySpec: "AES_256" } as const;
    const { CiphertextBlob } = await root.generateDataKey(wish);
    await assert.rejects(own.generateDataKey(wish), { name: "AccessDeniedException" });
    await assert.rejects(own.decrypt({ CiphertextBlob }), { name: "AccessDeniedException" });
    for (const kms of [root, own]) kms.destroy();
  });
});
