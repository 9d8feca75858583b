// What the record says of releases, and when one is put back.
import { strict as assert } from "node:assert";
import { logged } from "../logged";
import { COMMIT, fromGitHub, hooked } from "./git-host";
import { ADMIN, MEMBER, ready, updating, World, world, ONE_PROJECT } from "./world";

const SERVER = { type: "realtime", stack: "node" };

/** A server, of which the release before is asked for. */
async function goingBack(w: World) {
  w.addresses.set("group-1", "192.0.2.7");
  const id = await ready(w, SERVER, { Group: "group-1", Images: "images-1" });
  w.edit(id, { releases: ["i2", "i1"] });
  w.aws.images = ["i1", "i2"];
  await w.call(MEMBER, "POST", `${ONE_PROJECT}/rollback`, { id });
  return id;
}

describe("the record of what serves", () => {
  it("forgets the commit before where nobody knows what a new build is of", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true });
    w.edit(id, { commit: "old", buildId: "build-2", built: undefined });
    await w.step("finish", id);
    assert.equal(w.record(id)!.commit, undefined);
  });

  it("is written though its stack is gone, and says nothing of that", async () => {
    const w = world();
    const id = await updating(w, { email: "new@example.org" });
    w.stacks.clear();
    const { result, lines } = await logged(() => w.step("finish", id));
    assert.deepEqual([result, lines], [{ ok: true }, []]);
  });

  it("is written though nobody can ask what runs, and the log says so", async () => {
    const w = world();
    w.addresses.set("group-1", "192.0.2.7");
    w.aws.broken.add("current");
    const { result: id, lines } = await logged(() =>
      ready(w, SERVER, { Group: "group-1", Images: "images-1" }),
    );
    assert.deepEqual([w.record(id)!.state, w.record(id)!.releases], ["ready", undefined]);
    assert.deepEqual(
      lines.map(({ what, message }) => [what, message]),
      [["release", "current is broken"]],
    );
  });
});

describe("putting a release back", () => {
  it("fails where the stack names no images, or no servers", async () => {
    for (const outputs of [{}, { Group: "group-1" }, { Images: "images-1" }]) {
      const w = world();
      const id = await goingBack(w);
      w.stacks.get(`gw-${id}`)!.outputs = outputs as Record<string, string>;
      assert.equal((await w.step("deliver", id, "t")).ok, false);
      assert.deepEqual(w.seen.restored, []);
    }
  });

  it("is no answer to a deletion that was not approved, nor to an update that changes nothing", async () => {
    const w = world();
    const id = await ready(w, { environment: "prod", type: "cms", stack: "ghost" });
    w.edit(id, { releases: ["r1"], published: "r2" });
    await w.call(MEMBER, "DELETE", ONE_PROJECT, { id });
    await w.step("approve", id, "t");
    const body = { decision: "reject" };
    await w.call({ ...ADMIN, amr: "mfa" }, "POST", `${ONE_PROJECT}/decision`, { id, body });
    await w.step("keep", id);
    assert.equal(w.record(id)!.state, "ready");
    const other = await updating(w, { rebuild: true }, { name: "other" });
    w.edit(other, { change: undefined });
    assert.deepEqual(await w.step("keep", other), { ok: true });
  });
});

describe("a push to what rests", () => {
  const push = { ref: "refs/heads/main", after: COMMIT };

  it("is built at once, and waits in no line", async () => {
    const w = world();
    const id = await ready(w);
    const secret = await hooked(w, id);
    w.pushPorts.store.queuePush = () => assert.fail("was asked");
    assert.equal((await fromGitHub(w, id, secret, push)).status, 202);
  });

  it("is built where the project came to rest between the two looks, or told what the project is now", async () => {
    for (const [state, status] of [
      ["ready", 202],
      ["frozen", 200],
    ] as const) {
      const w = world();
      const id = await ready(w);
      const secret = await hooked(w, id);
      w.edit(id, { state: "updating" });
      w.pushPorts.store.queuePush = async () => {
        w.edit(id, { state });
        return false;
      };
      const answer = await fromGitHub(w, id, secret, push);
      assert.equal(answer.status, status);
      if (status === 200) assert.match(answer.body.ignored, /the project is frozen/);
    }
  });
});
