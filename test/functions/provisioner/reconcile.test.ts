import { strict as assert } from "node:assert";
import { logged } from "../logged";
import { ADMIN, asked, HOUR, MEMBER, ready, SITE, START, time, updating, World, world } from "./world";

const ok = { ok: true };
const stackEvent = (name: string) => ({
  source: "aws.cloudformation",
  "detail-type": "CloudFormation Stack Status Change",
  detail: {
    "stack-id": `arn:aws:cloudformation:eu-west-1:1:stack/${name}/0`,
    "status-details": { status: "CREATE_COMPLETE" },
  },
});
const answersOf = (w: World, token: string) =>
  w.seen.answers.filter(([one]) => one === token).map(([, result]) => result);

async function creating() {
  const w = world();
  const id = await asked(w);
  await w.step("create", id, "t-1");
  return { w, id, stack: w.stacks.get(`gw-${id}`)! };
}

describe("an event", () => {
  it("of a stack makes the function check the stack, and is not trusted itself", async () => {
    const { w, id, stack } = await creating();
    assert.equal(await w.reconcile(stackEvent(`gw-${id}`)), 1);
    assert.deepEqual(w.seen.answers, []);
    stack.status = "CREATE_COMPLETE";
    assert.equal(await w.reconcile(stackEvent(`gw-${id}`)), 1);
    assert.deepEqual(w.seen.answers, [["t-1", ok]]);
    assert.equal(w.record(id)!.stages.create!.state, "done");
  });

  it("of a build makes the function check the build", async () => {
    const { w, id } = await creating();
    w.stacks.get(`gw-${id}`)!.outputs = SITE;
    await w.step("deliver", id, "t-2");
    w.aws.build = { status: "done", reason: "" };
    const detail = { "project-name": `gw-${id}-Build-1` };
    assert.equal(await w.reconcile({ source: "aws.codebuild", "detail-type": "x", detail }), 1);
    assert.deepEqual(answersOf(w, "t-2"), [ok]);
  });

  it("of another's stack, or of none, is ignored", async () => {
    const { w, id } = await creating();
    for (const event of [
      stackEvent(`other-${id}`),
      stackEvent("gw-abcdefghij"),
      { source: "aws.cloudformation", "detail-type": "x", detail: {} },
    ])
      assert.equal(await w.reconcile(event), 0);
  });

  it("of a stack created after its project's end deletes the stack", async () => {
    const { w, id } = await creating();
    w.edit(id, { state: "rolled-back" });
    assert.equal(await w.reconcile(stackEvent(`gw-${id}`)), 1);
    assert.deepEqual(w.seen.removed, [`gw-${id}`]);
  });

  it("of a group points the name to the current instance", async () => {
    const w = world();
    w.addresses.set("group-1", "192.0.2.7");
    const id = await ready(w, { type: "realtime", stack: "node" }, { Group: "group-1" });
    const event = {
      source: "aws.autoscaling",
      "detail-type": "x",
      detail: { AutoScalingGroupName: `gw-${id}-Group-1` },
    };
    const pointed = () => [...w.names.values()];
    w.addresses.set("group-1", "192.0.2.8");
    assert.equal(await w.reconcile(event), 1);
    assert.deepEqual(pointed(), [{ address: "192.0.2.8" }]);
    w.addresses.delete("group-1");
    await w.reconcile(event);
    assert.deepEqual(pointed(), [{ address: "192.0.2.8" }], "better the old one than none");
    w.addresses.set("group-1", "192.0.2.9");
    w.edit(id, { state: "frozen" });
    await w.reconcile(event);
    assert.deepEqual(pointed(), [{ address: "192.0.2.8" }]);
    w.edit(id, { state: "ready" });
    w.stacks.get(`gw-${id}`)!.outputs = { Group: "group-1", Target: "balancer" };
    await w.reconcile(event);
    w.stacks.get(`gw-${id}`)!.outputs = {};
    await w.reconcile(event);
    w.stacks.delete(`gw-${id}`);
    await w.reconcile(event);
    assert.deepEqual(pointed(), [{ address: "192.0.2.8" }]);
    assert.deepEqual(w.seen.removed, []);
  });

  it("of a group leaves a name alone that now points to something else", async () => {
    const w = world();
    w.addresses.set("group-1", "192.0.2.7");
    const id = await ready(w, { type: "realtime", stack: "node" }, { Group: "group-1" });
    w.addresses.set("group-1", "192.0.2.8");
    w.foreign.add("shop-dev.projects.example.org");
    const detail = { AutoScalingGroupName: `gw-${id}-Group-1` };
    const lines = await logged(() => w.reconcile({ source: "aws.autoscaling", "detail-type": "x", detail }));
    assert.deepEqual([...w.names.values()], [{ address: "192.0.2.7" }]);
    assert.match(JSON.stringify(lines), /The name shop-dev\.projects\.example\.org is taken/);
  });
});

