import { strict as assert } from "node:assert";
import { ADMIN, failedBuild, HOUR, MEMBER, serve, time, world, last } from "./world";

const ok = { ok: true };

describe("holding a project whose first build has failed", () => {
  it("keeps what was created and the reserved quota, and shows the end of the build's log", async () => {
    const w = world();
    const id = await failedBuild(w);
    const { state, quota, failure, expiresAt, due, step, token, stages } = w.record(id)!;
    assert.deepEqual([state, quota, step, token], ["failed", "reserved", undefined, undefined]);
    assert.deepEqual([expiresAt, due, stages.hold!.state], [time(24 * HOUR), time(24 * HOUR), "done"]);
    assert.deepEqual(failure, { step: "deliver", code: "deliver", reason: "The build failed in PRE_BUILD." });
    assert.deepEqual([w.seen.removed, w.secrets.size, w.stacks.size], [[], 1, 1]);
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 100, reserved: 100 });
    assert.deepEqual(w.seen.tails, [[`gw-${id}`, "stream-1"]]);
    const { body } = await w.call(MEMBER, "GET", "/projects/{id}", { id });
    assert.deepEqual(
      [body.state, body.logTail, body.moving],
      ["failed", "npm ERR! missing script: build", false],
    );
    const listed = (await w.call(MEMBER, "GET", "/projects")).body.projects;
    assert.deepEqual([listed.length, listed[0].logTail], [1, undefined], "a list carries no logs");
    assert.deepEqual(last(w.seen.mails), {
      to: ["team@example.org"],
      subject: "shop did not get ready",
      text: [
        "shop (static, hugo, dev) did not get ready:",
        "The build failed in PRE_BUILD.",
        "",
        "The last lines of its build:",
        "",
        "npm ERR! missing script: build",
        "",
        "What was created for it is kept until 2100-03-02 08:00 UTC. Correct it and try again, or delete it, here:",
        `https://www.example.org/console?project=${id}`,
      ].join("\n"),
    });
    assert.deepEqual([last(w.seen.events).stage, last(w.seen.events).state], ["hold", "failed"]);
  });

  it("also fails if the log cannot be read", async () => {
    const w = world();
    w.aws.broken.add("logTail");
    const { error } = console;
    console.error = () => {};
    const id = await failedBuild(w).finally(() => (console.error = error));
    assert.deepEqual([w.record(id)!.state, w.record(id)!.logTail], ["failed", undefined]);
    assert.doesNotMatch(last(w.seen.mails).text, /last lines/);
  });

  it("stops a build that timed out", async () => {
    const w = world();
    const id = await failedBuild(w);
    const slow = await failedBuild(w, { name: "slow" });
    w.edit(slow, {
      state: "running",
      failure: undefined,
      stages: { deliver: { state: "running", at: time(0) } },
    });
    await w.step("hold", slow);
    assert.deepEqual(last(w.seen.stopped), w.record(slow)!.buildId);
    assert.equal(w.record(slow)!.failure!.reason, "The step deliver did not end in time.");
    assert.equal(w.record(id)!.state, "failed");
  });

  it("holds nothing that was cancelled, and compensates instead", async () => {
    const w = world();
    const id = await failedBuild(w);
    w.edit(id, { state: "running", cancel: true });
    const answer = await w.step("hold", id);
    assert.deepEqual(answer, { ok: false, code: "cancelled", reason: "The project was cancelled." });
    assert.equal(w.record(id)!.state, "running");
    const late = await failedBuild(w, { name: "late" });
    w.edit(late, { state: "running" });
    const { hold } = w.stepPorts.store;
    w.stepPorts.store.hold = async (...all) => {
      w.edit(late, { cancel: true });
      return hold(...all);
    };
    assert.equal((await w.step("hold", late)).ok, false);
    assert.equal(w.record(late)!.state, "running");
  });
});

describe("a project that is held", () => {
  const retry = async (w: ReturnType<typeof world>, id: string, body: object) => {
    const answer = await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body });
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
  };

  it("is built again by any correction, and counts once it serves", async () => {
    const w = world();
    const id = await failedBuild(w);
    await retry(w, id, { branch: "main-2" });
    const { state, failure, logTail } = w.record(id)!;
    assert.deepEqual([state, failure, logTail], ["updating", undefined, undefined]);
    await w.step("update", id, "t-up");
    w.seen.builds.length = 0;
    await w.step("deliver", id, "t-again");
    assert.deepEqual(w.seen.builds, [[`gw-${id}`, "t-again"]]);
    w.seen.probes.length = 0;
    await serve(w, id);
    assert.equal(w.seen.probes.length, 1);
    assert.deepEqual(await w.step("finish", id), ok);
    const now = w.record(id)!;
    assert.deepEqual(
      [now.state, now.quota, now.branch, now.change],
      ["ready", "committed", "main-2", undefined],
    );
    assert.equal(now.expiresAt, time(30 * 24 * HOUR), "the time of a dev project, not of a failed one");
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 100, reserved: 0 });
  });

  it("is built again even when only its e-mail changes, since nothing of it has ever served", async () => {
    const w = world();
    const id = await failedBuild(w);
    await retry(w, id, { email: "other@example.org" });
    w.seen.builds.length = 0;
    await w.step("deliver", id, "t-again");
    await serve(w, id);
    assert.deepEqual([w.seen.builds.length, w.seen.probes.length], [1, 1]);
  });

  it("is held again, for another day, if it fails again", async () => {
    const w = world();
    const id = await failedBuild(w);
    w.clock.ms += 20 * HOUR;
    await retry(w, id, { rebuild: true });
    await w.step("deliver", id, "t-again");
    await w.look(id);
    await w.step("keep", id);
    const { state, quota, expiresAt, logTail, failure } = w.record(id)!;
    assert.deepEqual([state, quota, expiresAt], ["failed", "reserved", time(44 * HOUR)]);
    assert.deepEqual([logTail, failure!.code], ["npm ERR! missing script: build", "deliver"]);
    assert.match(last(w.seen.mails).text, /The last lines of its build:\n\nnpm ERR!/);
  });

  it("does not expire once it is ready in stag or prod", async () => {
    const w = world({ automatic: ["dev", "prod"] });
    const id = await failedBuild(w, { environment: "prod" });
    await retry(w, id, { rebuild: true });
    await serve(w, id);
    await w.step("finish", id);
    assert.deepEqual([w.record(id)!.state, w.record(id)!.expiresAt], ["ready", undefined]);
  });

  it("is deleted after its day, and not before", async () => {
    const w = world();
    const id = await failedBuild(w);
    w.clock.ms += 24 * HOUR - 1;
    w.edit(id, { due: time(0) });
    await w.minute();
    assert.deepEqual([w.record(id)!.state, w.record(id)!.due], ["failed", time(24 * HOUR)]);
    w.clock.ms += 1;
    await w.minute();
    assert.equal(w.record(id)!.state, "deleting");
    assert.deepEqual((last(w.seen.starts)[1] as { action: string }).action, "delete");
  });

  it("can be deleted by its team, even in prod with a database, because that is still empty", async () => {
    const w = world();
    const id = await failedBuild(w, { environment: "prod", type: "dynamic", stack: "django" });
    assert.equal((await w.call(MEMBER, "DELETE", "/projects/{id}", { id })).status, 202);
    assert.deepEqual((last(w.seen.starts)[1] as { approval: boolean }).approval, false);
    await w.step("undo reserve", id);
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 0, reserved: 0 });
    assert.equal((await w.call(ADMIN, "GET", "/projects/{id}", { id })).body.state, "deleted");
  });
});
