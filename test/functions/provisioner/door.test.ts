import { strict as assert } from "node:assert";
import { door } from "../../../functions/provisioner/door";
import { priceList } from "../../../functions/provisioner/catalogue";
import { some } from "../../some";
import { ADMIN, asked, DAY, logged, MEMBER, Person, ready, SITE, START, time, wish, world } from "./world";

const STRANGER: Person = { sub: "s-stranger", email: "stranger@example.org", unit: "other", quota: 10 };
const NOBODY: Person = { sub: "s-nobody", email: "nobody@example.org" };
const BOSS: Person = { sub: "s-boss", email: "boss@example.org", unit: "platform", groups: "[member admin]" };
const PROJECT = "/projects/{id}";

describe("the provisioner's door", () => {
  it("lists what it accepts, with its prices", async () => {
    const { status, body } = await world().call(MEMBER, "GET", "/catalogue");
    assert.deepEqual([status, body], [200, { kinds: priceList() }]);
  });

  it("tells a unit what it has used, reserved and left", async () => {
    const w = world();
    const before = await w.call(MEMBER, "GET", "/quota");
    assert.deepEqual(before.body, { unit: "ct1", quota: 1000, committed: 0, reserved: 0, left: 1000 });
    await ready(w, { environment: "dev" });
    await asked(w, { environment: "stag" });
    const { body } = await w.call(MEMBER, "GET", "/quota");
    assert.deepEqual(body, { unit: "ct1", quota: 1000, committed: 1, reserved: 1.5, left: 997.5 });
  });

  it("takes a quota that is no number for none, and counts in whole cents", async () => {
    const w = world();
    const quota = async (given: string) =>
      (await w.call({ ...MEMBER, quota: given }, "GET", "/quota")).body.quota;
    assert.deepEqual([await quota("much"), await quota("1.239"), await quota("")], [0, 1.23, 0]);
    assert.equal((await w.call({ ...MEMBER, quota: undefined }, "GET", "/quota")).body.quota, 0);
  });

  it("shows a unit its own projects, newest first, however many there are", async () => {
    const w = world();
    const ids = [];
    for (const name of ["one", "two", "three", "four", "five"]) {
      ids.unshift(await asked(w, { name }));
      w.clock.ms += 1000;
    }
    const { body } = await w.call(MEMBER, "GET", "/projects");
    assert.deepEqual(
      body.projects.map(({ id }: { id: string }) => id),
      ids,
    );
    assert.deepEqual((await w.call(STRANGER, "GET", "/projects")).body, { projects: [] });
    w.dynamo.calls.length = 0;
    assert.deepEqual((await w.call(NOBODY, "GET", "/projects")).body, { projects: [] });
    assert.deepEqual(w.dynamo.calls, [], "DynamoDB refuses an empty key");
  });

  it("shows nothing that lets anybody in", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("create", id, "t-create");
    const { body } = await w.call(MEMBER, "GET", PROJECT, { id });
    const { resources, cloudFormation, ...rest } = body;
    assert.equal(resources["S3::Bucket"], 1);
    assert.deepEqual(cloudFormation, { status: "CREATE_IN_PROGRESS" });
    assert.deepEqual(rest, {
      id,
      name: "shop",
      unit: "ct1",
      environment: "dev",
      type: "static",
      stack: "hugo",
      repository: "https://github.com/example/site",
      branch: "main",
      email: "team@example.org",
      host: "shop-dev",
      state: "running",
      step: "create",
      stages: {
        reserve: { state: "done", at: time(0), endedAt: time(0) },
        create: { state: "running", at: time(0) },
      },
      quota: "reserved",
      createdAt: time(0),
      ownerEmail: MEMBER.email,
      askedBy: MEMBER.email,
      monthlyPrice: 1,
    });
  });

  it("describes a project without its stack when that is over or cannot be read", async () => {
    const w = world();
    const id = await asked(w);
    w.aws.broken.add("read");
    const { result, lines } = await logged(() => w.call(MEMBER, "GET", PROJECT, { id }));
    assert.deepEqual([result.status, "cloudFormation" in result.body], [200, false]);
    assert.deepEqual(lines, [{ what: "describe", project: id, name: "Error", message: "read is broken" }]);
    w.edit(id, { state: "deleted" });
    const over = await logged(() => w.call(MEMBER, "GET", PROJECT, { id }));
    assert.deepEqual([over.result.status, over.lines], [200, []], "nobody asks for a stack that is gone");
  });

  it("tells what CloudFormation knows of drift", async () => {
    const w = world();
    const id = await ready(w);
    Object.assign(w.stacks.get(`gw-${id}`)!, { drift: "DRIFTED", driftCheckedAt: time(5) });
    const { body } = await w.call(MEMBER, "GET", PROJECT, { id });
    assert.deepEqual(body.cloudFormation, {
      status: "CREATE_COMPLETE",
      drift: "DRIFTED",
      driftCheckedAt: time(5),
    });
  });

  it("hides another unit's project as if it were not there, but from admins", async () => {
    const w = world();
    const id = await asked(w);
    for (const [person, status] of [
      [STRANGER, 404],
      [NOBODY, 404],
      [{ ...STRANGER, groups: "administrators" }, 404],
      [ADMIN, 200],
      [BOSS, 200],
      [{ ...BOSS, groups: "member,admin" }, 200],
    ] as const)
      assert.equal((await w.call(person, "GET", PROJECT, { id })).status, status, person.sub + person.groups);
    const { body } = await w.call(STRANGER, "GET", PROJECT, { id });
    assert.deepEqual(body, { code: "absent", message: `There is no project ${id}.` });
  });

  it("looks for nothing that cannot be a project, and repeats no long name", async () => {
    const w = world();
    for (const id of ["x".repeat(30), "abcdefghi", "abcdefghijk", "ABCDEFGHIJ", "../secrets", undefined]) {
      const { status, body } = await w.call(ADMIN, "GET", PROJECT, { id });
      assert.deepEqual([status, body.message], [404, `There is no project ${(id ?? "").slice(0, 20)}.`]);
    }
    assert.deepEqual(w.dynamo.calls, []);
  });

  it("refuses routes that it does not have", async () => {
    const w = world();
    const id = await asked(w);
    const { status, body } = await w.call(MEMBER, "PUT", PROJECT, { id });
    assert.deepEqual([status, body], [404, { code: "absent", message: "There is no such route." }]);
  });

  it("says that it could not when AWS does not answer, and logs why without a value of the caller's", async () => {
    const w = world();
    w.dynamo.failures.push(new Error("throttled"));
    const { result, lines } = await logged(() => w.call(MEMBER, "GET", PROJECT, { id: "abcdefghij" }));
    assert.deepEqual(
      [result.status, result.body],
      [503, { code: "unavailable", message: "This could not be done now; try again." }],
    );
    assert.deepEqual(lines, [
      { what: `GET ${PROJECT}`, project: "abcdefghij", name: "Error", message: "throttled" },
    ]);
    w.dynamo.failures.push(new Error("throttled"));
    const quota = await logged(() => w.call(MEMBER, "GET", "/quota"));
    assert.equal(quota.lines[0]!["project"], "");
  });

  it("knows nobody without claims", async () => {
    const w = world();
    for (const requestContext of [undefined, null, {}, { authorizer: null }, { authorizer: {} }]) {
      const request = { httpMethod: "GET", resource: "/quota", requestContext };
      const { statusCode, body } = await door(w.doorPorts, w.settings, request);
      assert.deepEqual([statusCode, JSON.parse(body).unit], [200, ""]);
      const created = { ...request, httpMethod: "POST", resource: "/projects", body: JSON.stringify(wish()) };
      assert.equal((await door(w.doorPorts, w.settings, created)).statusCode, 403);
      const decision = {
        ...request,
        httpMethod: "GET",
        resource: "/projects",
        queryStringParameters: { waiting: "" },
      };
      assert.equal((await door(w.doorPorts, w.settings, decision)).statusCode, 403);
    }
  });
});

