import { strict as assert } from "node:assert";
import { some } from "../../some";
import { ADMIN, asked, MEMBER, Person, time, updating, world } from "./world";

const BOSS: Person = { sub: "s-boss", email: "boss@example.org", unit: "platform", groups: "[member admin]" };

describe("a decision", () => {
  const waiting = async (more: object = { environment: "stag" }) => {
    const w = world();
    const id = await asked(w, more);
    await w.step("approve", id, "t-approve");
    const decide = (person: Person, body: unknown) =>
      w.call(person, "POST", "/projects/{id}/decision", { id, body });
    return { w, id, decide };
  };

  it("lets the state machine go on", async () => {
    const { w, id, decide } = await waiting();
    const { status, body } = await decide(ADMIN, { decision: "approve" });
    assert.deepEqual([status, body], [200, { id, decision: "approve" }]);
    assert.deepEqual(w.seen.answers, [["t-approve", { ok: true }]]);
    const { decision, stages } = w.record(id)!;
    assert.deepEqual(decision, { by: ADMIN.email, verdict: "approve", comment: "", at: time(0) });
    assert.equal(stages.approve!.state, "done");
    assert.deepEqual(w.seen.events.at(-1), {
      id,
      name: "shop",
      unit: "ct1",
      stage: "approve",
      state: "done",
      reason: undefined,
    });
  });

  it("compensates after a rejection, with its reason", async () => {
    for (const [comment, reason] of [
      ["too dear", "Rejected: too dear"],
      ["", "Rejected by an admin."],
    ]) {
      const { w, id, decide } = await waiting();
      assert.equal((await decide(ADMIN, { decision: "reject", comment })).status, 200);
      assert.deepEqual(w.seen.answers, [["t-approve", { ok: false, code: "rejected", reason }]]);
      assert.deepEqual(w.record(id)!.failure, { step: "approve", code: "rejected", reason });
      assert.deepEqual(w.record(id)!.stages.approve, {
        state: "failed",
        at: time(0),
        endedAt: time(0),
        reason,
      });
    }
  });

  it("does not undo an earlier approval if it is a rejection", async () => {
    const { w, id, decide } = await waiting();
    await decide(ADMIN, { decision: "approve" });
    w.edit(id, { state: "ready", quota: "committed", step: undefined, token: undefined });
    await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { rebuild: true } });
    await w.step("approve", id, "t-again");
    await decide(ADMIN, { decision: "reject", comment: "not today" });
    await w.step("keep", id);
    const { state, decision, approved } = (await w.call(MEMBER, "GET", "/projects/{id}", { id })).body;
    assert.deepEqual([state, decision.comment], ["ready", "not today"]);
    assert.deepEqual(approved, { by: ADMIN.email, verdict: "approve", comment: "", at: time(0) });
  });

  it("is final: a second one comes too late", async () => {
    const { w, decide } = await waiting();
    await decide(ADMIN, { decision: "approve" });
    const { status, body } = await decide(BOSS, { decision: "reject" });
    assert.deepEqual(
      [status, body.code, body.message],
      [409, "decided", "The project is not waiting for a decision, or somebody was faster."],
    );
    assert.equal(w.seen.answers.length, 1);
  });

  it("is refused before the project waits for it", async () => {
    const w = world();
    const id = await asked(w, { environment: "stag" });
    const body = { decision: "approve" };
    assert.equal((await w.call(ADMIN, "POST", "/projects/{id}/decision", { id, body })).status, 409);
  });

  it("is made by an admin, and never by the requester", async () => {
    const { decide } = await waiting();
    const member = await decide(MEMBER, { decision: "approve" });
    assert.deepEqual([member.status, member.body], [403, { code: "admins", message: "Only admins decide." }]);
    const own = await decide({ ...MEMBER, groups: "admin" }, { decision: "approve" });
    assert.deepEqual(
      [own.status, own.body],
      [403, { code: "own", message: "Nobody can approve their own request." }],
    );
  });

  it("is approve or reject with a comment of 500 characters", async () => {
    const { w, decide } = await waiting();
    for (const body of [
      {},
      { decision: "maybe" },
      { decision: "approve", comment: 1 },
      { decision: "approve", comment: "x".repeat(501) },
      "no object",
      undefined,
    ]) {
      const answer = await decide(ADMIN, body);
      assert.deepEqual(
        [answer.status, answer.body.message],
        [400, "decision must be approve or reject, and comment a text of 500 characters at most."],
      );
    }
    assert.deepEqual(w.seen.answers, []);
    assert.equal((await decide(ADMIN, { decision: "reject", comment: "x".repeat(500) })).status, 200);
  });

  it("requires a second factor on prod, if so configured", async () => {
    const { w, decide } = await waiting({ environment: "prod" });
    const { status, body } = await decide(ADMIN, { decision: "approve" });
    assert.deepEqual(
      [status, body.code, body.message],
      [403, "totp", "Deciding on prod requires a second factor: set up TOTP, and sign in with it."],
    );
    w.aws.totp = true;
    assert.equal((await decide(ADMIN, { decision: "approve" })).status, 200);
    const lax = world({ totpForProd: false });
    const id = await asked(lax, { environment: "prod" });
    await lax.step("approve", id, "t");
    const asks = { id, body: { decision: "approve" } };
    assert.equal((await lax.call(ADMIN, "POST", "/projects/{id}/decision", asks)).status, 200);
  });

  it("accepts only a second factor of this sign-in, if the token says so", async () => {
    for (const [amr, totp, status] of some([
      ["pwd", true, 403],
      ["pwd,otp", true, 403],
      ["[]", true, 403],
      ["", true, 403],
      ["nomfa", true, 403],
      ["pwd,otp,mfa", false, 200],
      ["[pwd otp mfa]", false, 200],
      ['["pwd","otp","mfa"]', false, 200],
    ] as const)) {
      const { w, decide } = await waiting({ environment: "prod" });
      w.aws.totp = totp;
      assert.equal((await decide({ ...ADMIN, amr }, { decision: "approve" })).status, status, amr);
    }
  });

  it("is signed with the name of an admin without an address", async () => {
    const { w, id, decide } = await waiting();
    await decide({ ...ADMIN, email: "" }, { decision: "approve" });
    assert.equal(w.record(id)!.decision!.by, ADMIN.sub);
  });
});

