// What a look at a project does of itself, and what it leaves alone.
import { strict as assert } from "node:assert";
import { ended } from "../../../functions/provisioner/journal";
import { Project } from "../../../functions/provisioner/project";
import { logged } from "../logged";
import { COMMIT, fromGitHub, hooked } from "./git-host";
import {
  asked,
  DAY,
  failedBuild,
  MEMBER,
  ready,
  SITE,
  START,
  time,
  updating,
  World,
  world,
  justBefore,
  last,
  ONE_PROJECT,
} from "./world";

const MINUTE = { source: "aws.scheduler", "detail-type": "x", detail: {} };
const groupOf = (id: string) => ({
  source: "aws.autoscaling",
  "detail-type": "x",
  detail: { AutoScalingGroupName: `gw-${id}-Group-1` },
});
/** A server whose release before is being put back. */
async function goingBack(w: World) {
  w.addresses.set("group-1", "192.0.2.7");
  const id = await ready(w, { type: "realtime", stack: "node" }, { Group: "group-1", Images: "images-1" });
  w.edit(id, { releases: ["i2", "i1"] });
  w.aws.images = ["i1", "i2"];
  await w.call(MEMBER, "POST", `${ONE_PROJECT}/rollback`, { id });
  await w.step("deliver", id, "t-back");
  return id;
}
const answered = (w: World, token: string) => w.seen.answers.filter(([one]) => one === token).length;

describe("a minute's look", () => {
  it("comes by EventBridge's scheduler as well as by a rule of it", async () => {
    const w = world();
    await asked(w);
    w.clock.ms += 60_000;
    assert.equal(await w.reconcile(MINUTE), 1);
  });

  it("starts no execution that runs", async () => {
    const w = world();
    await asked(w);
    const { length } = w.seen.starts;
    w.clock.ms += 60_000;
    await w.minute();
    assert.equal(w.seen.starts.length, length);
  });

  it("freezes what has expired first, however late it comes", async () => {
    const w = world();
    const id = await ready(w);
    w.clock.ms = START + 60 * DAY;
    await w.minute();
    assert.deepEqual([w.record(id)!.state, w.record(id)!.change], ["updating", { frozen: true }]);
  });

  it("warns of an end in the very minute in which it is near, and never of what is frozen", async () => {
    const w = world();
    const id = await ready(w);
    w.seen.mails.length = 0;
    w.clock.ms = START + 23 * DAY;
    await w.minute();
    assert.equal(w.seen.mails.length, 1);
    w.edit(id, { state: "frozen", warned: false, due: time(0) });
    w.clock.ms = START + 31 * DAY;
    await w.minute();
    assert.deepEqual([w.seen.mails.length, w.record(id)!.state], [1, "frozen"]);
  });

  it("takes a project down without a change to it", async () => {
    const w = world();
    const id = await failedBuild(w);
    w.clock.ms += DAY;
    await w.minute();
    assert.deepEqual([w.record(id)!.state, w.record(id)!.change], ["deleting", undefined]);
  });

  it("deletes a preview in the minute in which its time is over, or where nobody knows that", async () => {
    for (const expiresAt of [time(DAY), undefined]) {
      const w = world();
      const of = await ready(w, { previews: true });
      const { id } = (await fromGitHub(w, of, await hooked(w, of), { ref: "refs/heads/next", after: COMMIT }))
        .body;
      w.edit(id, { state: "ready", quota: "committed", expiresAt, due: time(0) });
      w.clock.ms = START + DAY - 1;
      if (expiresAt) {
        await w.minute();
        assert.equal(w.record(id)!.state, "ready");
        w.edit(id, { due: time(0) });
      }
      w.clock.ms = START + DAY;
      await w.minute();
      assert.deepEqual([w.record(id)!.state, w.record(id)!.run.action], ["deleting", "delete"]);
    }
  });
});

