import { strict as assert } from "node:assert";
import { logged } from "../logged";
import { ADMIN, asked, MEMBER, SITE, time, updating, world, last } from "./world";

const ok = { ok: true };
const CANCELLED = { ok: false, code: "cancelled", reason: "The project was cancelled." };

describe("a step", () => {
  it("is noted before it begins, and the world hears of it", async () => {
    const w = world();
    const id = await asked(w);
    w.clock.ms += 1000;
    assert.deepEqual(await w.step("create", id, "t-1"), ok);
    const { step, token, due, queue, stages } = w.record(id)!;
    assert.deepEqual([step, token, due, queue], ["create", "t-1", time(41_000), "due"]);
    assert.deepEqual(stages.create, { state: "running", at: time(1000) });
    const event = { id, name: "shop", unit: "ct1", stage: "create", state: "running", reason: undefined };
    assert.deepEqual(last(w.seen.events), event);
  });

  it("goes on though nobody listens", async () => {
    const w = world();
    const id = await asked(w);
    w.aws.broken.add("publish");
    const { result, lines } = await logged(() => w.step("create", id, "t-1"));
    assert.deepEqual(result, ok);
    assert.deepEqual(lines, [{ what: "publish", project: id, name: "Error", message: "publish is broken" }]);
  });

  it("does not begin for a cancelled project, and says so to whoever waits", async () => {
    const w = world();
    const id = await asked(w);
    w.edit(id, { cancel: true });
    assert.deepEqual(await w.step("create", id, "t-1"), CANCELLED);
    assert.deepEqual(w.seen.answers, [["t-1", CANCELLED]]);
    assert.deepEqual(w.record(id)!.failure, {
      step: "create",
      code: "cancelled",
      reason: "The project was cancelled.",
    });
    assert.deepEqual(await w.step("create", id), CANCELLED);
    assert.equal(w.seen.answers.length, 1);
    assert.deepEqual(w.seen.requests, []);
  });

  it("takes back a cancelled project all the same", async () => {
    const w = world();
    const id = await asked(w);
    w.edit(id, { cancel: true });
    assert.deepEqual(await w.step("undo create", id, "t-1"), ok);
    assert.equal(w.record(id)!.stages["undo create"]!.state, "done");
  });

  it("forgets the token of the step before when it has none", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("create", id, "t-1");
    await w.step("undo deliver", id);
    assert.equal(w.record(id)!.token, undefined);
  });

  it("that throws tells its waiting state, without what a log is for", async () => {
    const w = world();
    const id = await asked(w);
    w.aws.broken.add("create");
    const { result, lines } = await logged(() => w.step("create", id, "t-1"));
    const failure = {
      ok: false,
      code: "failed",
      reason: "The step create failed; try again later, or ask an admin.",
    };
    assert.deepEqual(result, failure);
    assert.deepEqual(w.seen.answers, [["t-1", failure]]);
    assert.deepEqual(lines, [{ what: "create", project: id, name: "Error", message: "create is broken" }]);
  });

  it("that throws with nobody waiting, or on the way back, is left to the state machine's own tries", async () => {
    const w = world();
    const id = await asked(w);
    w.aws.broken.add("create");
    const alone = await logged(() =>
      assert.rejects(w.step("create", id), { message: "create failed; its log says how" }),
    );
    assert.equal(alone.lines.length, 1);
    assert.deepEqual(w.seen.fails, []);
    w.aws.broken.add("remove");
    const back = await logged(() =>
      assert.rejects(w.step("undo create", id, "t-2"), { message: "undo create failed; its log says how" }),
    );
    assert.equal(back.lines[0]!["what"], "undo create");
    assert.deepEqual(w.seen.fails, [["t-2", "undo create failed; its log says how"]]);
  });

  it("whose record cannot be written fails its waiting state", async () => {
    const w = world();
    const id = await asked(w);
    w.dynamo.failures.push(new Error("throttled"));
    await assert.rejects(w.step("create", id, "t-1"), { message: "throttled" });
    assert.deepEqual(w.seen.fails, [["t-1", "create failed; its log says how"]]);
  });

  it("to reserve has been done by the API", async () => {
    const w = world();
    assert.deepEqual(await w.step("reserve", await asked(w)), ok);
  });
});

