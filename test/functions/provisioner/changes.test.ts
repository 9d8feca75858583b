import { strict as assert } from "node:assert";
import { NO_SITE } from "../../../functions/provisioner/request";
import { some } from "../../some";
import { logged } from "../logged";
import { ADMIN, asked, DAY, MEMBER, ready, START, time, world, justBefore } from "./world";

const PROJECT = "/projects/{id}";

describe("an update", () => {
  const change = (w: ReturnType<typeof world>, id: string, body: unknown, person = MEMBER) =>
    w.call(person, "PATCH", PROJECT, { id, body });

  it("begins an execution of its own with what would change", async () => {
    const w = world();
    const id = await ready(w);
    w.clock.ms += 5000;
    const { status, body } = await change(w, id, { branch: "next", rebuild: true, accessToken: "n3w" });
    assert.deepEqual([status, body], [202, { id, status: `/projects/${id}` }]);
    const name = `${id}-update-${START + 5000}`;
    assert.deepEqual(w.seen.starts.at(-1), [name, { id, action: "update", approval: false }]);
    const { state, run, change: wanted, due, branch } = w.record(id)!;
    assert.deepEqual(run, {
      name,
      action: "update",
      approval: false,
      by: { sub: MEMBER.sub, email: MEMBER.email },
    });
    assert.deepEqual([state, due, branch], ["updating", time(45_000), "main"]);
    assert.deepEqual(wanted, { branch: "next", rebuild: true, secretArn: wanted!.secretArn });
    assert.deepEqual(w.secrets.get(wanted!.secretArn!), { accessToken: "n3w", privateKey: "" });
  });

  it("waits for approval wherever its environment does", async () => {
    const w = world();
    const id = await ready(w, { environment: "stag" });
    await change(w, id, { rebuild: true });
    assert.equal(w.record(id)!.run.approval, true);
  });

  it("keeps no second secret when it brings none, and takes a key as well as a token", async () => {
    const w = world();
    const id = await ready(w);
    await change(w, id, { rebuild: true });
    assert.equal(w.secrets.size, 1);
    w.edit(id, { state: "ready" });
    const privateKey = "-----BEGIN PRIVATE KEY-----\nx";
    await change(w, id, { privateKey });
    assert.deepEqual([...w.secrets.values()][1], { accessToken: "", privateKey });
  });

  it("thaws and extends a dev project, and no other", async () => {
    const w = world();
    const id = await ready(w);
    w.edit(id, { state: "frozen" });
    assert.equal((await change(w, id, { extend: true })).status, 202);
    assert.deepEqual(w.record(id)!.change, { frozen: false, extend: true });
    const other = await ready(w, { name: "other", environment: "stag" });
    const { status, body } = await change(w, other, { extend: true });
    assert.deepEqual(
      [status, body.message],
      [400, "Only a dev project expires, so only one can be extended."],
    );
  });

  it("extends nothing that has its whole life before it, says so, and neither begins nor mails", async () => {
    for (const [what, days, settings, status] of some([
      ["on the first day", 0.99, {}, 409],
      ["a day later", 1, {}, 202],
      ["in the first half of a life of one day", 0.49, { devDays: 1, warningDays: 0 }, 409],
      ["in its second half", 0.5, { devDays: 1, warningDays: 0 }, 202],
      ["where it was given more than there is now", 0, { devDays: 10 }, 409],
    ] as const)) {
      const w = world(settings);
      const id = await ready(w);
      if (what.startsWith("where")) w.edit(id, { expiresAt: time(30 * DAY) });
      w.clock.ms += days * DAY;
      const before = w.record(id);
      const [starts, mails] = [w.seen.starts.length, w.seen.mails.length];
      const answer = await change(w, id, { extend: true });
      assert.equal(answer.status, status, what);
      if (status === 202) continue;
      const day = before!.expiresAt!.slice(0, 10);
      assert.deepEqual(answer.body, {
        code: "whole",
        message: `It is already kept until ${day}, the longest possible time: there is nothing to extend yet.`,
      });
      assert.deepEqual([w.record(id), w.seen.starts.length, w.seen.mails.length], [before, starts, mails]);
    }
  });

  it("does what else is asked for beside an extension of the first day", async () => {
    const w = world();
    const id = await ready(w);
    assert.equal((await change(w, id, { extend: true, rebuild: true })).status, 202);
    assert.equal(w.record(id)!.change!.rebuild, true);
  });

  it("begins anew once a person has mended the stack, and not before", async () => {
    for (const [status, answer, more] of some([
      ["UPDATE_ROLLBACK_FAILED", 409, {}],
      ["UPDATE_ROLLBACK_COMPLETE", 202, {}],
      ["UPDATE_COMPLETE", 202, {}],
      ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", 409, {}],
      ["CREATE_COMPLETE", 409, { quota: "reserved" }],
      ["DELETE_FAILED", 409, {}],
    ] as const)) {
      const w = world();
      const id = await ready(w);
      w.edit(id, { state: "needs-attention", ...more });
      w.stacks.get(`gw-${id}`)!.status = status;
      assert.equal((await change(w, id, { rebuild: true })).status, answer, status);
    }
  });

  it("may name another folder of a site, and none of a server", async () => {
    const w = world();
    const id = await ready(w);
    assert.equal((await change(w, id, { folder: "web" })).status, 202);
    assert.deepEqual(w.record(id)!.change, { folder: "web" });
    const server = await ready(w, { name: "other", type: "dynamic", stack: "node" });
    const { status, body } = await change(w, server, { folder: "web" });
    assert.deepEqual([status, body.problems], [400, [NO_SITE]]);
  });

  it("refuses what it cannot be, all problems at once", async () => {
    const w = world();
    const id = await ready(w);
    const { status, body } = await change(w, id, { name: "x", rebuild: "yes" });
    assert.deepEqual([status, body.code, body.problems.length], [400, "invalid", 2]);
    assert.equal(body.message, body.problems.join("; "));
    assert.equal((await change(w, id, "{")).status, 400);
  });

  it("refuses while the project is on its way, and leaves no secret behind", async () => {
    const w = world();
    const id = await asked(w);
    w.apiPorts.keepSecret = () => Promise.reject(new Error("nothing is to be kept"));
    const { status, body } = await change(w, id, { accessToken: "n3w" });
    assert.deepEqual(
      [status, body],
      [409, { code: "busy", message: "The project is running: this is not possible now." }],
    );
    assert.equal(w.secrets.size, 1);
  });

  it("leaves no secret behind when somebody was faster, or the record cannot be written", async () => {
    const w = world();
    const id = await ready(w);
    const { keepSecret } = w.apiPorts;
    justBefore(w.apiPorts, "keepSecret", () => void w.edit(id, { state: "deleting" }));
    assert.equal((await change(w, id, { accessToken: "n3w" })).status, 409);
    assert.equal(w.secrets.size, 1);
    w.edit(id, { state: "ready" });
    w.apiPorts.keepSecret = keepSecret;
    justBefore(w.apiPorts, "keepSecret", () => void w.dynamo.failures.push(new Error("throttled")));
    const { result } = await logged(() => change(w, id, { accessToken: "n3w" }));
    assert.deepEqual([result.status, w.secrets.size], [503, 1]);
  });
});

