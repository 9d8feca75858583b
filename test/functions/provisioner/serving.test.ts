import { strict as assert } from "node:assert";
import { logged } from "../logged";
import { asked, MEMBER, ready, serve, SITE, updating, World, world, last } from "./world";

const ok = { ok: true };
const MINUTE = 60_000;
const server = { type: "realtime", stack: "node" };
const GROUP = { Group: "group-1", Scheme: "http" };
const BALANCED = {
  ...GROUP,
  Scheme: "https",
  Target: "lb.example.com",
  TargetZone: "Z2",
  TargetGroup: "arn:targets",
};

/** A project that is built, and whose stack says this of itself. */
async function built(w: World, more: object = {}, outputs: Record<string, string> = SITE): Promise<string> {
  const id = await asked(w, more);
  await w.step("create", id, "t-create");
  Object.assign(w.stacks.get(`gw-${id}`)!, { status: "CREATE_COMPLETE", outputs });
  return id;
}

/** What its state machine was told of it, if anything. */
const told = (w: World) =>
  w.seen.answers.filter(([token]) => token === "t-serve").map(([, result]) => result);

describe("the check whether a project serves", () => {
  it("requests the address from its stack, with its own name and health path", async () => {
    const w = world();
    const id = await built(w, { healthPath: "/health?deep=1" });
    await serve(w, id);
    const host = "https://shop-dev.projects.example.org";
    assert.deepEqual(w.seen.probes, [[`${host}/health?deep=1`, "d1.cloudfront.net"]]);
    assert.deepEqual(told(w), [ok]);
    assert.equal(w.record(id)!.url, host);
    assert.deepEqual([...w.names.values()], [{ name: "d1.cloudfront.net", zone: "Z1" }]);
  });

  it("requests `/` by default", async () => {
    const w = world({ domain: "" });
    await serve(w, await built(w));
    assert.deepEqual(w.seen.probes, [["https://d1.cloudfront.net/", "d1.cloudfront.net"]]);
  });

  it("waits while it does not answer, and continues as soon as it does", async () => {
    const w = world();
    const id = await built(w);
    w.aws.problem = "https://shop-dev.projects.example.org/ answers 503";
    await serve(w, id);
    for (let minute = 1; minute < 30; minute++) {
      w.clock.ms += MINUTE;
      await w.minute();
    }
    assert.deepEqual(told(w), []);
    w.aws.problem = undefined;
    w.clock.ms += MINUTE / 2;
    await w.look(id);
    assert.deepEqual(told(w), [ok]);
  });

  it("says after half an hour what it got instead", async () => {
    const w = world();
    const id = await built(w);
    w.aws.problem = "https://shop-dev.projects.example.org/ answers 503";
    await serve(w, id);
    w.clock.ms += 30 * MINUTE;
    await w.look(id);
    const reason = `It was built, but does not serve after 30 minutes: ${w.aws.problem}.`;
    assert.deepEqual(told(w), [{ ok: false, code: "serve", reason }]);
    assert.deepEqual(w.record(id)!.failure, { step: "serve", code: "serve", reason });
  });

  it("also waits for the load balancer's health check, if there is one", async () => {
    const w = world();
    const id = await built(w, { ...server, environment: "stag" }, BALANCED);
    w.aws.healthy = false;
    await serve(w, id);
    assert.deepEqual([w.seen.healths, told(w)], [["arn:targets"], []]);
    w.clock.ms += MINUTE;
    w.aws.healthy = true;
    await w.look(id);
    assert.deepEqual(told(w), [ok]);
  });

  it("points a single server's name to its machine, and waits for one that is still starting", async () => {
    const w = world();
    const id = await built(w, server, GROUP);
    await serve(w, id);
    assert.deepEqual([w.names.size, w.seen.probes, told(w)], [0, [], []]);
    w.addresses.set("group-1", "192.0.2.7");
    await w.reconcile({
      source: "aws.autoscaling",
      "detail-type": "EC2 Instance Launch Successful",
      detail: { AutoScalingGroupName: `gw-${id}-Group-1` },
    });
    assert.deepEqual([...w.names.values()], [{ address: "192.0.2.7" }]);
    assert.deepEqual(w.seen.probes, [["http://shop-dev.projects.example.org/", "192.0.2.7"]]);
    assert.deepEqual(told(w), [ok]);
  });

  it("ignores a target without its zone", async () => {
    const w = world();
    await serve(w, await built(w, {}, { Target: "d1.cloudfront.net" }));
    assert.deepEqual([w.seen.probes, told(w)], [[], []]);
  });

  it("waits as long for Route 53, and then says that it could not be asked", async () => {
    const w = world();
    const id = await built(w);
    w.aws.broken.add("point");
    const first = await logged(() => serve(w, id));
    assert.deepEqual(
      first.lines.map(({ what, message }) => [what, message]),
      [["serve", "point is broken"]],
    );
    w.clock.ms += 30 * MINUTE;
    await logged(() => w.look(id));
    assert.match(JSON.stringify(told(w)), /does not serve after 30 minutes: it could not be asked\./);
  });

  it("ends at once if the name now points to something else", async () => {
    const w = world();
    const id = await built(w);
    w.foreign.add("shop-dev.projects.example.org");
    await serve(w, id);
    const reason = "The name shop-dev.projects.example.org is taken.";
    assert.deepEqual(told(w), [{ ok: false, code: "domain", reason }]);
    assert.deepEqual(w.seen.probes, []);
  });

  it("requests nothing for a change that no visitor sees, even while the project is down", async () => {
    for (const [change, probes] of [
      [{ email: "other@example.org" }, 0],
      [{ extend: true, email: "other@example.org" }, 0],
      [{ branch: "next" }, 1],
      [{ healthPath: "/up" }, 1],
      [{ rebuild: true }, 1],
    ] as const) {
      const w = world();
      const id = await updating(w, change);
      w.seen.probes.length = 0;
      w.aws.problem = "down";
      await serve(w, id);
      assert.equal(w.seen.probes.length, probes, JSON.stringify(change));
    }
  });

  it("checks a thawed project", async () => {
    const w = world();
    const id = await ready(w);
    w.edit(id, { state: "frozen", frozen: true });
    await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { extend: true } });
    w.seen.probes.length = 0;
    await serve(w, id);
    assert.equal(w.seen.probes.length, 1);
  });

  it("requests the new path of an update, before it is the project's own", async () => {
    const w = world();
    const id = await updating(w, { healthPath: "/up" });
    await serve(w, id);
    assert.equal(last(w.seen.probes)[0], "https://shop-dev.projects.example.org/up");
    await w.step("finish", id);
    assert.equal(w.record(id)!.healthPath, "/up");
  });
});
