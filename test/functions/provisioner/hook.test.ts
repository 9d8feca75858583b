import { strict as assert } from "node:assert";
import { pushIn } from "../../../functions/provisioner/push";
import { some } from "../../some";
import { logged } from "../logged";
import { COMMIT, fromGitHub, HOOK, hooked, NEWER, NOBODY, push, signed } from "./git-host";
import { ADMIN, asked, MEMBER, ready, serve, time, updating, world } from "./world";

describe("a project's hook", () => {
  it("is made with a secret that is shown once and kept in the vault, and goes with the project", async () => {
    const w = world();
    const id = await ready(w);
    const before = w.secrets.size;
    const secret = await hooked(w, id);
    assert.equal(w.secrets.size, before + 1);
    const { body } = await w.call(MEMBER, "GET", "/projects/{id}", { id });
    assert.deepEqual(body.hook, { at: time(0), by: MEMBER.email });
    assert.doesNotMatch(JSON.stringify([body, w.record(id), w.seen]), new RegExp(secret));
    await w.call(MEMBER, "DELETE", "/projects/{id}", { id });
    await w.step("undo reserve", id);
    assert.equal(w.secrets.size, 0);
    assert.equal((await fromGitHub(w, id, secret)).status, 401);
    assert.equal((await w.call(MEMBER, "PUT", HOOK, { id })).body.code, "busy");
  });

  it("made anew takes the place of the one before", async () => {
    const w = world();
    const id = await ready(w);
    const first = await hooked(w, id);
    const { size } = w.secrets;
    const second = await hooked(w, id);
    assert.equal(w.secrets.size, size);
    assert.equal((await fromGitHub(w, id, first)).status, 401);
    assert.equal((await fromGitHub(w, id, second)).status, 202);
  });

  it("is taken away, and is then as one that never was", async () => {
    const w = world();
    const id = await ready(w);
    const secret = await hooked(w, id);
    const { size } = w.secrets;
    assert.equal((await w.call(MEMBER, "DELETE", HOOK, { id })).status, 200);
    assert.equal(w.secrets.size, size - 1);
    assert.equal((await fromGitHub(w, id, secret)).status, 401);
    assert.equal((await w.call(MEMBER, "DELETE", HOOK, { id })).status, 404);
  });

  it("is made by nobody of another unit", async () => {
    const w = world();
    const id = await ready(w);
    const stranger = { ...MEMBER, sub: "s-other", unit: "ct2" };
    for (const method of some(["PUT", "DELETE"]))
      assert.equal((await w.call(stranger, method, HOOK, { id })).status, 404);
  });
});

