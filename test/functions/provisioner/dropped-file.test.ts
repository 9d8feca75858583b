import { strict as assert } from "node:assert";
import { logged } from "../logged";
import { MEMBER, Person, wish, World, world } from "./world";

describe("a dropped file", () => {
  const drop = async (w: World, text: string | undefined, person: Person = MEMBER) => {
    const { body } = await w.call(person, "POST", "/uploads");
    const { key } = body.fields as { key: string };
    if (text !== undefined) w.files.set(key, text);
    const { lines } = await logged(() => w.dropFiles(key));
    return { key, lines };
  };

  it("starts what a request starts, once, and goes for good", async () => {
    const w = world();
    const { key } = await drop(w, JSON.stringify(wish()));
    assert.deepEqual([w.seen.starts.length, w.files.size, w.seen.mails], [1, 0, []]);
    const ticket = key.slice("requests/".length, -".json".length);
    assert.equal(await w.apiPorts.store.ticket(ticket), undefined);
    w.files.set(key, JSON.stringify(wish({ name: "other" })));
    await w.dropFiles(key);
    assert.deepEqual([w.seen.starts.length, w.files.size], [1, 0]);
  });

  it("that is refused is told of by e-mail, and the log says no word of it", async () => {
    const w = world();
    const { lines } = await drop(w, JSON.stringify(wish({ environment: "qa" })));
    assert.deepEqual(w.seen.mails, [
      {
        to: [MEMBER.email],
        subject: "Your project was not accepted",
        text: 'environment must be one of dev, stag, prod, got "qa"',
      },
    ]);
    assert.deepEqual(lines, [
      { what: "drop", project: "", name: "Error", message: "refused with 400 invalid" },
    ]);
    assert.deepEqual([w.seen.starts, w.files.size], [[], 0]);
  });

  it("that is no JSON is refused, too", async () => {
    const w = world();
    await drop(w, "{");
    assert.match(w.seen.mails[0]!.text, /^The file must be a JSON object\.$/);
  });

  it("that is gone already, or came without a ticket, is nothing", async () => {
    const w = world();
    await drop(w, undefined);
    const keys = ["x.json", `requests/${"0".repeat(39)}.json`, `requests/${"0".repeat(40)}.json`];
    const near = [`a/requests/${"0".repeat(40)}.json`, `requests/${"0".repeat(40)}.jsonx`];
    for (const key of [...keys, ...near]) {
      w.files.set(key, JSON.stringify(wish()));
      await w.dropFiles(key);
    }
    assert.deepEqual([w.seen.starts, w.seen.mails, w.files.size], [[], [], 0]);
  });

  it("is tried again when AWS does not answer, with the same ticket", async () => {
    const w = world();
    const { body } = await w.call(MEMBER, "POST", "/uploads");
    const { key } = body.fields as { key: string };
    w.files.set(key, JSON.stringify(wish()));
    w.aws.broken.add("removeFile");
    await assert.rejects(w.dropFiles(key), { message: "removeFile is broken" });
    w.aws.broken.clear();
    await w.dropFiles(key);
    assert.deepEqual([w.seen.starts.length, w.files.size, w.seen.mails], [1, 0, []]);
  });
});
