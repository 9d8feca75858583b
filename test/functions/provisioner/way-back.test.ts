// What the last steps write and tell, forth and back.
import { strict as assert } from "node:assert";
import { logged } from "../logged";
import {
  ADMIN,
  asked,
  DAY,
  failedBuild,
  MEMBER,
  ready,
  START,
  time,
  updating,
  World,
  world,
  justBefore,
  last,
  ONE_PROJECT,
} from "./world";

const fates = (w: World) => w.seen.commits.map(([, { state }]) => state);
/** A step whose call to AWS takes a second, so that its end is later than its beginning. */
const slow =
  <A extends unknown[], R>(w: World, call: (...all: A) => Promise<R>) =>
  async (...all: A): Promise<R> => {
    w.clock.ms += 1000;
    return call(...all);
  };

describe("a last step", () => {
  it("records when it began and when it ended", async () => {
    const w = world();
    w.stepPorts.removeSecret = slow(w, w.stepPorts.removeSecret);
    w.stepPorts.stacks.read = slow(w, w.stepPorts.stacks.read);
    w.stepPorts.builds.stop = slow(w, w.stepPorts.builds.stop);
    const done = await ready(w);
    const held = await failedBuild(w, { name: "held" });
    const kept = await updating(w, { rebuild: true }, { name: "kept" });
    await w.step("keep", kept);
    const closed = await asked(w, { name: "closed" });
    await w.step("undo reserve", closed);
    for (const [id, step] of [
      [done, "finish"],
      [held, "hold"],
      [kept, "keep"],
      [closed, "undo reserve"],
    ] as const) {
      const { at, endedAt } = w.record(id)!.stages[step]!;
      assert.ok(Date.parse(endedAt!) >= Date.parse(at) + 1000, `${step}: ${at} ${endedAt}`);
    }
  });

  it("that was cancelled in the middle is recorded as failed, and reported", async () => {
    const w = world();
    const id = await asked(w);
    justBefore(w.stepPorts.store, "commit", () => void w.edit(id, { cancel: true }));
    await w.step("finish", id);
    const { stages, failure } = w.record(id)!;
    assert.deepEqual([stages.finish!.state, failure!.step, failure!.code], ["failed", "finish", "cancelled"]);
    const { stage, state } = last(w.seen.events);
    assert.deepEqual([stage, state], ["finish", "failed"]);
  });
});

describe("finishing an update", () => {
  it("forgets the repository's old secret, and reports that the step is over", async () => {
    const w = world();
    const id = await updating(w, { accessToken: "n3w" }, { environment: "dev" });
    const { secretArn, change } = w.record(id)!;
    await w.step("finish", id);
    assert.deepEqual([...w.secrets.keys()], [change!.secretArn]);
    assert.notEqual(secretArn, change!.secretArn);
    assert.equal(last(w.seen.events).stage, "finish");
  });

  it("delivers nothing of a kind that is no longer in the catalogue, and forgets no secret", async () => {
    const w = world();
    const id = await updating(w, { email: "new@example.org" });
    w.edit(id, { framework: "gone" });
    assert.deepEqual(await w.step("deliver", id, "t"), { ok: true });
    await w.step("finish", id);
    assert.deepEqual([w.record(id)!.state, w.secrets.size], ["ready", 1]);
  });
});

describe("the next check of a project", () => {
  it("is at the end of its freeze, if that is within a day", async () => {
    const w = world({ frozenDays: 0.5 });
    const id = await ready(w);
    w.clock.ms = START + 30 * DAY;
    await w.minute();
    await w.step("finish", id);
    assert.deepEqual([w.record(id)!.state, w.record(id)!.due], ["frozen", time(30.5 * DAY)]);
  });

  it("is a day later if a warning was due just now", async () => {
    const w = world({ devDays: 7, warningDays: 7 });
    const id = await ready(w);
    assert.equal(w.record(id)!.due, time(DAY));
  });
});

describe("a commit's status", () => {
  it("is failed if a project is compensated, but not if it is deleted", async () => {
    for (const [deleted, told] of [
      [true, []],
      [false, ["failure"]],
    ] as const) {
      const w = world();
      const id = await ready(w);
      w.edit(id, { built: "c1", ...(!deleted && { quota: "reserved" }) });
      if (deleted) await w.call(MEMBER, "DELETE", ONE_PROJECT, { id });
      w.seen.commits.length = 0;
      await w.step("undo reserve", id);
      assert.deepEqual(fates(w), told);
    }
  });

  it("is failed if an update is given up, but not if a deletion is", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true });
    w.edit(id, { built: "c1" });
    w.seen.commits.length = 0;
    await w.step("keep", id);
    assert.deepEqual(fates(w), ["failure"]);
    const prod = await ready(w, { name: "data", environment: "prod", type: "cms", stack: "ghost" });
    await w.call(MEMBER, "DELETE", ONE_PROJECT, { id: prod });
    w.edit(prod, { built: "c1" });
    w.seen.commits.length = 0;
    await w.step("approve", prod, "t");
    await w.call({ ...ADMIN, amr: "mfa" }, "POST", `${ONE_PROJECT}/decision`, {
      id: prod,
      body: { decision: "reject" },
    });
    await w.step("keep", prod);
    assert.deepEqual([w.record(prod)!.state, fates(w)], ["ready", []]);
  });
});

describe("keeping a project", () => {
  it("also keeps one whose stack is gone", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true });
    w.stacks.clear();
    assert.deepEqual(await w.step("keep", id), { ok: true });
  });

  it("logs why it is left to a person", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true });
    w.stacks.get(`gw-${id}`)!.status = "UPDATE_ROLLBACK_FAILED";
    const { lines } = await logged(() => assert.rejects(w.step("keep", id)));
    assert.match(lines[0]!["message"]!, /could not be rolled back/);
  });

  it("keeps the secrets that its servers now read, with their names, if nothing rolls them back", async () => {
    const w = world();
    const given = { type: "dynamic", stack: "rails", secrets: { OLD: "1" } };
    const id = await ready(w, given, { Target: "lb.example.org", TargetZone: "Z2" });
    await w.call(MEMBER, "PATCH", ONE_PROJECT, { id, body: { secrets: { NEW: "2" } } });
    const { valuesArn } = w.record(id)!.change!;
    w.edit(id, { failure: { step: "serve", code: "serve", reason: "No." } });
    await w.step("keep", id);
    assert.deepEqual(
      [w.record(id)!.secretNames, w.record(id)!.valuesArn, w.record(id)!.state],
      [["NEW", "OLD"], valuesArn, "ready"],
    );
  });

  it("reports that it continues if the previous release is restored", async () => {
    const w = world();
    const id = await ready(w);
    w.edit(id, { releases: ["r1"], published: "r2" });
    await w.call(MEMBER, "PATCH", ONE_PROJECT, { id, body: { rebuild: true } });
    w.edit(id, { published: "r2" });
    await w.step("keep", id);
    const { stage, state } = last(w.seen.events);
    assert.deepEqual([w.record(id)!.state, stage, state], ["updating", "keep", "updating"]);
  });
});