describe("a deletion", () => {
  const remove = (w: ReturnType<typeof world>, id: string) => w.call(MEMBER, "DELETE", PROJECT, { id });

  it("takes down what is at rest, and what a person has mended", async () => {
    for (const state of ["ready", "frozen", "needs-attention"]) {
      const w = world();
      const id = await ready(w);
      w.edit(id, { state });
      const { status, body } = await remove(w, id);
      assert.deepEqual([status, body.id, w.record(id)!.state], [202, id, "deleting"], state);
      const { name, action, approval } = w.record(id)!.run;
      assert.deepEqual([name, action, approval], [`${id}-delete-${START}`, "delete", false]);
      assert.deepEqual(w.seen.starts.at(-1)![0], name);
    }
  });

  const DATA = { environment: "prod", type: "cms", stack: "ghost" };

  it("of a prod project with a database takes an admin's yes, as its creation did, and of no other", async () => {
    for (const [more, approval, settings] of some([
      [DATA, true, {}],
      [{ ...DATA, environment: "stag" }, false, {}],
      [{ ...DATA, type: "static", stack: "html" }, false, {}],
      [DATA, false, { automatic: ["dev", "stag", "prod"] }],
    ] as const)) {
      const w = world(settings as object);
      const id = await ready(w, more);
      assert.equal((await remove(w, id)).status, 202);
      assert.equal(w.record(id)!.run.approval, approval, JSON.stringify(more));
      assert.deepEqual(w.seen.starts.at(-1)![1], { id, action: "delete", approval });
    }
  });

  it("that nobody said yes to leaves the project as it was, and the team is told", async () => {
    const w = world();
    const id = await ready(w, DATA);
    await remove(w, id);
    await w.step("approve", id, "t");
    assert.match(
      w.seen.mails.at(-1)!.text,
      /^member@example\.org of ct1 asks for the deletion of shop \(cms, ghost, prod\) and its database\.\n/,
    );
    const body = { decision: "reject", comment: "in use" };
    const admin = { ...ADMIN, amr: "mfa" };
    assert.equal((await w.call(admin, "POST", "/projects/{id}/decision", { id, body })).status, 200);
    await w.step("keep", id);
    assert.equal(w.record(id)!.state, "ready");
    const { subject, text } = w.seen.mails.at(-1)!;
    assert.deepEqual([subject, text.split("\n")[1]], ["shop was not deleted", "Rejected: in use"]);
  });

  it("of such a project is an admin's when it needs attention", async () => {
    const w = world();
    const id = await ready(w, DATA);
    w.edit(id, { state: "needs-attention" });
    const { status, body } = await remove(w, id);
    assert.deepEqual([status, body.code], [403, "admins"]);
    assert.equal((await w.call(ADMIN, "DELETE", PROJECT, { id })).status, 202);
    assert.equal(w.record(id)!.run.approval, false);
  });

  it("goes on when it is under way", async () => {
    const w = world();
    const id = await ready(w);
    await remove(w, id);
    const starts = w.seen.starts.length;
    assert.equal((await remove(w, id)).status, 202);
    assert.equal(w.seen.starts.length, starts);
  });

  it("refuses what is over, and what is being updated", async () => {
    const w = world();
    const id = await ready(w);
    for (const state of ["deleted", "rejected", "rolled-back", "updating"]) {
      w.edit(id, { state });
      w.apiPorts.store.cancel = () => Promise.reject(new Error("nothing is to be cancelled"));
      assert.equal((await remove(w, id)).status, 409, state);
    }
  });

  it("stops what is on its way, and tells the state that waits", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("create", id, "t-create");
    assert.equal((await remove(w, id)).status, 202);
    const result = { ok: false, code: "cancelled", reason: "The project was cancelled." };
    assert.deepEqual(w.seen.answers, [["t-create", result]]);
    assert.deepEqual([w.record(id)!.cancel, w.record(id)!.failure!.code], [true, "cancelled"]);
  });

  it("stops what has not begun a step yet, and tells nobody", async () => {
    const w = world();
    const id = await asked(w);
    assert.equal((await remove(w, id)).status, 202);
    assert.deepEqual([w.seen.answers, w.record(id)!.cancel], [[], true]);
    assert.deepEqual(await w.step("create", id, "t-create"), {
      ok: false,
      code: "cancelled",
      reason: "The project was cancelled.",
    });
  });

  it("comes too late when the compensations run", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("undo create", id, "t-undo");
    w.edit(id, { step: "undo create", token: "t-undo" });
    assert.equal((await remove(w, id)).status, 409);
    assert.equal(w.record(id)!.cancel, undefined);
  });

  it("is refused when somebody else has begun meanwhile", async () => {
    const w = world();
    const id = await ready(w);
    justBefore(w.apiPorts.store, "move", () => void w.edit(id, { state: "updating" }));
    const before = w.seen.starts.length;
    assert.equal((await remove(w, id)).status, 409);
    assert.equal(w.seen.starts.length, before, "no execution is begun");
  });
});