describe("asking for approval", () => {
  it("writes to every admin but whoever asked, with the price and what is made of it", async () => {
    const w = world();
    const id = await asked(w, { environment: "prod" }, { ...MEMBER, email: "second@example.org" });
    assert.deepEqual(await w.step("approve", id, "t-1"), ok);
    assert.deepEqual(w.seen.answers, [], "the state goes on waiting");
    const [mail] = w.seen.mails;
    assert.deepEqual([mail!.to, mail!.subject], [[ADMIN.email], "shop asks for approval"]);
    assert.deepEqual(mail!.text.split("\n"), [
      "second@example.org of ct1 asks for shop (static, hugo, prod).",
      "",
      "",
      "Template static, 5.00 USD a month:",
      "  1 build",
      "  1 role",
      "  1 log",
      "  2 buckets",
      "  2 bucket rules",
      "  1 CloudFront distribution",
      "",
      `Approve: https://www.example.org/console?project=${id}&decide=approve`,
      `Reject:  https://www.example.org/console?project=${id}&decide=reject`,
      "",
      "Without a decision within 72 hours it is rejected.",
    ]);
  });

  it("fails when there is nobody to ask", async () => {
    const w = world();
    w.aws.admins = [MEMBER.email];
    const id = await asked(w, { environment: "prod" });
    const result = await w.step("approve", id, "t-1");
    const reason = "Besides the requester, no admin could approve it.";
    assert.deepEqual(result, { ok: false, code: "no-approver", reason });
    assert.deepEqual(w.record(id)!.stages.approve, {
      state: "failed",
      at: time(0),
      endedAt: time(0),
      reason,
    });
    assert.equal(last(w.seen.events).reason, reason);
  });

  it("says of an update that the project is there, and names its owner where nobody asked", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true }, { environment: "stag" });
    w.edit(id, { run: { ...w.record(id)!.run, by: undefined } });
    await w.step("approve", id, "t-1");
    const lines = last(w.seen.mails).text.split("\n");
    assert.deepEqual(lines.slice(0, 2), [
      `${MEMBER.email} of ct1 asks for shop (static, hugo, stag).`,
      "It exists; its content or settings would change.",
    ]);
  });
});

describe("making the stack", () => {
  it("waits for CloudFormation and remembers the stack", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("create", id, "t-1");
    assert.equal(w.record(id)!.stackId, `arn:stack/gw-${id}/1`);
    assert.deepEqual([w.seen.answers, w.seen.removed], [[], []]);
  });

  it("makes nothing for a name that leads to something else", async () => {
    const w = world();
    const id = await asked(w);
    const host = "shop-dev.projects.example.org";
    w.foreign.add(host);
    await w.step("create", id, "t-1");
    const reason = `The name ${host} is taken.`;
    assert.deepEqual(w.seen.answers, [["t-1", { ok: false, code: "domain", reason }]]);
    assert.deepEqual(w.seen.requests, []);
  });

  it("goes on where the name cannot be asked for, since it is judged again before it leads anywhere", async () => {
    const w = world();
    const id = await asked(w);
    w.aws.broken.add("taken");
    await logged(() => w.step("create", id, "t-1"));
    assert.deepEqual([w.seen.answers, w.seen.requests.map(([what]) => what)], [[], ["create"]]);
  });

  it("fails by what CloudFormation says", async () => {
    const w = world();
    const id = await asked(w);
    w.aws.createAnswer = { refused: "no such template" };
    await w.step("create", id, "t-1");
    assert.deepEqual(w.seen.answers, [["t-1", { ok: false, code: "create", reason: "no such template" }]]);
    assert.deepEqual(w.record(id)!.failure, { step: "create", code: "create", reason: "no such template" });
  });

  it("takes the stack back when the project was cancelled in between", async () => {
    const w = world();
    const id = await asked(w);
    const { create } = w.stepPorts.stacks;
    w.stepPorts.stacks.create = async (request) => {
      const made = await create(request);
      w.edit(id, { step: "undo create" });
      return made;
    };
    await w.step("create", id, "t-1");
    assert.deepEqual(w.seen.removed, [`gw-${id}`]);
  });
});

