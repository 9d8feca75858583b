// Pushes as GitHub and GitLab tell of them, at the real API, which asks nobody of them to sign in.
import { strict as assert } from "node:assert";
import { createHmac } from "node:crypto";
import { until } from "../../sandbox/problem";
import {
  ask,
  call,
  failBuild,
  MEMBER,
  NOTHING,
  remains,
  sendMinute,
  settledProject,
  stackDone,
  wish,
} from "./driver";
import { change, record } from "./records";
import { DOMAIN, grant, revoke, Rig, User } from "./rig";
import { sharedRig } from "./shared-rig";
import { leftToAll } from "../left-to-all";

const COMMIT = "1".repeat(40);
const NEWER = "2".repeat(40);

describe("a project's hook on the emulators", function () {
  this.timeout(240_000);
  let rig: Rig;
  before(async function () {
    rig = await sharedRig(this);
  });

  const deliver = async (url: string, headers: Record<string, string>, body: string) => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body,
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const fromGitHub = (url: string, secret: string, content: object, event = "push") => {
    const body = JSON.stringify(content);
    const mac = createHmac("sha256", secret).update(body).digest("hex");
    return deliver(url, { "X-GitHub-Event": event, "X-Hub-Signature-256": `sha256=${mac}` }, body);
  };
  const push = (after: string, branch = "main") => ({
    ref: `refs/heads/${branch}`,
    after,
    pusher: { name: "Zoë" },
  });

  /** Nobody may look at builds meanwhile: whoever does is told so. */
  const building = (id: string) =>
    until(
      "The start of the project's build",
      async () => {
        await stackDone(rig, id).catch(() => undefined);
        return record(rig, id);
      },
      { wanted: ({ step, buildId }) => step === "deliver" && buildId !== undefined, seconds: 60 },
    );

  it("builds each push, the newest after the running build, reports to GitHub, and leaves nothing", async () => {
    const id = await ask(rig, "pushed");
    await settledProject(rig, id);
    const made = await call(rig, MEMBER, "PUT", `/projects/${id}/hook`);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const { url, secret } = made.body as { url: string; secret: string };
    assert.equal(url, `${rig.outputs.apiUrl}/projects/${id}/hook`);

    assert.equal((await fromGitHub(url, "wrong", push(COMMIT))).status, 401);
    assert.equal(
      (await deliver(url, { "X-GitHub-Event": "push" }, JSON.stringify(push(COMMIT)))).status,
      401,
    );
    assert.deepEqual((await fromGitHub(url, secret, { zen: "Keep it simple." }, "ping")).body, {
      ignored: "the event ping: only a push is built",
    });
    assert.match(
      String((await fromGitHub(url, secret, push(COMMIT, "next"))).body["ignored"]),
      /^a push to next/,
    );
    assert.equal((await record(rig, id)).state, "ready");

    // A look that an event asked for may come late, and would find the build done.
    const held = { Effect: "Deny", Action: "codebuild:BatchGetBuilds", Resource: "*" };
    await grant(rig.aws, "reconcile", held, "held");
    assert.deepEqual(await fromGitHub(url, secret, push(COMMIT)), {
      status: 202,
      body: { id, status: `/projects/${id}` },
    });
    assert.equal((await fromGitHub(url, secret, push(COMMIT))).status, 409);
    await building(id);
    const inGitLabsWay = { "X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": secret };
    const waiting = await deliver(url, inGitLabsWay, JSON.stringify(push(NEWER)));
    assert.deepEqual(waiting.body, { id, status: `/projects/${id}`, waits: true });
    assert.equal((await call(rig, MEMBER, "GET", `/projects/${id}`)).body.nextPush.commit, NEWER);

    await revoke(rig.aws, "reconcile", "held");
    const first = await settledProject(rig, id);
    await grant(rig.aws, "reconcile", held, "held");
    assert.deepEqual([first.state, first.nextPush?.commit], ["ready", NEWER]);
    await until(
      "The build of the next push",
      async () => {
        await sendMinute(rig);
        return (await call(rig, MEMBER, "GET", `/projects/${id}`)).body;
      },
      { wanted: ({ state, nextPush }) => state === "updating" && nextPush === undefined, seconds: 30 },
    );
    await building(id);
    await assert.rejects(failBuild(rig, id, "npm ERR! a test failed\n"), /not authorized/); // by whom it tells of the end
    await revoke(rig.aws, "reconcile", "held");
    const failed = await settledProject(rig, id);
    assert.deepEqual([failed.state, failed.failure.step], ["ready", "deliver"]);
    const statuses = rig.sites.asked.filter((one) => one.includes("/repos/example/site/statuses/"));
    assert.deepEqual(
      statuses.map((one) => one.split("/").at(-1)![0]).join(""),
      "1122",
      "not every commit was reported at the start and the end of its build",
    );

    await call(rig, MEMBER, "DELETE", `/projects/${id}`);
    await settledProject(rig, id, { skip: "ready" });
    assert.deepEqual(await remains(rig), NOTHING);
    assert.equal((await fromGitHub(url, secret, push("3".repeat(40)))).status, 401);
  });

  /** Minutes pass until a project is on its way down. */
  const minutesUntilGone = (id: string) =>
    until(
      "The deletion of the preview",
      async () => {
        // As it is a minute later.
        if ((await record(rig, id)).state === "ready") await change(rig, id, { due: "2000-01-01" });
        await sendMinute(rig);
        return record(rig, id);
      },
      { wanted: ({ state }) => state === "deleting" || state === "deleted", seconds: 60 },
    );

  it("previews a branch as a project of its own, which ends with the branch or with its project", async function () {
    leftToAll(this);
    const { asked } = rig.sites;
    const id = await ask(rig, "shown", { previews: true, variables: { GREETING: "hello" } });
    await settledProject(rig, id);
    const { url, secret } = (await call(rig, MEMBER, "PUT", `/projects/${id}/hook`)).body;
    const used = async () => (await call(rig, MEMBER, "GET", "/quota")).body.committed as number;
    const before = await used();

    const { status, body } = await fromGitHub(url, secret, push(COMMIT, "Fix/cart"));
    assert.equal(status, 202, JSON.stringify(body));
    const preview = await settledProject(rig, String(body["id"]));
    const { name, state, branch, environment, previewOf, variables } = preview;
    assert.deepEqual(
      { name, state, branch, environment, previewOf, variables },
      {
        ...{ name: "shown-fix-cart", state: "ready", branch: "Fix/cart", environment: "dev" },
        ...{ previewOf: id, variables: { GREETING: "hello" } },
      },
    );
    assert.ok(asked.some((one) => one.startsWith(`shown-fix-cart-dev.${DOMAIN}`)));
    assert.equal(await used(), before + preview.monthlyPrice);
    const told = asked.filter((one) => one.endsWith(`/statuses/${COMMIT}`)).length;
    const again = await fromGitHub(url, secret, push(NEWER, "Fix/cart"));
    assert.equal(again.body["id"], preview.id);
    await settledProject(rig, preview.id);

    const other = await fromGitHub(url, secret, push(NEWER, "other"));
    await settledProject(rig, String(other.body["id"]));
    const gone = await fromGitHub(url, secret, { ...push("0".repeat(40), "Fix/cart"), deleted: true });
    assert.deepEqual([gone.status, gone.body["ends"]], [202, true]);
    await minutesUntilGone(preview.id);
    await settledProject(rig, preview.id, { skip: "ready" });
    assert.equal((await call(rig, MEMBER, "GET", `/projects/${other.body["id"]}`)).body.state, "ready");
    assert.ok(told >= 2);

    await call(rig, MEMBER, "DELETE", `/projects/${id}`);
    await minutesUntilGone(String(other.body["id"]));
    for (const one of [id, String(other.body["id"])]) await settledProject(rig, one, { skip: "ready" });
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("creates no preview beyond the current quota of the hook's creator, and tells GitHub why", async function () {
    leftToAll(this);
    const poor: User = { email: "poor@example.org", unit: "poor", quota: 1 };
    const made = await call(rig, poor, "POST", "/projects", wish("poor", { previews: true }));
    const { id } = made.body;
    await settledProject(rig, id, { user: poor });
    const { url, secret } = (await call(rig, poor, "PUT", `/projects/${id}/hook`)).body;
    const { body } = await fromGitHub(url, secret, push(COMMIT, "next"));
    assert.equal(
      body["ignored"],
      "a push to next: The project costs 1 USD a month, and 0 are left of the quota.",
    );
    await call(rig, poor, "DELETE", `/projects/${id}`);
    await settledProject(rig, id, { skip: "ready", user: poor });
    assert.deepEqual(await remains(rig), NOTHING);
  });
});
