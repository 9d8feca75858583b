import { strict as assert } from "node:assert";
import { logged } from "../logged";
import { asked, DAY, HOUR, MEMBER, ready, SITE, START, time, updating, world, last } from "./world";

const ok = { ok: true };
const REASON = "The step create did not end in time.";

describe("taking a project back", () => {
  it("takes its name away, where the platform has names", async () => {
    const w = world();
    const id = await ready(w);
    w.names.set("other.projects.example.org", { address: "192.0.2.1" });
    assert.deepEqual(await w.step("undo serve", id, "t"), ok);
    assert.deepEqual([...w.names.keys()], ["other.projects.example.org"]);
    assert.deepEqual(last(w.seen.answers), ["t", ok]);
    const bare = world({ domain: "" });
    bare.aws.broken.add("unname");
    assert.deepEqual(await bare.step("undo serve", await ready(bare)), ok);
    const nameless = world();
    nameless.stepPorts.names = undefined;
    assert.deepEqual(await nameless.step("undo serve", await ready(nameless)), ok);
  });

  it("stops a build that runs, and no other", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("undo deliver", id);
    assert.deepEqual(w.seen.stopped, []);
    await w.step("create", id, "t-1");
    w.stacks.get(`gw-${id}`)!.outputs = SITE;
    await w.step("deliver", id, "t-2");
    await w.step("undo deliver", id);
    assert.deepEqual(w.seen.stopped, ["build-1"]);
    const done = await ready(w, { name: "other" });
    await w.step("undo deliver", done);
    assert.deepEqual(w.seen.stopped, ["build-1"]);
  });

  it("stops the build of a deletion that came before any delivery was noted", async () => {
    const w = world();
    const id = await asked(w);
    w.edit(id, { buildId: "build-9" });
    await w.step("undo deliver", id);
    assert.deepEqual(w.seen.stopped, ["build-9"]);
  });

  it("empties its buckets, then deletes the stack and waits for that", async () => {
    const w = world();
    const id = await ready(w);
    await w.step("undo create", id, "t-1");
    assert.deepEqual([w.seen.emptied, w.seen.removed], [["site-bucket", "site-releases"], [`gw-${id}`]]);
    assert.equal(w.seen.answers.filter(([token]) => token === "t-1").length, 0);
  });

  it("is done at once where there is no stack, or none with a bucket", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("undo create", id, "t-1");
    assert.deepEqual([w.seen.emptied, w.seen.answers], [[], [["t-1", ok]]]);
    await w.step("create", id, "t-2");
    await w.step("undo create", id, "t-3");
    assert.deepEqual(w.seen.emptied, []);
  });
});