describe("a push", () => {
  it("starts a build of its commit, which is told beside the releases", async () => {
    const w = world();
    w.addresses.set("group-1", "192.0.2.7");
    w.aws.image = "i1";
    const server = { type: "realtime", stack: "node" };
    const id = await ready(w, server, { Group: "group-1", Images: "images-1", Scheme: "http" });
    const secret = await hooked(w, id);
    const { status, body } = await fromGitHub(w, id, secret);
    assert.deepEqual([status, body], [202, { id, status: `/projects/${id}` }]);
    const { state, run, change } = w.record(id)!;
    assert.deepEqual([state, change], ["updating", { rebuild: true, commit: COMMIT }]);
    assert.deepEqual([run.approval, run.by], [false, { sub: MEMBER.sub, email: MEMBER.email }]);
    assert.equal(w.seen.starts.at(-1)![0], run.name);
    await w.step("update", id, "t-up");
    await w.step("deliver", id, "t-build");
    assert.equal(w.seen.told.at(-1)!["COMMIT"], COMMIT);
    w.aws.image = "i2";
    w.aws.build = { status: "done", reason: "", commit: COMMIT };
    await w.look(id);
    await serve(w, id);
    await w.step("finish", id);
    const now = (await w.call(MEMBER, "GET", "/projects/{id}", { id })).body;
    assert.deepEqual([now.state, now.commit, now.releases], ["ready", COMMIT, ["i2", "i1"]]);
    assert.deepEqual(now.commits, { i2: COMMIT });
  });

  it("of GitLab, and of GitHub as a form, is taken just so", async () => {
    const w = world();
    const id = await ready(w);
    const secret = await hooked(w, id);
    const headers = { "x-gitlab-event": "Push Hook", "x-gitlab-token": secret };
    const body = JSON.stringify(push({ object_kind: "push", checkout_sha: COMMIT }));
    assert.equal((await w.call(NOBODY, "POST", HOOK, { id, body, headers })).status, 202);
    const other = world();
    const one = await ready(other);
    const key = await hooked(other, one);
    const form = new URLSearchParams({ payload: JSON.stringify(push()) }).toString();
    const more = { ...signed(key, form), "content-type": "application/x-www-form-urlencoded" };
    assert.equal(
      (await other.call(NOBODY, "POST", HOOK, { id: one, body: form, headers: more })).status,
      202,
    );
    assert.equal(other.record(one)!.change!.commit, COMMIT);
  });

  it("is refused, and nothing of it done, where it is not signed with the project's secret", async () => {
    const w = world();
    const id = await ready(w);
    const secret = await hooked(w, id);
    const other = await ready(w, { name: "other" });
    const body = JSON.stringify(push());
    const right = signed(secret, body);
    const wrong: [what: string, headers: Record<string, string>, to?: string, body?: string][] = [
      ["unsigned", { "X-GitHub-Event": "push" }],
      ["another secret", signed("0".repeat(64), body)],
      ["another body", right, id, JSON.stringify(push({ after: NEWER }))],
      ["cut off", { ...right, "X-Hub-Signature-256": right["X-Hub-Signature-256"].slice(0, -1) }],
      ["an older signature", { "X-GitHub-Event": "push", "X-Hub-Signature": right["X-Hub-Signature-256"] }],
      ["no token", { "X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": "" }],
      ["another token", { "X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": `${secret}0` }],
      ["a wrong signature beside the token", { ...signed("x", body), "X-Gitlab-Token": secret }],
      ["a project without a hook", right, other],
      ["no project", right, "aaaaaaaaaa"],
      ["no project's id", right, "../quota"],
    ];
    for (const [what, headers, to = id, sent = body] of some(wrong)) {
      const answer = await w.call(NOBODY, "POST", HOOK, { id: to, body: sent, headers });
      assert.deepEqual([answer.status, answer.body.code], [401, "signature"], what);
      assert.equal(answer.body.message, "This is not signed with the secret of a project's hook.", what);
    }
    assert.deepEqual([w.record(id)!.state, w.record(other)!.state], ["ready", "ready"]);
  });

  it("is taken once, whoever sends it again, and again when it could not be taken", async () => {
    const w = world();
    const id = await ready(w);
    const secret = await hooked(w, id);
    const { move } = w.pushPorts.store;
    w.pushPorts.store.move = () => Promise.reject(new Error("DynamoDB is busy"));
    const { result } = await logged(() => fromGitHub(w, id, secret));
    assert.equal(result.status, 503);
    w.pushPorts.store.move = move;
    assert.equal((await fromGitHub(w, id, secret)).status, 202);
    const again = await fromGitHub(w, id, secret, push(), { "X-GitHub-Delivery": "another" });
    assert.deepEqual([again.status, again.body.code], [409, "repeated"]);
    assert.equal(w.record(id)!.nextPush, undefined);
  });

  it("of another branch, of a tag, or another event is answered with what was ignored", async () => {
    const w = world();
    const id = await ready(w);
    const secret = await hooked(w, id);
    const ignored = async (content: object, more: object = {}) => {
      const { status, body } = await fromGitHub(w, id, secret, content, more);
      assert.equal(status, 200);
      return body.ignored;
    };
    assert.equal(
      await ignored(push({ ref: "refs/heads/next" })),
      "a push to next: this project is built from main",
    );
    assert.equal(
      await ignored(push({ ref: "refs/tags/v1" })),
      "a push of refs/tags/v1: only branches are built",
    );
    assert.equal(
      await ignored({ zen: "x" }, { "X-GitHub-Event": "ping" }),
      "the event ping: only a push is built",
    );
    assert.equal(await ignored(push({ deleted: true })), "the branch main was deleted");
    assert.equal(await ignored(push({ after: "0".repeat(40) })), "the branch main was deleted");
    assert.equal(w.record(id)!.state, "ready");
    for (const content of some([
      {},
      push({ ref: 1 }),
      push({ after: "--upload-pack=x" }),
      push({ after: "abc" }),
    ]))
      assert.equal((await fromGitHub(w, id, secret, content)).status, 400, JSON.stringify(content));
  });

  it("waits for what runs, the newest in place of an older one, and is then built by itself", async () => {
    const w = world();
    const id = await updating(w, { rebuild: true });
    const secret = await hooked(w, id);
    await w.step("update", id, "t-up");
    await w.step("deliver", id, "t-build");
    for (const after of some([COMMIT, NEWER]))
      assert.deepEqual((await fromGitHub(w, id, secret, push({ after }))).body.waits, true);
    assert.deepEqual(w.record(id)!.nextPush, { commit: NEWER, at: time(0) });
    await w.look(id);
    await serve(w, id);
    await w.step("finish", id);
    assert.equal(w.record(id)!.state, "ready");
    w.clock.ms += 60_000;
    await w.minute();
    const { state, change, run, nextPush } = w.record(id)!;
    assert.deepEqual([state, change, nextPush], ["updating", { rebuild: true, commit: NEWER }, undefined]);
    assert.deepEqual(run.by, { sub: MEMBER.sub, email: MEMBER.email });
    assert.deepEqual(w.seen.starts.at(-1), [run.name, { id, action: "update", approval: false }]);
  });

  it("that waits is built after a build that failed, of a new project as well", async () => {
    const w = world();
    const id = await asked(w);
    const secret = await hooked(w, id);
    assert.equal((await fromGitHub(w, id, secret)).body.waits, true);
    await w.step("create", id, "t-create");
    await w.step("hold", id);
    assert.equal(w.record(id)!.state, "failed");
    w.clock.ms += 60_000;
    await w.minute();
    assert.deepEqual([w.record(id)!.state, w.record(id)!.change!.commit], ["updating", COMMIT]);
  });

  it("is ignored by a project that is frozen, also when it was frozen meanwhile", async () => {
    const w = world();
    const id = await ready(w);
    const secret = await hooked(w, id);
    w.edit(id, { state: "frozen" });
    assert.equal((await fromGitHub(w, id, secret)).body.ignored, "the push: the project is frozen");
    w.edit(id, { nextPush: { commit: COMMIT, at: time(0) }, due: time(0) });
    w.clock.ms += 60_000;
    await w.minute();
    assert.deepEqual([w.record(id)!.state, w.record(id)!.nextPush], ["frozen", undefined]);
  });

  it("waits for approval where an update does, and not for that of whoever made the hook", async () => {
    const w = world({ automatic: [] });
    const id = await ready(w);
    const secret = await hooked(w, id, ADMIN);
    assert.equal((await fromGitHub(w, id, secret)).status, 202);
    assert.equal(w.record(id)!.run.approval, true);
    await w.step("approve", id, "t-yes");
    assert.match(w.seen.mails.at(-1)!.text, new RegExp(`The commit ${COMMIT} would be built\\.`));
    const own = await w.call(ADMIN, "POST", "/projects/{id}/decision", { id, body: { decision: "approve" } });
    assert.equal(own.body.code, "own");
  });
});

