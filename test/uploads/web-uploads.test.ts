import { strict as assert } from "node:assert";
import { until } from "../../sandbox/problem";
import type { Rig } from "./rig";
import { needsRig, sharedRig } from "./shared-rig";
import { versionsIn } from "./waiting";
import { Visitor } from "./visitor";
import { startWebApp, type WebApp } from "./web-app";

interface Signed {
  url: string;
  fields: Record<string, string>;
  key: string;
}

const TEXT = "the file's text";
const announce = (more: object = {}) => ({
  name: "notes.txt",
  size: TEXT.length,
  type: "text/plain",
  sensitive: false,
  ...more,
});

/** Posts a form as a browser does, the file last. */
async function post({ url, fields }: Pick<Signed, "url" | "fields">, body = TEXT): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([body]));
  return fetch(url, { method: "POST", body: form });
}

describe("uploads by the web app", () => {
  let rig: Rig;
  let web: WebApp;
  let ann: Visitor;
  let bob: Visitor;
  before(needsRig);
  before(async () => {
    rig = await sharedRig();
    web = await startWebApp(rig);
    ann = await new Visitor(web.url).join("ann.uploads@example.com");
    bob = await new Visitor(web.url).join("bob.uploads@example.com");
  });
  after(async () => web?.close());

  const sign = async (who: Visitor, more: object = {}): Promise<Signed> => {
    const response = await who.json("/uploads", announce(more));
    assert.equal(response.status, 201);
    return (await response.json()) as Signed;
  };
  const filesOf = async (who: Visitor) =>
    (
      (await (await who.get("/uploads")).json()) as {
        files: { key: string; name: string; size: number; where: string }[];
      }
    ).files;
  const shown = async (who: Visitor, key: string) => (await filesOf(who)).find((file) => file.key === key);

  it("store a file straight from the browser, and show it to its owner only", async () => {
    const signed = await sign(ann);
    assert.equal((await post(signed)).status, 201);
    const file = await shown(ann, signed.key);
    assert.deepEqual([file!.name, file!.size, file!.where], ["notes.txt", TEXT.length, "normal"]);
    assert.equal(await shown(bob, signed.key), undefined);
  });

  it("list the newest files first, page by page, from both stores", async () => {
    const cem = await new Visitor(web.url).join("cem.uploads@example.com");
    const keys: string[] = [];
    for (const sensitive of [false, true, false, true, false]) {
      const signed = await sign(cem, { sensitive });
      await post(signed);
      keys.unshift(signed.key);
    }
    const listed: string[] = [];
    for (let address: string | undefined = "/uploads?limit=2"; address;) {
      const page = (await (await cem.get(address)).json()) as { files: { key: string }[]; next?: string };
      assert.ok(page.files.length <= 2);
      listed.push(...page.files.map(({ key }) => key));
      address = page.next;
    }
    assert.deepEqual(listed, keys);
  });

  it("let nobody open, mark or delete somebody else's file", async () => {
    const { key } = await sign(ann).then(async (signed) => {
      await post(signed);
      return signed;
    });
    const address = `/files/${key.split("/")[2]}`;
    const headers = { "x-form-token": bob.token };
    const answers = [
      await bob.get(address),
      await bob.send(`${address}/sensitive`, { method: "POST", headers }),
      await bob.send(address, { method: "DELETE", headers }),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [404, 404, 404],
    );
    assert.equal((await ann.send(address, { method: "DELETE" })).status, 403);
    assert.equal((await shown(ann, key))!.where, "normal");
  });

  it("store files that are declared sensitive straight in the sensitive store, under its key", async () => {
    const signed = await sign(ann, { sensitive: true });
    assert.equal((await post(signed)).status, 201);
    const head = await rig.s3.headObject({ Bucket: rig.outputs.sensitive, Key: signed.key });
    assert.deepEqual([head.ServerSideEncryption, head.SSEKMSKeyId], ["aws:kms", rig.outputs.keyArn]);
    await assert.rejects(rig.s3.headObject({ Bucket: rig.outputs.normal, Key: signed.key }));
    assert.equal((await shown(ann, signed.key))!.where, "sensitive");
  });

  it("show that a file moved after it was tagged later", async () => {
    const signed = await sign(ann);
    await post(signed);
    const Tagging = { TagSet: [{ Key: "sensitive", Value: "yes" }] };
    await rig.s3.putObjectTagging({ Bucket: rig.outputs.normal, Key: signed.key, Tagging });
    await until("The file's move", () => shown(ann, signed.key), {
      wanted: (found) => found?.where === "sensitive",
      everyMs: 100,
    });
  });

  it("pass files through the server if a browser cannot send them itself", async () => {
    const form = new FormData();
    form.append("form", ann.token);
    form.append("sensitive", "yes");
    form.append("file", new Blob(["one"], { type: "text/plain" }), "eins ü.txt");
    form.append(
      "file",
      new Blob([Buffer.alloc(6 * 1024 * 1024, "x")], { type: "application/pdf" }),
      "zwei.pdf",
    );
    const response = await ann.send("/uploads/files", { method: "POST", body: form });
    assert.equal(response.status, 201);
    const { files } = (await response.json()) as { files: { key: string; name: string; where: string }[] };
    assert.deepEqual(
      files.map(({ name, where }) => [name, where]),
      [
        ["eins ü.txt", "sensitive"],
        ["zwei.pdf", "sensitive"],
      ],
    );
    const found = await Promise.all(files.map(({ key }) => shown(ann, key)));
    assert.deepEqual(
      found.map((file) => [file!.name, file!.size, file!.where]),
      [
        ["eins ü.txt", 3, "sensitive"],
        ["zwei.pdf", 6 * 1024 * 1024, "sensitive"],
      ],
    );
  });

  it("refuses 20 ways to abuse a signed form", async () => {
    const good = await sign(ann);
    const guarded = await sign(ann, { sensitive: true });
    const foreign = await sign(bob);
    const changed = (more: Record<string, string>, base = good) => ({
      ...base,
      fields: { ...base.fields, ...more },
    });
    const without = (name: string, base = good) => {
      const { [name]: _gone, ...fields } = base.fields;
      return { ...base, fields };
    };
    const policy = JSON.parse(Buffer.from(good.fields["Policy"]!, "base64").toString()) as {
      expiration: string;
      conditions: unknown[];
    };
    const forged = (next: object) =>
      changed({ Policy: Buffer.from(JSON.stringify({ ...policy, ...next })).toString("base64") });
    const attempts: [name: string, form: Pick<Signed, "url" | "fields">, body?: string][] = [
      ["a larger file", good, `${TEXT}!`],
      ["a smaller file", good, "x"],
      ["an empty file", good, ""],
      ["a much larger file", good, "x".repeat(1_000_000)],
      ["another type", changed({ "Content-Type": "text/html" })],
      ["no type", without("Content-Type")],
      ["another key", changed({ key: "uploads/other" })],
      ["another person's folder", changed({ key: foreign.key })],
      ["a key out of the folder", changed({ key: good.key.replace("notes.txt", "../../x") })],
      ["a key that S3 fills in", changed({ key: `${good.key}/\${filename}` })],
      ["another prefix", changed({ key: `secret/${good.key}` })],
      ["an access list", changed({ acl: "public-read" })],
      ["tags", changed({ tagging: "<Tagging><TagSet/></Tagging>" })],
      ["metadata", changed({ "x-amz-meta-owner": "bob" })],
      ["a redirect", changed({ success_action_redirect: "https://evil.example" })],
      ["a later end", forged({ expiration: "2099-01-01T00:00:00Z" })],
      ["no conditions", forged({ conditions: [] })],
      ["another signature", changed({ "X-Amz-Signature": "0".repeat(64) })],
      [
        "the normal form in the sensitive store",
        { ...good, url: good.url.replace(rig.outputs.normal, rig.outputs.sensitive) },
      ],
      ["the sensitive form without its key", without("x-amz-server-side-encryption-aws-kms-key-id", guarded)],
    ];
    assert.equal(attempts.length, 20);
    const taken: string[] = [];
    for (const [name, form, body] of attempts) {
      const response = await post(form, body);
      if (response.status < 400) taken.push(`${name}: ${response.status}`);
    }
    assert.deepEqual(taken, []);
    assert.equal((await post(good)).status, 201);
  });

  it("let a form that is sent again only write its own file once more, and keep the first version", async () => {
    const signed = await sign(ann);
    const other = TEXT.toUpperCase();
    assert.equal((await post(signed)).status, 201);
    assert.equal((await post(signed, other)).status, 201);
    const versions = await versionsIn(rig.s3, rig.outputs.normal, signed.key);
    assert.deepEqual(
      versions.map(({ key }) => key),
      [signed.key, signed.key],
    );
    const bodies = await Promise.all(
      versions.map(async ({ key, versionId }) => {
        const { Body } = await rig.s3.getObject({
          Bucket: rig.outputs.normal,
          Key: key,
          VersionId: versionId,
        });
        return Body!.transformToString();
      }),
    );
    assert.deepEqual(bodies, [other, TEXT]);
    // One file still, its owner's, of the size that was announced.
    const file = await shown(ann, signed.key);
    assert.deepEqual([file!.name, file!.size, file!.where], ["notes.txt", TEXT.length, "normal"]);
    assert.equal((await filesOf(ann)).filter(({ key }) => key === signed.key).length, 1);
    assert.equal(await shown(bob, signed.key), undefined);
  });

  it("sign a form for five minutes, and for one file only", async () => {
    const { fields, key } = await sign(ann);
    const policy = JSON.parse(Buffer.from(fields["Policy"]!, "base64").toString()) as {
      expiration: string;
      conditions: unknown[];
    };
    const seconds = (Date.parse(policy.expiration) - Date.now()) / 1000;
    assert.ok(seconds > 240 && seconds <= 300, `${seconds} s`);
    assert.deepEqual(policy.conditions.slice(0, 2), [
      ["eq", "$key", key],
      ["content-length-range", TEXT.length, TEXT.length],
    ]);
  });

  it("refuses a form after it has expired, which it accepted before", async () => {
    const { key: Key } = await sign(ann);
    const { createPresignedPost } = await import("@aws-sdk/s3-presigned-post");
    const formOf = (Expires: number) =>
      createPresignedPost(rig.s3, {
        Bucket: rig.outputs.normal,
        Key,
        Conditions: [["content-length-range", 1, 100]],
        Expires,
      });
    assert.equal((await post(await formOf(300))).status, 204);
    assert.equal((await post(await formOf(-1))).status, 403);
  });

  it("refuses 20 kinds of bad input, such as forbidden files and invalid names", async () => {
    const cases: [more: object, status: number, field: string][] = [
      [{ type: "text/html" }, 415, "type"],
      [{ type: "image/svg+xml" }, 415, "type"],
      [{ type: "" }, 415, "type"],
      [{ size: 100 * 1024 * 1024 + 1 }, 413, "size"],
      [{ size: 0 }, 400, "size"],
      [{ size: 1.5 }, 400, "size"],
      [{ size: "15" }, 400, "size"],
      [{ name: "" }, 400, "name"],
      [{ name: "../../etc/passwd" }, 400, "name"],
      [{ name: "a\\b.txt" }, 400, "name"],
      [{ name: ".." }, 400, "name"],
      [{ name: "line\nbreak.txt" }, 400, "name"],
      [{ name: "ü".repeat(128) }, 400, "name"],
      [{ sensitive: "yes" }, 400, "sensitive"],
      [{ key: "mine" }, 400, "key"],
      [{ size: -1 }, 400, "size"],
      [{ name: 7 }, 400, "name"],
      [{ name: "null\0byte.txt" }, 400, "name"],
      [{ type: "TEXT/PLAIN; x=y" }, 415, "type"],
      [{ type: "x".repeat(128) }, 400, "type"],
    ];
    assert.equal(cases.length, 20);
    for (const [more, status, field] of cases) {
      const response = await ann.json("/uploads", announce(more));
      const body = (await response.json()) as { field: string };
      assert.deepEqual([response.status, body.field], [status, field], JSON.stringify(more).slice(0, 80));
    }
  });

  it("refuses files through the server that are too large, of a wrong type, or without the form's token", async () => {
    const send = async (who: Visitor, token: string, type: string, size: number) => {
      const form = new FormData();
      form.append("form", token);
      form.append("sensitive", "no");
      form.append("file", new Blob([Buffer.alloc(size, "x")], { type }), "a.txt");
      return (await who.send("/uploads/files", { method: "POST", body: form })).status;
    };
    const small = await startWebApp(rig);
    assert.equal(await send(ann, ann.token, "text/html", 10), 415);
    assert.equal(await send(ann, "wrong", "text/plain", 10), 403);
    assert.equal(await send(new Visitor(web.url), ann.token, "text/plain", 10), 401);
    assert.equal(await send(ann, ann.token, "text/plain", 100 * 1024 * 1024 + 1), 413);
    await small.close();
    const { Uploads } = await rig.s3.listMultipartUploads({ Bucket: rig.outputs.normal });
    assert.equal(Uploads, undefined);
  });
});