describe("updating the stack", () => {
  it("waits, goes on at once when nothing differs, or fails by what CloudFormation says", async () => {
    for (const [answer, results] of [
      ["started", []],
      ["unchanged", [ok]],
      [{ refused: "too big" }, [{ ok: false, code: "update", reason: "too big" }]],
    ] as const) {
      const w = world();
      const id = await updating(w, { rebuild: true });
      w.aws.updateAnswer = answer;
      await w.step("update", id, "t-up");
      assert.deepEqual(
        w.seen.answers.filter(([token]) => token === "t-up").map(([, result]) => result),
        results,
      );
    }
  });

  it("tries what would change before it is the project's own", async () => {
    const w = world();
    const id = await updating(w, { branch: "next" });
    await w.step("update", id, "t-up");
    const [what, { parameters }] = last(w.seen.requests);
    assert.deepEqual([what, parameters["Branch"], w.record(id)!.branch], ["update", "next", "main"]);
  });
});

describe("delivering", () => {
  it("starts the build that is named as its stack, once for a token, and asks CloudFormation for nothing", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("create", id, "t-1");
    w.stepPorts.stacks.read = () => assert.fail("was asked");
    await w.step("deliver", id, "t-2");
    assert.deepEqual(w.seen.builds, [[`gw-${id}`, "t-2"]]);
    assert.deepEqual([w.record(id)!.buildId, w.record(id)!.logUrl], ["build-1", "https://log"]);
    assert.deepEqual(w.seen.stopped, []);
    await w.step("deliver", id);
    assert.deepEqual(last(w.seen.builds), [`gw-${id}`, `${id}-create`]);
  });

  it("waits while CodeBuild turns builds away, and begins in the minute in which there is room", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("create", id, "t-1");
    w.stacks.get(`gw-${id}`)!.outputs = SITE;
    w.aws.buildsAreFull = true;
    assert.deepEqual(await w.step("deliver", id, "t-2"), ok);
    await w.look(id);
    assert.deepEqual(
      [w.record(id)!.queued, w.record(id)!.buildId, w.seen.answers.length],
      [true, undefined, 0],
    );
    w.aws.buildsAreFull = false;
    await w.look(id);
    assert.deepEqual([w.record(id)!.queued, w.record(id)!.buildId], [false, "build-1"]);
    assert.deepEqual(w.seen.builds, [[`gw-${id}`, "t-2"]]); // the key of the execution, whoever asks
    await w.look(id);
    assert.equal(w.seen.builds.length, 1);
  });

  it("is not begun by an update without one, whatever an earlier one waited for", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("create", id, "t-1");
    w.stacks.get(`gw-${id}`)!.outputs = SITE;
    w.aws.buildsAreFull = true;
    await w.step("deliver", id, "t-2");
    await w.step("hold", id);
    await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { email: "other@example.org" } });
    assert.equal(w.record(id)!.queued, undefined);
  });

  it("stops the build when the state machine has gone on in between", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("create", id, "t-1");
    w.stacks.get(`gw-${id}`)!.outputs = SITE;
    const { start } = w.stepPorts.builds;
    w.stepPorts.builds.start = async (...all) => {
      w.edit(id, { step: "undo deliver" });
      return start(...all);
    };
    await w.step("deliver", id, "t-2");
    assert.deepEqual(w.seen.stopped, ["build-1"]);
  });

  it("is for an update only where the content may differ", async () => {
    for (const [change, builds] of [
      [{ email: "other@example.org" }, 0],
      [{ repository: "https://github.com/example/other" }, 1],
      [{ branch: "next" }, 1],
      [{ folder: "web" }, 1],
      [{ accessToken: "n3w" }, 1],
      [{ rebuild: true }, 1],
    ] as const) {
      const w = world();
      const id = await updating(w, change);
      w.seen.builds.length = 0;
      assert.deepEqual(await w.step("deliver", id, "t"), ok);
      assert.equal(w.seen.builds.length, builds, JSON.stringify(change));
    }
  });
});
