import { strict as assert } from "node:assert";
import { logged } from "../logged";
import {
  asked,
  DAY,
  HOUR,
  MEMBER,
  ready,
  serve,
  SITE,
  START,
  time,
  updating,
  world,
  justBefore,
  last,
} from "./world";

const ok = { ok: true };
const CANCELLED = { ok: false, code: "cancelled", reason: "The project was cancelled." };

describe("finishing", () => {
  it("links to the project as the setting says, where another server stands before it", async () => {
    const w = world({ link: "http://{name}.projects.localhost:8090" });
    const id = await ready(w);
    assert.equal(w.record(id)!.url, "http://shop-dev.projects.localhost:8090");
    assert.ok(last(w.seen.mails).text.includes("http://shop-dev.projects.localhost:8090\n"));
  });

  it("leads the name to the site, commits the quota, and writes to the team", async () => {
    const w = world();
    const id = await ready(w);
    assert.deepEqual(
      [...w.names],
      [["shop-dev.projects.example.org", { name: "d1.cloudfront.net", zone: "Z1" }]],
    );
    const { state, quota, url, expiresAt, due, frozen, warned, step, token, stages } = w.record(id)!;
    assert.deepEqual(
      { state, quota, url, expiresAt, due, frozen, warned, step, token, finish: stages.finish },
      {
        state: "ready",
        quota: "committed",
        url: "https://shop-dev.projects.example.org",
        expiresAt: time(30 * DAY),
        due: time(DAY),
        frozen: false,
        warned: false,
        step: undefined,
        token: undefined,
        finish: { state: "done", at: time(0), endedAt: time(0) },
      },
    );
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 100, reserved: 0 });
    assert.deepEqual(last(w.seen.mails), {
      to: ["team@example.org"],
      subject: "shop is ready",
      text: [
        "shop (static, hugo, dev) is ready:",
        "https://shop-dev.projects.example.org",
        "",
        "It is kept until 2100-03-31.",
        `https://www.example.org/console?project=${id}`,
      ].join("\n"),
    });
    assert.equal(last(w.seen.events).state, "ready");
  });

  it("gives a project beyond dev no end", async () => {
    const w = world();
    const id = await ready(w, { environment: "prod" });
    assert.deepEqual([w.record(id)!.expiresAt, w.record(id)!.due], [undefined, time(DAY)]);
    assert.equal(last(w.seen.mails).text.split("\n")[3], "");
    assert.equal(w.record(id)!.url, "https://shop.projects.example.org");
  });

  it("is due when its warning is, where that is sooner than a day", async () => {
    const w = world({ devDays: 7.5 });
    const id = await ready(w);
    assert.equal(w.record(id)!.due, time(DAY / 2));
    const late = world({ devDays: 1 / 24 });
    assert.equal(late.record(await ready(late))!.due, time(HOUR), "the warning's turn has gone by");
  });

  const server = { type: "realtime", stack: "node" };
  const GROUP = { Group: "group-1", Scheme: "http" };

  it("leads the name of a lone server to its address, by the scheme that it serves", async () => {
    const w = world();
    w.addresses.set("group-1", "192.0.2.7");
    const id = await ready(w, server, GROUP);
    assert.deepEqual([...w.names.values()], [{ address: "192.0.2.7" }]);
    assert.equal(w.record(id)!.url, "http://shop-dev.projects.example.org");
  });

  it("keeps the names of AWS where the platform has no domain", async () => {
    const w = world({ domain: "" });
    const id = await ready(w);
    assert.deepEqual([w.names.size, w.record(id)!.url], [0, "https://d1.cloudfront.net"]);
    const lone = world({ domain: "" });
    lone.addresses.set("group-1", "192.0.2.7");
    assert.equal(lone.record(await ready(lone, server, GROUP))!.url, "http://192.0.2.7");
    const bare = world();
    bare.stepPorts.names = undefined;
    assert.equal(bare.record(await ready(bare))!.state, "ready");
  });

  it("takes no finished project down for a mail that is refused, or cannot be sent, and says so", async () => {
    const refused = world();
    refused.aws.mailAnswer = { refused: "The e-mail to team@example.org was refused." };
    const id = await ready(refused);
    const { state, quota, failure, notified } = refused.record(id)!;
    assert.deepEqual([state, quota, failure], ["ready", "committed", undefined]);
    assert.deepEqual(notified, { refused: "The e-mail to team@example.org was refused.", at: time(0) });
    assert.deepEqual(
      (await refused.call(MEMBER, "GET", "/projects/{id}", { id })).body.notified,
      notified,
      "the console can show it",
    );
    const broken = world();
    broken.aws.broken.add("mail");
    const { result } = await logged(() => ready(broken));
    assert.equal(broken.record(result)!.state, "ready");
    assert.deepEqual(broken.record(result)!.notified, {
      refused: "The e-mail to team@example.org could not be sent.",
      at: time(0),
    });
  });

  it("forgets a refused mail when the next one goes out", async () => {
    const w = world();
    w.aws.mailAnswer = { refused: "no such box" };
    const id = await ready(w);
    w.aws.mailAnswer = undefined;
    await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { email: "new@example.org" } });
    await serve(w, id);
    await w.step("finish", id);
    assert.deepEqual([w.record(id)!.state, w.record(id)!.notified], ["ready", undefined]);
  });

  it("that comes twice counts the quota once", async () => {
    const w = world();
    const id = await ready(w);
    assert.deepEqual(await w.step("finish", id), ok);
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 100, reserved: 0 });
  });

  it("loses against a cancellation that came first", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("create", id, "t-1");
    w.stacks.get(`gw-${id}`)!.outputs = SITE;
    justBefore(w.stepPorts.store, "commit", () => void w.edit(id, { cancel: true }));
    assert.deepEqual(await w.step("finish", id), CANCELLED);
    assert.deepEqual(w.seen.mails, [], "nobody is told of what is taken back");
    assert.deepEqual([w.record(id)!.quota, w.record(id)!.state], ["reserved", "running"]);
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 100, reserved: 100 });
  });

  it("makes an update the project's own, and drops the secret of before", async () => {
    const w = world();
    const change = { branch: "next", folder: "web", email: "new@example.org", accessToken: "n3w" };
    const id = await updating(w, change, { environment: "stag" });
    const before = w.record(id)!;
    await w.step("finish", id);
    const { state, branch, folder, email, secretArn, change: left, stages, quota } = w.record(id)!;
    assert.deepEqual(
      [state, branch, folder, email, left, quota, stages.finish!.state],
      ["ready", "next", "web", "new@example.org", undefined, "committed", "done"],
    );
    assert.equal(secretArn, before.change!.secretArn);
    assert.deepEqual(last(w.seen.mails), {
      to: ["new@example.org"],
      subject: "shop has been updated",
      text: [
        "shop (static, hugo, stag) has been updated:",
        "https://shop-stag.projects.example.org",
        "",
        "",
        `https://www.example.org/console?project=${id}`,
      ].join("\n"),
    });
  });

  it("begins the time of an extended project anew, warns once more, and says until when it is kept", async () => {
    const w = world();
    const id = await ready(w);
    w.edit(id, { warned: true });
    w.clock.ms += 25 * DAY;
    await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { extend: true } });
    await w.step("finish", id);
    const { expiresAt, warned, due } = w.record(id)!;
    assert.deepEqual([expiresAt, warned, due], [time(55 * DAY), false, time(26 * DAY)]);
    const day = time(55 * DAY).slice(0, 10);
    const { subject, text } = last(w.seen.mails);
    assert.equal(subject, "shop has more time");
    assert.deepEqual(text.split("\n"), [
      "shop (static, hugo, dev) has more time:",
      ...["https://shop-dev.projects.example.org", "", `It is kept until ${day}.`],
      `https://www.example.org/console?project=${id}`,
    ]);
  });
});

describe("freezing", () => {
  it("takes the name away, tells the team, and is looked at when its time is over", async () => {
    const w = world();
    const id = await ready(w, {}, SITE);
    w.clock.ms = START + 30 * DAY;
    await w.minute();
    assert.deepEqual(w.record(id)!.change, { frozen: true });
    w.stacks.get(`gw-${id}`)!.outputs = { Group: "group-1" };
    w.addresses.set("group-1", "192.0.2.7");
    w.seen.probes.length = 0;
    await serve(w, id);
    assert.deepEqual(w.seen.probes, [], "what is switched off is not asked");
    await w.step("finish", id);
    const { state, frozen, url, due, warned } = w.record(id)!;
    assert.deepEqual([...w.names], []);
    assert.deepEqual([state, frozen, due, warned], ["frozen", true, time(31 * DAY), false]);
    assert.equal(url, "https://shop-dev.projects.example.org");
    assert.deepEqual(last(w.seen.mails), {
      to: ["team@example.org"],
      subject: "shop is frozen",
      text: `shop (static, hugo, dev) has expired and is frozen. Extend it within 14 days, or it is deleted.\n\nhttps://www.example.org/console?project=${id}`,
    });
  });
});