describe("what another names", () => {
  it("is shown without what could be taken for something else", () => {
    const headers = { "X-GitHub-Event": '<img src="x">\n' };
    assert.deepEqual(pushIn({ headers, body: "{}" }), {
      ignored: "the event ?img src??x???: only a push is built",
    });
    assert.deepEqual(pushIn({ headers: {}, body: "{}" }), {
      ignored: "the event without a name: only a push is built",
    });
  });
});

describe("a commit's status on GitHub", () => {
  const told = async (change: object, address = "https://github.com/team/shop.git", fails = false) => {
    const w = world();
    const id = await ready(w, { repository: address });
    const secret = await hooked(w, id);
    await fromGitHub(w, id, secret, push(change));
    await w.step("update", id, "t-up");
    await w.step("deliver", id, "t-build");
    w.aws.build = fails
      ? { status: "failed", reason: "No." }
      : { status: "done", reason: "", commit: COMMIT };
    await w.look(id);
    if (fails) await w.step("keep", id);
    else {
      await serve(w, id);
      await w.step("finish", id);
    }
    const target = `https://www.example.org/console?project=${id}`;
    return w.seen.commits.map(([arn, { target: at, description, ...status }]) => {
      assert.deepEqual([at, arn, description.length > 0], [target, w.record(id)!.secretArn, true]);
      return status;
    });
  };
  const of = (state: string, repository = "team/shop") => ({
    ...{ repository, commit: COMMIT, state },
    context: "groundwork",
  });

  it("is told when its build begins, and how it ends", async () => {
    assert.deepEqual(await told({}), [of("pending"), of("success")]);
    assert.deepEqual(await told({}, "git@github.com:team/shop.git", true), [of("pending"), of("failure")]);
  });

  it("is told of no repository elsewhere, nor of a commit that nobody knows", async () => {
    assert.deepEqual(await told({}, "https://gitlab.com/team/shop"), []);
    assert.deepEqual(await told({}, "https://github.com.example.org/team/shop"), []);
    const w = world();
    await ready(w, { repository: "https://github.com/team/shop" });
    assert.deepEqual(w.seen.commits, []);
  });

  it("stops nothing when it cannot be told", async () => {
    const w = world();
    const id = await ready(w, { repository: "https://github.com/team/shop" });
    const secret = await hooked(w, id);
    await fromGitHub(w, id, secret);
    w.aws.broken.add("showCommit");
    await w.step("update", id, "t-up");
    const { lines, result } = await logged(() => w.step("deliver", id, "t-build"));
    assert.deepEqual(result, { ok: true });
    assert.deepEqual(
      lines.map(({ what }) => what),
      ["commit status"],
    );
  });
});