describe("a list of what waits for approval", () => {
  it("is for admins, and holds only what waits", async () => {
    const w = world();
    const id = await asked(w, { environment: "prod" });
    await asked(w, { name: "other" });
    assert.deepEqual((await w.call(ADMIN, "GET", "/projects", { query: { waiting: "" } })).body.projects, []);
    await w.step("approve", id, "t-approve");
    const { body } = await w.call(ADMIN, "GET", "/projects", { query: { waiting: "" } });
    assert.deepEqual(
      body.projects.map((project: { id: string }) => project.id),
      [id],
    );
    const refused = await w.call(MEMBER, "GET", "/projects", { query: { waiting: "1" } });
    assert.deepEqual(
      [refused.status, refused.body],
      [403, { code: "admins", message: "Only admins see what waits for approval." }],
    );
  });
});

describe("a decision", () => {
  const waiting = async (more: object = { environment: "stag" }) => {
    const w = world();
    const id = await asked(w, more);
    await w.step("approve", id, "t-approve");
    const decide = (person: Person, body: unknown) =>
      w.call(person, "POST", "/projects/{id}/decision", { id, body });
    return { w, id, decide };
  };

  it("lets the machine go on", async () => {
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

  it("leads back when it is a no, with its reason", async () => {
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

  it("is one: the second comes too late", async () => {
    const { w, decide } = await waiting();
    await decide(ADMIN, { decision: "approve" });
    const { status, body } = await decide(BOSS, { decision: "reject" });
    assert.deepEqual(
      [status, body.code, body.message],
      [409, "decided", "The project does not wait for a decision, or somebody was faster."],
    );
    assert.equal(w.seen.answers.length, 1);
  });

  it("is refused before the project waits for it", async () => {
    const w = world();
    const id = await asked(w, { environment: "stag" });
    const body = { decision: "approve" };
    assert.equal((await w.call(ADMIN, "POST", "/projects/{id}/decision", { id, body })).status, 409);
  });

  it("is an admin's, and never of whoever asked", async () => {
    const { decide } = await waiting();
    const member = await decide(MEMBER, { decision: "approve" });
    assert.deepEqual([member.status, member.body], [403, { code: "admins", message: "Only admins decide." }]);
    const own = await decide({ ...MEMBER, groups: "admin" }, { decision: "approve" });
    assert.deepEqual(
      [own.status, own.body],
      [403, { code: "own", message: "Nobody approves what they asked for." }],
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

  it("takes a second factor on prod, where that is demanded", async () => {
    const { w, decide } = await waiting({ environment: "prod" });
    const { status, body } = await decide(ADMIN, { decision: "approve" });
    assert.deepEqual(
      [status, body.code, body.message],
      [403, "totp", "Deciding on prod takes a sign-in with a second factor: set up TOTP first."],
    );
    w.aws.totp = true;
    assert.equal((await decide(ADMIN, { decision: "approve" })).status, 200);
    const lax = world({ totpForProd: false });
    const id = await asked(lax, { environment: "prod" });
    await lax.step("approve", id, "t");
    const asks = { id, body: { decision: "approve" } };
    assert.equal((await lax.call(ADMIN, "POST", "/projects/{id}/decision", asks)).status, 200);
  });

  it("is signed by the name of who has no address", async () => {
    const { w, id, decide } = await waiting();
    await decide({ ...ADMIN, email: "" }, { decision: "approve" });
    assert.equal(w.record(id)!.decision!.by, ADMIN.sub);
  });
});

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
    assert.deepEqual([state, due, branch], ["updating", time(65_000), "main"]);
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
    const { status, body } = await change(w, id, { accessToken: "n3w" });
    assert.deepEqual(
      [status, body],
      [409, { code: "busy", message: "The project is running: it cannot do this now." }],
    );
    assert.equal(w.secrets.size, 1);
  });

  it("leaves no secret behind when somebody was faster, or the record cannot be written", async () => {
    const w = world();
    const id = await ready(w);
    const { keepSecret } = w.doorPorts;
    w.doorPorts.keepSecret = async (...all) => {
      w.edit(id, { state: "deleting" });
      return keepSecret(...all);
    };
    assert.equal((await change(w, id, { accessToken: "n3w" })).status, 409);
    assert.equal(w.secrets.size, 1);
    w.edit(id, { state: "ready" });
    w.doorPorts.keepSecret = async (...all) => {
      w.dynamo.failures.push(new Error("throttled"));
      return keepSecret(...all);
    };
    const { result } = await logged(() => change(w, id, { accessToken: "n3w" }));
    assert.deepEqual([result.status, w.secrets.size], [503, 1]);
  });
});

describe("a deletion", () => {
  const remove = (w: ReturnType<typeof world>, id: string) => w.call(MEMBER, "DELETE", PROJECT, { id });

  it("takes down what is at rest, and what a person has mended", async () => {
    for (const state of ["ready", "frozen", "needs-hands"]) {
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
    const { move } = w.doorPorts.store;
    w.doorPorts.store.move = async (...all) => {
      w.edit(id, { state: "updating" });
      return move(...all);
    };
    assert.equal((await remove(w, id)).status, 409);
  });
});

describe("a runbook", () => {
  const run = (w: ReturnType<typeof world>, id: string, body: unknown) =>
    w.call(MEMBER, "POST", "/projects/{id}/runbook", { id, body });
  const server = { type: "realtime", stack: "node" };

  it("is started for a project with servers", async () => {
    const w = world();
    const id = await ready(w, server);
    for (const name of some(["restart", "patch"])) {
      const { status, body } = await run(w, id, { name });
      assert.deepEqual([status, body], [202, { id, execution: `run-${name}` }]);
      assert.deepEqual(w.seen.runbooks.at(-1), [name, id]);
    }
  });

  it("refuses other names, projects without servers, and what is not up", async () => {
    const w = world();
    const id = await ready(w, server);
    for (const body of [{}, { name: "destroy" }, "x"])
      assert.equal((await run(w, id, body)).body.message, "name must be restart or patch.");
    const site = await ready(w, { name: "site" }, SITE);
    const refused = await run(w, site, { name: "patch" });
    assert.deepEqual(
      [refused.status, refused.body.message],
      [400, "Only a project with servers can be restarted or patched."],
    );
    w.edit(id, { state: "frozen" });
    assert.equal((await run(w, id, { name: "patch" })).status, 409);
    assert.deepEqual(w.seen.runbooks, []);
  });
});

describe("a ticket for an upload", () => {
  it("is handed out with a form, and ends after a quarter of an hour", async () => {
    const w = world();
    const { status, body } = await w.call(MEMBER, "POST", "/uploads");
    assert.equal(status, 201);
    assert.equal(body.url, "https://drop");
    const ticket = /^requests\/([0-9a-f]{40})\.json$/.exec(body.fields.key)![1]!;
    assert.deepEqual(await w.doorPorts.store.ticket(ticket), {
      pk: `ticket#${ticket}`,
      sub: MEMBER.sub,
      email: MEMBER.email,
      unit: "ct1",
      quotaCents: 100_000,
      admin: false,
      ttl: START / 1000 + 900,
    });
  });

  it("is for who has a unit", async () => {
    const { status, body } = await world().call(NOBODY, "POST", "/uploads");
    assert.deepEqual([status, body.code], [403, "unassigned"]);
  });

  it("is nothing once its time is over, even where DynamoDB has not cleared it away", async () => {
    const w = world();
    const caller = { sub: "s", email: "e", unit: "u", quotaCents: 1, admin: false };
    await w.doorPorts.store.putTicket("old", caller, Math.floor((Date.now() - DAY) / 1000));
    assert.equal(await w.doorPorts.store.ticket("old"), undefined);
    assert.equal(await w.doorPorts.store.ticket("never"), undefined);
  });
});