describe("a look at a build", () => {
  it("writes nothing while the build goes on as before", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true });
    await w.step("deliver", id, "t");
    w.aws.build = { status: "running", reason: "" };
    w.reconcilePorts.store.note = () => assert.fail("was written");
    await w.look(id);
  });

  it("asks for no log that there is none of", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true });
    await w.step("deliver", id, "t");
    w.aws.build = { status: "failed", reason: "No." };
    await w.look(id);
    assert.deepEqual([w.seen.tails, w.record(id)!.failure!.reason], [[], "No."]);
  });

  it("says in the log that a build's log cannot be read", async () => {
    const w = world();
    w.aws.broken.add("logTail");
    const { lines } = await logged(() => failedBuild(w));
    assert.deepEqual(
      lines.map(({ what, message }) => [what, message]),
      [["log tail", "logTail is broken"]],
    );
  });

  it("takes no servers for a release that nobody put back", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true });
    w.stacks.get(`gw-${id}`)!.outputs = { ...SITE, Group: "group-1" };
    w.aws.replacing = "done";
    await w.step("deliver", id, "t");
    w.edit(id, { buildId: undefined });
    await w.look(id);
    assert.equal(answered(w, "t"), 0);
  });
});

describe("a look at servers that are replaced", () => {
  it("waits where the stack names none, or is not to be seen", async () => {
    const w = world();
    const id = await goingBack(w);
    w.aws.replacing = "done";
    w.stacks.get(`gw-${id}`)!.outputs = {};
    await w.look(id);
    w.stacks.clear();
    await w.look(id);
    assert.equal(answered(w, "t-back"), 0);
  });
});

describe("an event of a group", () => {
  it("has a project that waits for its servers looked at", async () => {
    const w = world();
    w.addresses.set("group-1", "192.0.2.7");
    const id = await ready(w, { type: "realtime", stack: "node" }, { Group: "group-1" });
    await w.call(MEMBER, "PATCH", ONE_PROJECT, { id, body: { rebuild: true } });
    w.aws.problem = "it is down";
    await w.step("serve", id, "t-again");
    assert.equal(answered(w, "t-again"), 0);
    w.aws.problem = undefined;
    await w.reconcile(groupOf(id));
    assert.equal(answered(w, "t-again"), 1);
  });

  it("says in the log what a name could not be led to", async () => {
    const w = world();
    w.addresses.set("group-1", "192.0.2.7");
    const id = await ready(w, { type: "realtime", stack: "node" }, { Group: "group-1" });
    w.foreign.add("shop-dev.projects.example.org");
    const { lines } = await logged(() => w.reconcile(groupOf(id)));
    assert.deepEqual(
      lines.map(({ what, project }) => [what, project]),
      [["follow", id]],
    );
  });
});

describe("the end of a step", () => {
  it("is its beginning, too, where nobody wrote that down", () => {
    const now = () => new Date(START);
    const done = ended({ now }, { stages: {} } as Project, "serve", { ok: true });
    assert.deepEqual(done, { state: "done", at: time(0), endedAt: time(0) });
  });

  it("that failed is told as that", async () => {
    const w = world();
    const id = await asked(w);
    w.aws.createAnswer = { refused: "no room" };
    await w.step("create", id, "t");
    const { stage, state, reason } = last(w.seen.events);
    assert.deepEqual([stage, state, reason], ["create", "failed", "no room"]);
  });

  it("takes a stack back of a project that is gone meanwhile", async () => {
    const w = world();
    const id = await asked(w);
    const { create } = w.stepPorts.stacks;
    w.stepPorts.stacks.create = async (request) => {
      const made = await create(request);
      w.dynamo.items.delete(`project#${id}`);
      return made;
    };
    await w.step("create", id, "t");
    assert.deepEqual(w.seen.removed, [`gw-${id}`]);
  });

  it("is answered to nobody where nobody waits", async () => {
    const w = world();
    const id = await asked(w);
    justBefore(w.stepPorts.store, "commit", () => void w.edit(id, { cancel: true }));
    await w.step("finish", id);
    assert.deepEqual(w.seen.answers, []);
  });
});