describe("the check of what a project waits for", () => {
  it("continues for a created stack, and compensates for a failed one", async () => {
    for (const [status, results] of [
      ["CREATE_IN_PROGRESS", []],
      ["ROLLBACK_IN_PROGRESS", []],
      ["CREATE_COMPLETE", [ok]],
      ["CREATE_FAILED", [{ ok: false, code: "create", reason: "broke" }]],
      ["ROLLBACK_COMPLETE", [{ ok: false, code: "create", reason: "broke" }]],
    ] as const) {
      const { w, id, stack } = await creating();
      stack.status = status;
      w.reconcilePorts.stacks.problem = async (name) => {
        assert.equal(name, `gw-${id}`);
        return "broke";
      };
      await w.look(id);
      assert.deepEqual(answersOf(w, "t-1"), results, status);
    }
  });

  it("waits for a stack that does not exist yet", async () => {
    const { w, id } = await creating();
    w.stacks.clear();
    await w.look(id);
    assert.deepEqual(w.seen.answers, []);
  });

  it("does not mistake an earlier update for the new one", async () => {
    for (const [status, later, results] of [
      ["UPDATE_COMPLETE", 0, []],
      ["UPDATE_COMPLETE", 1, [ok]],
      ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", 1, [ok]],
      ["UPDATE_IN_PROGRESS", 1, []],
      ["UPDATE_ROLLBACK_COMPLETE", 1, [{ ok: false, code: "update", reason: "broke" }]],
    ] as const) {
      const w = world();
      const id = await updating(w, { rebuild: true });
      w.clock.ms += 1000;
      await w.step("update", id, "t-up");
      Object.assign(w.stacks.get(`gw-${id}`)!, { status, updatedAt: time(1000 + later) });
      w.reconcilePorts.stacks.problem = async (name) => (name === `gw-${id}` ? "broke" : name);
      await w.look(id);
      assert.deepEqual(answersOf(w, "t-up"), results, `${status} ${later}`);
      w.stacks.clear();
      await w.look(id);
      assert.deepEqual(answersOf(w, "t-up"), results);
    }
  });

  it("reports that a build waits for its turn, until it has started", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true });
    await w.step("deliver", id, "t");
    const told = async (status: "queued" | "running") => {
      w.aws.build = { status, reason: "" };
      await w.look(id);
      return (await w.call(MEMBER, "GET", "/projects")).body.projects[0].queued;
    };
    assert.deepEqual(
      [await told("queued"), await told("queued"), await told("running")],
      [true, true, false],
    );
  });

  it("continues after a successful build, and compensates for a failed one", async () => {
    for (const [build, results] of [
      [{ status: "running", reason: "" }, []],
      [{ status: "done", reason: "" }, [ok]],
      [{ status: "failed", reason: "in INSTALL" }, [{ ok: false, code: "deliver", reason: "in INSTALL" }]],
    ] as const) {
      const { w, id, stack } = await creating();
      stack.outputs = SITE;
      await w.step("deliver", id, "t-2");
      w.aws.build = build;
      await w.look(id);
      assert.deepEqual(answersOf(w, "t-2"), results);
      w.edit(id, { buildId: undefined });
      w.aws.build = { status: "done", reason: "" };
      const before = w.seen.answers.length;
      await w.look(id);
      assert.equal(w.seen.answers.length, before, "a build without a name is not looked at");
    }
  });

  it("ends a deletion when the stack is gone, and retries it if it fails", async () => {
    const { w, id, stack } = await creating();
    await w.step("undo create", id, "t-3");
    await w.look(id);
    assert.deepEqual([w.seen.answers, w.seen.fails], [[], []]);
    stack.status = "DELETE_FAILED";
    await w.look(id);
    assert.deepEqual(w.seen.fails, [["t-3", `gw-${id} broke`]]);
    w.stacks.clear();
    await w.look(id);
    assert.deepEqual(w.seen.answers, [["t-3", ok]]);
    assert.equal(w.record(id)!.stages["undo create"]!.state, "done");
  });

  it("checks nothing that does not wait", async () => {
    const { w, id, stack } = await creating();
    stack.status = "CREATE_COMPLETE";
    for (const change of [{ step: undefined }, { token: undefined }, { state: "needs-attention" }]) {
      const before = w.record(id)!;
      w.edit(id, change);
      await w.look(id);
      w.edit(id, before);
    }
    assert.deepEqual(w.seen.answers, []);
  });
});

