import { strict as assert } from "node:assert";
import { ready, serve, World, world, MEMBER, last } from "./world";

const ok = { ok: true };
const back = (w: World, id: string) => w.call(MEMBER, "POST", "/projects/{id}/rollback", { id });

/** An update whose build has published this release, of this commit. */
async function publish(w: World, id: string, release: string, commit: string): Promise<void> {
  const { status } = await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { rebuild: true } });
  assert.equal(status, 202);
  await w.step("update", id, "t-up");
  await w.step("deliver", id, "t-build");
  w.aws.build = { status: "done", reason: "", commit, release };
  await w.look(id);
}
async function serves(w: World, id: string): Promise<void> {
  await serve(w, id);
  await w.step("finish", id);
}
/** A site that has published these, the last one last. */
async function published(w: World, ...releases: string[]): Promise<string> {
  const id = await ready(w);
  for (const release of releases) {
    await publish(w, id, release, `c-${release}`);
    await serves(w, id);
  }
  return id;
}
/** The way of an update that puts a release back, as far as its build has begun. */
async function begun(w: World, id: string): Promise<void> {
  w.seen.told.length = 0;
  await w.step("update", id, "t-up");
  await w.step("deliver", id, "t-back");
}

describe("the releases of a site", () => {
  it("are what it has published and served, the one that runs first, five at most, each with its commit", async () => {
    const w = world();
    const id = await published(w, "r1", "r2", "r3", "r4", "r5", "r6");
    const { releases, commits, commit } = w.record(id)!;
    assert.deepEqual(releases, ["r6", "r5", "r4", "r3", "r2"]);
    assert.deepEqual(
      [commits!["r6"], commits!["r2"], commits!["r1"], commit],
      ["c-r6", "c-r2", undefined, "c-r6"],
    );
  });

  it("are the same after a build that has published the same files", async () => {
    const w = world();
    const id = await published(w, "r1", "r2", "r2");
    assert.deepEqual(w.record(id)!.releases, ["r2", "r1"]);
  });

  it("stay as they are after an update that builds nothing", async () => {
    const w = world();
    const id = await published(w, "r1", "r2");
    await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { email: "other@example.org" } });
    assert.deepEqual(await w.step("deliver", id, "t-none"), ok);
    await serves(w, id);
    const { state, releases, commit } = w.record(id)!;
    assert.deepEqual([state, releases, commit], ["ready", ["r2", "r1"], "c-r2"]);
  });

  it("are named to each build, so that it keeps them", async () => {
    const w = world();
    const id = await published(w, "r1", "r2", "r3");
    assert.deepEqual(
      w.seen.told.map((told) => told["KEPT"]),
      ["", "", "r1", "r2 r1"],
    );
    assert.deepEqual(
      w.seen.told.filter((told) => "RESTORE" in told),
      [],
    );
    await back(w, id);
    await begun(w, id);
    assert.deepEqual(w.seen.told, [{ VARIABLES: "{}", RESTORE: "r2", KEPT: "r3 r2 r1" }]);
  });
});

describe("a site's release before", () => {
  it("is published again by request, and the next request's is the one before that", async () => {
    const w = world();
    const id = await published(w, "r1", "r2", "r3");
    for (const [release, left] of [
      ["r2", ["r2", "r1"]],
      ["r1", ["r1"]],
    ] as const) {
      assert.equal((await back(w, id)).status, 202);
      assert.deepEqual(w.record(id)!.change, { release });
      await begun(w, id);
      assert.deepEqual([last(w.seen.told)["RESTORE"], w.seen.restored], [release, []]);
      w.aws.build = { status: "running", reason: "" };
      await w.look(id);
      assert.equal(w.record(id)!.step, "deliver");
      w.aws.build = { status: "done", reason: "", release };
      await w.look(id);
      assert.deepEqual(last(w.seen.answers), ["t-back", ok]);
      w.seen.probes.length = 0;
      await serves(w, id);
      assert.equal(w.seen.probes.length, 1, "it is asked like any other");
      const { state, releases, commit } = w.record(id)!;
      assert.deepEqual([state, releases, commit], ["ready", left, `c-${release}`]);
      assert.equal(last(w.seen.mails).subject, "shop is back at the previous release");
    }
    const { status, body } = await back(w, id);
    assert.deepEqual([status, body.code], [409, "first"]);
  });

  it("waits in CodeBuild's queue like any build", async () => {
    const w = world();
    const id = await published(w, "r1", "r2");
    await back(w, id);
    w.aws.buildsAreFull = true;
    await begun(w, id);
    assert.equal(w.record(id)!.queued, true);
    w.aws.buildsAreFull = false;
    await w.look(id);
    assert.equal(last(w.seen.told)["RESTORE"], "r1");
    assert.equal(w.record(id)!.queued, false);
  });

  it("leaves what is published as it is when it is no longer kept, and says so", async () => {
    const w = world();
    const id = await published(w, "r1", "r2");
    await back(w, id);
    await begun(w, id);
    const reason = "The build failed in its phase PRE_BUILD.";
    w.aws.build = { status: "failed", reason, logStream: "stream-1" };
    await w.look(id);
    await w.step("keep", id);
    const { state, releases, failure, logTail } = w.record(id)!;
    assert.deepEqual([state, releases, failure!.reason], ["ready", ["r2", "r1"], reason]);
    assert.ok(logTail);
  });

  it("takes the place of one that does not serve by itself, once", async () => {
    const w = world();
    const id = await published(w, "r1");
    await publish(w, id, "r2", "c-r2");
    w.edit(id, { failure: { step: "serve", code: "serve", reason: "It answers 404." } });
    await w.step("keep", id);
    const { state, change, failure } = w.record(id)!;
    assert.deepEqual([state, change], ["updating", { release: "r1" }]);
    assert.equal(failure!.reason, "It answers 404. The previous release is restored.");
    await begun(w, id);
    w.aws.build = { status: "failed", reason: "No." };
    await w.look(id);
    await w.step("keep", id);
    assert.deepEqual([w.record(id)!.state, w.record(id)!.change], ["ready", undefined]);
  });

  it("comes back when a build has failed while it published, and not when it came to nothing before", async () => {
    const w = world();
    const id = await published(w, "r1");
    for (const [release, change] of [
      [undefined, undefined],
      ["r2", { release: "r1" }],
    ] as const) {
      await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { rebuild: true } });
      await w.step("update", id, "t-up");
      await w.step("deliver", id, "t-build");
      w.aws.build = { status: "failed", reason: "No.", commit: "c-r2", ...(release && { release }) };
      await w.look(id);
      await w.step("keep", id);
      const { releases, commit, change: next } = w.record(id)!;
      assert.deepEqual([releases, commit, next], [["r1"], "c-r1", change]);
    }
  });
});