describe("closing a project", () => {
  it("frees name, quota and secret, and leaves a note that ends by itself", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("create", id, "t-1");
    w.edit(id, { failure: { step: "create", code: "create", reason: "no room" } });
    w.clock.ms += 1000;
    assert.deepEqual(await w.step("undo reserve", id), ok);
    const { state, quota, ttl, due, queue, step, token, cancel, url, stages, failure } = w.record(id)!;
    assert.deepEqual([state, quota, ttl], ["rolled-back", "released", (START + 90 * DAY) / 1000 + 1]);
    assert.deepEqual([due, queue, step, token, cancel, url], Array(6).fill(undefined));
    assert.deepEqual(stages["undo reserve"], { state: "done", at: time(1000), endedAt: time(1000) });
    assert.equal(failure!.reason, "no room");
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 0, reserved: 0 });
    assert.deepEqual([w.secrets.size, w.dynamo.items.has("host#shop-dev")], [0, false]);
    assert.deepEqual(last(w.seen.mails), {
      to: ["team@example.org"],
      subject: "shop could not be set up",
      text: `shop (static, hugo, dev) could not be set up.\nno room\n\nhttps://www.example.org/console?project=${id}`,
    });
    const { stage, state: told, reason } = last(w.seen.events);
    assert.deepEqual([stage, told, reason], ["undo reserve", "rolled-back", "no room"]);
  });

  it("gives the whole quota back once, committed or not, however often it is called", async () => {
    const w = world();
    const id = await ready(w);
    await asked(w, { name: "other" });
    await w.call(MEMBER, "DELETE", "/projects/{id}", { id });
    await w.step("undo reserve", id);
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 100, reserved: 100 });
    assert.deepEqual(await w.step("undo reserve", id), ok);
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 100, reserved: 100 });
    assert.equal(w.record(id)!.state, "deleted");
    assert.equal(w.record(id)!.failure, undefined);
    assert.match(last(w.seen.mails).text, /^shop \(static, hugo, dev\) was deleted\.\nIt was deleted\./);
  });

  it("drops the secret of an update, too", async () => {
    const w = world();
    const id = await updating(w, { accessToken: "n3w" });
    await w.step("undo reserve", id);
    assert.equal(w.secrets.size, 0);
  });

  it("is a rejection when an admin said no, or nobody said anything", async () => {
    for (const code of ["rejected", "expired"]) {
      const w = world();
      const id = await asked(w);
      w.edit(id, { failure: { step: "approve", code, reason: "no" } });
      await w.step("undo reserve", id);
      assert.equal(w.record(id)!.state, "rejected", code);
      assert.equal(last(w.seen.mails).subject, "shop was rejected");
    }
  });

  it("is told of in the words of what has happened", async () => {
    const w = world();
    const cancelled = await asked(w);
    w.edit(cancelled, { failure: { step: "create", code: "cancelled", reason: "no" } });
    await w.step("undo reserve", cancelled);
    assert.equal(last(w.seen.mails).subject, "shop was cancelled");
    const deleted = await asked(w);
    w.edit(deleted, { run: { ...w.record(deleted)!.run, action: "delete" } });
    await w.step("undo reserve", deleted);
    assert.equal(last(w.seen.mails).subject, "shop was deleted");
  });

  it("names the step that was cut off where none has failed", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("create", id, "t-1");
    await w.step("undo reserve", id);
    assert.deepEqual(w.record(id)!.failure, { step: "create", code: "timeout", reason: REASON });
    const other = await asked(w);
    w.edit(other, {
      stages: { reserve: { state: "done", at: time(0) }, deliver: { state: "running", at: time(0) } },
    });
    await w.step("undo reserve", other);
    assert.equal(w.record(other)!.failure!.step, "deliver");
  });

  it("stays closed though its news cannot be sent", async () => {
    const w = world();
    const id = await asked(w);
    w.aws.broken.add("mail");
    const { result, lines } = await logged(() => w.step("undo reserve", id));
    assert.deepEqual([result, w.record(id)!.state], [ok, "rolled-back"]);
    assert.deepEqual(lines, [{ what: "mail", project: id, name: "Error", message: "mail is broken" }]);
  });
});

describe("keeping a project whose update failed", () => {
  it("leaves it as it was, with the reason", async () => {
    const w = world();
    const id = await updating(w, { branch: "next", accessToken: "n3w" });
    w.edit(id, { failure: { step: "update", code: "update", reason: "too big" } });
    w.clock.ms += HOUR;
    assert.deepEqual(await w.step("keep", id), ok);
    const { state, branch, change, failure, due, stages, secretArn, expiresAt } = w.record(id)!;
    assert.deepEqual(
      [state, branch, change, failure!.reason, due, expiresAt],
      ["ready", "main", undefined, "too big", time(DAY + HOUR), time(30 * DAY)],
    );
    assert.equal(stages.keep!.state, "done");
    assert.deepEqual([...w.secrets.keys()], [secretArn]);
    const { stage, state: told, reason } = last(w.seen.events);
    assert.deepEqual([stage, told, reason], ["keep", "ready", "too big"]);
    assert.deepEqual(last(w.seen.mails), {
      to: ["team@example.org"],
      subject: "shop was not updated",
      text: `shop (static, hugo, dev) was not updated.\ntoo big\n\nhttps://www.example.org/console?project=${id}`,
    });
  });

  it("leaves it to a person where CloudFormation could not lead its stack back", async () => {
    const w = world();
    const id = await updating(w, { branch: "next" });
    w.stacks.get(`gw-${id}`)!.status = "UPDATE_ROLLBACK_FAILED";
    await logged(() => assert.rejects(w.step("keep", id), /keep failed/));
    assert.deepEqual([w.record(id)!.state, w.seen.mails.length], ["updating", 1]);
  });

  it("leaves a frozen one frozen, and drops no secret where none was brought", async () => {
    const w = world();
    const id = await ready(w);
    w.edit(id, { state: "frozen", frozen: true, warned: true });
    await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { extend: true } });
    await w.step("keep", id);
    const { state, failure, warned } = w.record(id)!;
    assert.deepEqual(
      [state, failure, w.secrets.size, warned],
      ["frozen", { step: "create", code: "timeout", reason: REASON }, 1, true],
    );
  });

  it("names the step that was cut off, and not itself, when it has kept the project before", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true });
    await w.step("keep", id);
    await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { rebuild: true } });
    await w.step("update", id, "t-up");
    await w.step("keep", id);
    const reason = "The step update did not end in time.";
    assert.deepEqual(w.record(id)!.failure, { step: "update", code: "timeout", reason });
  });
});