describe("withdrawing what waits for a decision", () => {
  const withdraw = (w: ReturnType<typeof world>, id: string, person = MEMBER) =>
    w.call(person, "POST", "/projects/{id}/withdrawal", { id });
  const waiting = async (w: ReturnType<typeof world>) => {
    const id = await updating(w, { branch: "next" }, { environment: "stag" });
    await w.step("approve", id, "t-approve");
    return id;
  };

  it("is for the requester, and leaves the project as it was", async () => {
    const w = world();
    const id = await waiting(w);
    assert.equal((await withdraw(w, id)).status, 202);
    const told = { ok: false, code: "withdrawn", reason: "member@example.org withdrew it." };
    assert.deepEqual(w.seen.answers.at(-1), ["t-approve", told]);
    await w.step("keep", id);
    const { state, branch, change, decision } = w.record(id)!;
    assert.deepEqual([state, branch, change, decision!.verdict], ["ready", "main", undefined, "withdraw"]);
    assert.equal((await withdraw(w, id)).status, 409, "nothing waits any more");
  });

  it("is refused to anybody else, and after a decision", async () => {
    const w = world();
    const id = await waiting(w);
    const colleague = { ...MEMBER, sub: "s-colleague", email: "colleague@example.org" };
    assert.equal((await withdraw(w, id, colleague)).status, 403);
    await w.call(ADMIN, "POST", "/projects/{id}/decision", { id, body: { decision: "approve" } });
    assert.equal((await withdraw(w, id)).status, 409);
  });
});
