import { strict as assert } from "node:assert";
import { some } from "../some";
import { needsRig, sharedRig } from "./shared-rig";
import { Visitor } from "./visitor";
import { startWebApp, type WebApp } from "./web-app";

describe("files sent as a form", () => {
  let web: WebApp;
  let ann: Visitor;
  before(needsRig);
  before(async () => {
    web = await startWebApp(await sharedRig());
    ann = await new Visitor(web.url).join("ann.forms@example.com");
  });
  after(async () => web?.close());

  const stored = async () =>
    ((await (await ann.get("/uploads")).json()) as { files: { key: string; where: string }[] }).files;
  const shown = async (key: string) => (await stored()).find((file) => file.key === key);

  const FILE = "file";
  /** Sends fields and files in this order; the value of a file is its text. */
  const sendForm = (...parts: [name: string, value: string][]) => {
    const form = new FormData();
    form.append("form", ann.token);
    for (const [name, value] of parts)
      if (name === FILE) form.append(name, new Blob([value], { type: "text/plain" }), "a.txt");
      else form.append(name, value);
    return ann.send("/uploads/files", { method: "POST", body: form });
  };

  for (const [where, answers] of some<[string, string[]]>([
    ["sensitive", ["yes", "YES", " on ", "true", "1"]],
    ["normal", ["no", "False", "off", "0"]],
  ]))
    it(`are stored in the ${where} store, and shown so, if the form says sensitive: ${answers.join(", ")}`, async () => {
      for (const answer of some(answers)) {
        const response = await sendForm(["sensitive", answer], [FILE, "text"]);
        assert.equal(response.status, 201, answer);
        const { files } = (await response.json()) as { files: { key: string; where: string }[] };
        assert.equal(files[0]!.where, where, answer);
        assert.equal((await shown(files[0]!.key))!.where, where, answer);
      }
    });

  it("are sensitive if the box is ticked, despite the no before it", async () => {
    const response = await sendForm(["sensitive", "no"], ["sensitive", "yes"], [FILE, "text"]);
    assert.equal(((await response.json()) as { files: { where: string }[] }).files[0]!.where, "sensitive");
  });

  for (const [title, parts, field] of some<[string, [string, string][], string]>([
    ["says nothing of it", [[FILE, "text"]], "sensitive"],
    [
      "says neither yes nor no",
      [
        ["sensitive", "ja"],
        [FILE, "text"],
      ],
      "sensitive",
    ],
    [
      "is misspelt",
      [
        ["sensitiv", "yes"],
        [FILE, "text"],
      ],
      "sensitiv",
    ],
  ]))
    it(`refuses a form that ${title}, before a byte is stored`, async () => {
      const before = (await stored()).length;
      const response = await sendForm(...parts);
      const body = (await response.json()) as { field: string };
      assert.deepEqual([response.status, body.field], [400, field]);
      assert.equal((await stored()).length, before);
    });

  it("refuses a field that comes after a file, and names what was already stored", async () => {
    const response = await sendForm(["sensitive", "no"], [FILE, "text"], ["sensitive", "yes"]);
    const { message } = (await response.json()) as { message: string };
    assert.equal(response.status, 400);
    const [, key] = /after 1 that are stored: (\S+)$/.exec(message)!;
    assert.equal((await shown(key!))!.where, "normal");
  });

  for (const [title, body, type] of some<[string, string, string]>([
    [
      "has no end",
      '--x\r\nContent-Disposition: form-data; name="form"\r\n\r\nabc',
      "multipart/form-data; boundary=x",
    ],
    ["ends within a file", "FILE", "multipart/form-data; boundary=x"],
    ["is empty", "", "multipart/form-data; boundary=x"],
    ["holds something else", "{}", "multipart/form-data; boundary=x"],
    ["names no boundary", "x", "multipart/form-data"],
  ]))
    it(`refuses a form that ${title}, as the client's error`, async () => {
      const field = (name: string, value: string) =>
        `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
      const file = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhalf`;
      const before = (await stored()).length;
      const response = await ann.send("/uploads/files", {
        method: "POST",
        body: body === "FILE" ? field("form", ann.token) + field("sensitive", "no") + file : body,
        headers: { "content-type": type },
      });
      const { message } = (await response.json()) as { message: string };
      assert.equal(response.status, 400, message);
      assert.match(message, /^(body must be a complete multipart form|the form must hold at least one file)/);
      assert.equal((await stored()).length, before);
    });
});
