// What lets a change of a project in, a decision on it, or its end.
import { strict as assert } from "node:assert";
import { NAME, patch } from "./domain-scenes";
import {
  ADMIN,
  asked,
  MEMBER,
  ready,
  time,
  updating,
  wish,
  World,
  world,
  justBefore,
  ONE_PROJECT,
} from "./world";

const SERVER = { type: "dynamic", stack: "node" };
const decide = (w: World, id: string, body: object = { decision: "approve" }) =>
  w.call({ ...ADMIN, amr: "mfa" }, "POST", `${ONE_PROJECT}/decision`, { id, body });

describe("a request to change a project", () => {
  it("is refused by all that is not for its kind, as invalid", async () => {
    const w = world();
    const { status, body } = await patch(w, await ready(w), { port: 80, releaseCommand: "x" });
    assert.deepEqual([status, body.code, body.problems.length], [400, "invalid", 2]);
    assert.equal(body.message, body.problems.join("; "));
    const more = await patch(w, await ready(w, { name: "other", environment: "stag" }), { extend: true });
    assert.equal(more.body.code, "invalid");
  });

  it("says which of a preview's settings are its project's", async () => {
    const w = world();
    const id = await ready(w);
    w.edit(id, { previewOf: "abcdefgh12" });
    const { body } = await patch(w, id, { branch: "next" });
    assert.equal(body.code, "invalid");
    assert.match(body.message, /: repository, branch, previews, previewSecrets\.$/);
    assert.equal((await patch(w, id, { domain: NAME })).body.code, "invalid");
    assert.equal((await patch(w, id, { domain: null })).status, 202);
  });

  it("takes one of a kind that the catalogue does not have any more", async () => {
    for (const change of [{ email: "new@example.org" }, { variables: { A: "1" } }, { domain: NAME }]) {
      const w = world();
      const id = await ready(w);
      w.edit(id, { framework: "gone" });
      assert.equal((await patch(w, id, change)).status, 202, JSON.stringify(change));
    }
    const w = world();
    const id = await ready(w, { environment: "prod" });
    w.edit(id, { framework: "gone" });
    assert.equal((await w.call(MEMBER, "DELETE", ONE_PROJECT, { id })).status, 202);
    assert.equal(w.record(id)!.run.approval, false);
  });

  it("takes a name that the project has already, whatever has become of the platform's zones since", async () => {
    const w = world();
    const id = await ready(w, { domain: NAME });
    w.settings.zones = ["example.com"];
    assert.equal((await patch(w, id, { domain: NAME, email: "new@example.org" })).status, 202);
    assert.equal(w.record(id)!.change!.domain, undefined);
  });

  it("names a domain that does not fit as its one problem", async () => {
    const w = world();
    const id = await ready(w, SERVER, { Target: "lb.example.org", TargetZone: "Z2" });
    const { body } = await patch(w, id, { domain: NAME });
    assert.deepEqual(body.problems, [body.message]);
  });

  it("is refused as busy when somebody was faster, with a name or without one", async () => {
    for (const change of [
      { rebuild: true, accessToken: "n3w" },
      { domain: NAME, accessToken: "n3w" },
    ]) {
      const w = world();
      const id = await ready(w);
      justBefore(w.apiPorts, "keepSecret", () => void w.edit(id, { state: "deleting" }));
      const { status, body } = await patch(w, id, change);
      assert.deepEqual([status, body.code], [409, "busy"]);
    }
  });

  it("asks CloudFormation for nothing of a project that is well", async () => {
    const w = world();
    const id = await ready(w);
    w.apiPorts.stacks.read = () => assert.fail("was asked");
    assert.equal((await patch(w, id, { rebuild: true })).status, 202);
  });

  it("back to the release before is refused as busy first, and then as the first one", async () => {
    const w = world();
    const id = await ready(w);
    const back = () => w.call(MEMBER, "POST", `${ONE_PROJECT}/rollback`, { id });
    assert.match((await back()).body.message, /no release before/);
    w.edit(id, { state: "frozen" });
    assert.equal((await back()).body.code, "busy");
  });
});

describe("a request to delete a project", () => {
  it("says that only admins may where a prod database needs attention", async () => {
    const w = world();
    const id = await ready(w, { environment: "prod", type: "cms", stack: "ghost" });
    w.edit(id, { state: "needs-attention" });
    assert.match((await w.call(MEMBER, "DELETE", ONE_PROJECT, { id })).body.message, /^Only admins/);
  });

  it("writes no end of a step that nobody waits for", async () => {
    const w = world();
    const idle = await asked(w);
    const stages = Object.keys(w.record(idle)!.stages);
    await w.call(MEMBER, "DELETE", ONE_PROJECT, { id: idle });
    assert.deepEqual([Object.keys(w.record(idle)!.stages), w.record(idle)!.failure], [stages, undefined]);
    const id = await asked(w, { name: "other" });
    await w.step("create", id);
    await w.call(MEMBER, "DELETE", ONE_PROJECT, { id });
    const { stages: now, failure } = w.record(id)!;
    assert.deepEqual([now.create, failure], [{ state: "running", at: time(0) }, undefined]);
  });
});

describe("a request to decide", () => {
  it("is asked of any admin where nobody asked for the change", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true }, { environment: "stag" });
    await w.step("approve", id, "t");
    const { by: _, ...run } = w.record(id)!.run;
    w.edit(id, { run });
    const withdrawal = await w.call(MEMBER, "POST", `${ONE_PROJECT}/withdrawal`, { id });
    assert.deepEqual([withdrawal.status, withdrawal.body.code], [403, "own"]);
    assert.match(withdrawal.body.message, /^Only the person who requested it/);
    assert.equal((await decide(w, id)).status, 200);
  });

  it("is invalid where it is none", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true }, { environment: "stag" });
    await w.step("approve", id, "t");
    assert.equal((await decide(w, id, { decision: "maybe" })).body.code, "invalid");
  });
});

describe("a dry run", () => {
  it("tells what is left of the quota once what is there is taken off", async () => {
    const w = world();
    await asked(w);
    const body = wish({ name: "other" });
    const { quota } = (await w.call(MEMBER, "POST", "/projects", { body, query: { dryRun: "1" } })).body;
    assert.deepEqual(quota, { left: 999, enough: true });
  });
});