describe("a project that waits for approval", () => {
  const waiting = async () => {
    const w = world();
    const id = await asked(w, { environment: "prod" });
    await w.step("approve", id, "t-1");
    w.seen.mails.length = 0;
    return { w, id };
  };

  it("reminds its admins once, after a day", async () => {
    const { w, id } = await waiting();
    w.clock.ms = START + 24 * HOUR - 1;
    await w.look(id);
    assert.deepEqual(w.seen.mails, []);
    w.clock.ms = START + 24 * HOUR;
    await w.look(id);
    await w.look(id);
    assert.deepEqual(
      w.seen.mails.map(({ to, subject }) => [to, subject]),
      [[[ADMIN.email, "second@example.org"], "Reminder: shop asks for approval"]],
    );
    assert.deepEqual(w.seen.answers, []);
  });

  it("is rejected if nobody decides in time", async () => {
    const { w, id } = await waiting();
    w.clock.ms = START + 72 * HOUR;
    await w.look(id);
    const reason = "Nobody decided within 72 hours.";
    assert.deepEqual(w.seen.answers, [["t-1", { ok: false, code: "expired", reason }]]);
  });

  it("continues with a decision whose answer was lost", async () => {
    const { w, id } = await waiting();
    w.edit(id, { decision: { by: "x", verdict: "approve", comment: "", at: time(0) } });
    await w.look(id);
    assert.deepEqual(w.seen.answers, [["t-1", ok]]);
  });
});

describe("the run of every minute", () => {
  it("checks what is due, and not again until the next check", async () => {
    const { w, id, stack } = await creating();
    stack.status = "CREATE_COMPLETE";
    assert.equal(await w.minute(), 0, "not due before its time");
    w.clock.ms += 60_000;
    assert.equal(await w.minute(), 1);
    assert.deepEqual(w.seen.answers, [["t-1", ok]]);
    assert.equal(w.record(id)!.due, time(100_000));
    assert.equal(await w.reconcile({ source: "aws.scheduler", "detail-type": "x", detail: {} }), 0);
  });

  it("checks every minute, even if one run is some seconds late and the next some early", async () => {
    const { w } = await creating();
    w.clock.ms += 67_000;
    assert.equal(await w.minute(), 1);
    w.clock.ms += 46_000;
    assert.equal(await w.minute(), 1);
  });

  it("checks everything that is due, over any number of pages", async () => {
    const w = world();
    for (const name of ["one", "two", "three", "four", "five"]) await asked(w, { name });
    w.clock.ms += 60_000;
    assert.equal(await w.minute(), 5);
    assert.equal(await w.minute(), 0);
  });

  it("starts an execution that never started", async () => {
    const w = world();
    w.aws.broken.add("start");
    const { result: id } = await logged(() => asked(w));
    w.aws.broken.clear();
    w.aws.execution = "absent";
    w.clock.ms += 60_000;
    await w.minute();
    assert.deepEqual(w.seen.starts, [[`${id}-create`, { id, action: "create", approval: false }]]);
    assert.deepEqual(w.seen.alarms, []);
  });

  it("reports a broken execution to a person once", async () => {
    const { w, id, stack } = await creating();
    stack.status = "CREATE_COMPLETE";
    w.aws.execution = "ended";
    w.clock.ms += 60_000;
    await w.minute();
    const { state, due, queue, token } = w.record(id)!;
    assert.deepEqual([state, due, queue, token], ["needs-attention", undefined, undefined, undefined]);
    assert.deepEqual([w.seen.alarms, w.seen.answers], [[id], []]);
    assert.equal(await w.minute(), 0);
    assert.equal(await w.reconcilePorts.store.stuck(id), false);
  });

  it("checks every project, whatever happened with the one before", async () => {
    const w = world();
    const ids = [await asked(w), await asked(w, { name: "other" })];
    w.clock.ms += 60_000;
    const { execution } = w.reconcilePorts;
    let first = true;
    w.reconcilePorts.execution = async (name) => {
      if (!first) return execution(name);
      first = false;
      throw new Error("throttled");
    };
    w.aws.execution = "ended";
    const { result, lines } = await logged(() => w.minute());
    assert.deepEqual([result, w.seen.alarms.length], [2, 1]);
    assert.deepEqual(
      lines.map(({ what, message }) => [what, message]),
      [["sweep", "throttled"]],
    );
    assert.ok(ids.includes(w.seen.alarms[0]!));
  });
});
