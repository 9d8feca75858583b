import { strict as assert } from "node:assert";
import { some } from "../../some";
import { COMMIT, fromGitHub, HOOK, hooked, NEWER, push } from "./git-host";
import { ADMIN, asked, DAY, MEMBER, ready, serve, SITE, time, World, world } from "./world";

const GITHUB = "https://github.com/team/shop";
const GROUP = { Group: "group-1", Images: "images-1", Scheme: "http" };

const onBranch = (branch: string, more: object = {}) => push({ ref: `refs/heads/${branch}`, ...more });

/** A project that shows its branches. */
async function showing(w: World, more: object = {}, outputs?: Record<string, string>) {
  const id = await ready(w, { repository: GITHUB, previews: true, ...more }, outputs);
  return { id, secret: await hooked(w, id) };
}

/** Pushes to a branch, and gives what was answered. */
async function pushed(w: World, { id, secret }: { id: string; secret: string }, branch = "next", more = {}) {
  return (await fromGitHub(w, id, secret, onBranch(branch, more))).body as Record<string, string>;
}

/** Brings a preview up. */
async function up(w: World, id: string, commit = COMMIT) {
  await w.step("create", id, "t-create");
  Object.assign(w.stacks.get(`gw-${id}`)!, { status: "CREATE_COMPLETE", outputs: SITE });
  await w.look(id);
  await w.step("deliver", id, "t-deliver");
  w.aws.build = { status: "done", reason: "", commit };
  await w.look(id);
  await serve(w, id);
  await w.step("finish", id);
}

const statuses = (w: World) =>
  w.seen.commits.map(([, { state, description, target, context }]) => ({
    ...{ state, description, target, context },
  }));

describe("a preview", () => {
  it("is a dev project of the branch, with its project's content and a secret of its own, and is built of the pushed commit", async () => {
    const w = world();
    const of = await showing(w, { environment: "stag", folder: "out", variables: { GREETING: "hello" } });
    assert.equal(w.record(of.id)!.state, "ready");
    const { id, status } = await pushed(w, of);
    assert.equal(status, `/projects/${id}`);
    const preview = w.record(id!)!;
    const { name, environment, branch, host, previewOf, folder, variables, unit, email } = preview;
    assert.deepEqual(
      { name, environment, branch, host, previewOf, folder, variables, unit, email },
      {
        ...{ name: "shop-next", environment: "dev", branch: "next", host: "shop-next-dev" },
        ...{ previewOf: of.id, folder: "out", variables: { GREETING: "hello" } },
        ...{ unit: "ct1", email: "team@example.org" },
      },
    );
    assert.deepEqual([preview.run.approval, preview.owner, preview.hook], [false, MEMBER.sub, undefined]);
    assert.notEqual(preview.secretArn, w.record(of.id)!.secretArn);
    assert.deepEqual(w.secrets.get(preview.secretArn), { accessToken: "t0ken", privateKey: "" });
    await up(w, id!);
    assert.equal(w.seen.told.at(-1)!["COMMIT"], COMMIT);
    const now = (await w.call(MEMBER, "GET", "/projects/{id}", { id })).body;
    assert.deepEqual(
      [now.state, now.commit, now.previewOf, now.expiresAt, now.url, now.monthlyPrice],
      ["ready", COMMIT, of.id, time(3 * DAY), "https://shop-next-dev.projects.example.org", 1],
    );
    assert.equal(w.record(id!)!.due, time(40_000));
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 250, reserved: 0 });
  });

  it("shows its address at the commit, in a separate status", async () => {
    const w = world();
    const of = await showing(w);
    const { id } = await pushed(w, of);
    await up(w, id!);
    const page = (one: string) => `https://www.example.org/console?project=${one}`;
    const told = { context: "groundwork/preview" };
    assert.deepEqual(statuses(w), [
      { state: "pending", description: "Its preview is being built.", target: page(of.id), ...told },
      { state: "pending", description: "Its preview is being built.", target: page(id!), ...told },
      {
        ...{ state: "success", description: "Its preview serves.", ...told },
        target: "https://shop-next-dev.projects.example.org",
      },
    ]);
  });

  it("is rebuilt by the next push, which also extends its life", async () => {
    const w = world();
    const of = await showing(w);
    const { id } = await pushed(w, of);
    await up(w, id!);
    w.clock.ms += DAY;
    const again = await pushed(w, of, "next", { after: NEWER });
    assert.equal(again["id"], id);
    const { state, change, expiresAt, run } = w.record(id!)!;
    assert.deepEqual(
      [state, change, expiresAt],
      ["updating", { rebuild: true, commit: NEWER }, time(4 * DAY)],
    );
    assert.deepEqual(run.by, { sub: MEMBER.sub, email: MEMBER.email });
    const waits = await pushed(w, of, "next", { after: "c".repeat(40) });
    assert.deepEqual([waits["waits"], w.record(id!)!.nextPush!.commit], [true, "c".repeat(40)]);
  });

  it("is deleted with its branch, on GitHub and on GitLab, and frees its name", async () => {
    for (const gone of some([{ deleted: true }, { after: "0".repeat(40) }])) {
      const w = world();
      const of = await showing(w);
      const { id } = await pushed(w, of);
      await up(w, id!);
      assert.deepEqual(await pushed(w, of, "next", gone), { id, status: `/projects/${id}`, ends: true });
      w.clock.ms += 1000;
      await w.minute();
      assert.deepEqual([w.record(id!)!.state, w.record(id!)!.run.approval], ["deleting", false]);
      assert.equal(
        (await pushed(w, of, "next", { after: NEWER }))["ignored"],
        "the push: the project is deleting",
      );
      await w.step("undo reserve", id!);
      assert.equal(w.record(of.id)!.state, "ready");
      assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 100, reserved: 0 });
      assert.equal((await pushed(w, of, "other", gone))["ignored"], "the branch other was deleted");
      const next = await pushed(w, of, "next", { after: "c".repeat(40) });
      assert.notEqual(next["id"], id);
      assert.equal(w.record(next["id"]!)!.name, "shop-next");
    }
  });

  it("stays if its branch was pushed again before the check", async () => {
    const w = world();
    const of = await showing(w);
    const { id } = await pushed(w, of);
    await up(w, id!);
    await pushed(w, of, "next", { deleted: true });
    await pushed(w, of, "next", { after: NEWER });
    w.clock.ms += 1000;
    await w.minute();
    assert.deepEqual([w.record(id!)!.state, w.record(id!)!.branchGone], ["updating", undefined]);
  });

  it("is deleted with its project, with the setting, and after its time", async () => {
    const ends: [string, (w: World, of: string) => unknown][] = [
      ["project deleted", (w, of) => w.call(MEMBER, "DELETE", "/projects/{id}", { id: of })],
      ["project over", (w, of) => w.edit(of, { state: "deleted" })],
      ["project forgotten", (w, of) => w.dynamo.items.delete(`project#${of}`)],
      ["another repository", (w, of) => w.edit(of, { repository: "https://github.com/team/other" })],
      ["turned off", (w, of) => w.edit(of, { previews: false })],
      ["time", (w) => (w.clock.ms += 3 * DAY)],
    ];
    for (const [what, end] of some(ends)) {
      const w = world();
      const of = await showing(w);
      const { id } = await pushed(w, of);
      await up(w, id!);
      w.clock.ms += 120_000;
      await w.minute();
      assert.equal(w.record(id!)!.state, "ready", what);
      await end(w, of.id);
      w.clock.ms += 120_000;
      await w.minute();
      assert.equal(w.record(id!)!.state, "deleting", what);
      assert.deepEqual(
        w.seen.mails.filter(({ subject }) => /expires|frozen/.test(subject)),
        [],
        what,
      );
    }
  });

  it("is checked every minute even if it failed, and shows that at the commit", async () => {
    const w = world();
    const of = await showing(w);
    const { id } = await pushed(w, of);
    await w.step("create", id!, "t-create");
    Object.assign(w.stacks.get(`gw-${id}`)!, { status: "CREATE_COMPLETE", outputs: SITE });
    await w.look(id!);
    await w.step("deliver", id!, "t-deliver");
    w.aws.build = { status: "failed", reason: "No." };
    await w.look(id!);
    await w.step("hold", id!);
    assert.deepEqual([w.record(id!)!.state, w.record(id!)!.due], ["failed", time(40_000)]);
    assert.equal(statuses(w).at(-1)!.state, "failure");
    const undone = await pushed(w, of, "other");
    await w.step("create", undone["id"]!, "t-create");
    await w.step("undo reserve", undone["id"]!);
    assert.equal(statuses(w).at(-1)!.state, "failure");
    assert.equal(w.seen.commits.at(-1)![0].startsWith(`arn:secret/${undone["id"]}/`), true);
  });

  it("of a server gets its own variables and keys, and secrets only if its team says so", async () => {
    for (const previewSecrets of some([false, true])) {
      const w = world();
      w.addresses.set("group-1", "192.0.2.7");
      const given = { variables: { A: "1" }, secrets: { KEY: "s3cret" }, previewSecrets };
      const of = await showing(w, { type: "dynamic", stack: "flask", ...given }, GROUP);
      const { id } = await pushed(w, of);
      const values = w.secrets.get(w.record(id!)!.valuesArn!) as Record<string, Record<string, string>>;
      const own = w.secrets.get(w.record(of.id)!.valuesArn!) as typeof values;
      assert.deepEqual(
        [values["variables"], values["secrets"], w.record(id!)!.secretNames],
        [{ A: "1" }, previewSecrets ? { KEY: "s3cret" } : {}, previewSecrets ? ["KEY"] : []],
      );
      assert.match(values["made"]!["SECRET_KEY"]!, /^[0-9a-f]{64}$/);
      assert.notEqual(values["made"]!["SECRET_KEY"], own["made"]!["SECRET_KEY"]);
    }
  });

  it("has neither a hook nor previews of its own, and stays on its branch", async () => {
    const w = world();
    const of = await showing(w);
    const { id } = await pushed(w, of);
    await up(w, id!);
    assert.equal((await w.call(MEMBER, "PUT", HOOK, { id })).status, 400);
    for (const change of some([{ previews: true }, { branch: "main" }, { repository: GITHUB }])) {
      const { status, body } = await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: change });
      assert.deepEqual([status, body.code], [400, "invalid"], JSON.stringify(change));
    }
    const extended = () => w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { extend: true } });
    assert.equal((await extended()).body.code, "whole");
    w.clock.ms += DAY;
    assert.equal((await extended()).status, 202);
  });
});

describe("no preview is made", () => {
  /** Why not, as the answer and the commit's status say it. */
  async function refused(w: World, of: { id: string; secret: string }, branch = "next") {
    const before = w.dynamo.items.size;
    const { ignored } = await pushed(w, of, branch);
    assert.equal(w.dynamo.items.size, before, "nothing is left, not even that the delivery was taken");
    const status = statuses(w).at(-1)!;
    assert.deepEqual([status.state, status.context], ["failure", "groundwork/preview"]);
    assert.equal(ignored, `a push to ${branch.replace("#", "?")}: ${status.description}`);
    assert.deepEqual(w.seen.requests.filter(([what]) => what === "create").length, 1);
    return status.description;
  }

  it("if its project does not want previews, or for the project's own branch", async () => {
    const w = world();
    const of = await showing(w, { previews: false });
    assert.match((await pushed(w, of))["ignored"]!, /^a push to next: this project is built from main$/);
    const on = await showing(w, { name: "shown" });
    assert.equal((await pushed(w, on, "main"))["id"], on.id);
  });

  it("without a valid signature", async () => {
    const w = world();
    const { id } = await showing(w);
    assert.equal((await fromGitHub(w, id, "0".repeat(64), onBranch("next"))).status, 401);
  });

  it("if it would need approval", async () => {
    const w = world({ automatic: ["stag"] });
    const of = await showing(w, { environment: "stag" });
    assert.match(await refused(w, of), /^A preview is a dev project, and here those need an admin/);
  });

  it("for a project that is not approved yet, or frozen", async () => {
    const w = world();
    const id = await asked(w, { environment: "prod", previews: true, repository: GITHUB });
    const secret = await hooked(w, id);
    const { ignored } = await pushed(w, { id, secret });
    assert.equal(ignored, "a push to next: There are no previews until the project itself has been ready.");
    const of = await showing(w, { name: "frozen" });
    w.edit(of.id, { state: "frozen" });
    assert.equal(await refused(w, of), "There are no previews while the project is frozen.");
  });

  it("beyond the quota of the unit, or of the person who set up the hook", async () => {
    const w = world();
    const of = await showing(w);
    w.aws.people.set(MEMBER.sub, { unit: "ct1", quotaCents: 150 });
    assert.equal(await refused(w, of), "The project costs 1 USD a month, and 0.5 are left of the quota.");
    w.aws.people.set(MEMBER.sub, { unit: "ct2", quotaCents: 100_000 });
    assert.match(await refused(w, of), /^The person who set up its hook has left its unit/);
    w.aws.people.delete(MEMBER.sub);
    assert.match(await refused(w, of), /^The person who set up its hook/);
    await w.call(ADMIN, "PUT", "/units", { body: { unit: "ct1", quota: 2 } });
    const { id } = await pushed(w, of);
    assert.equal(w.record(id!)!.previewOf, of.id, "the unit's own quota goes before");
  });

  it("beyond the limit for each project, or if AWS has no room", async () => {
    const w = world({ previewLimit: 1, capacity: { sites: 3, balancers: 1, databases: 1, domains: 9 } });
    const of = await showing(w);
    await pushed(w, of, "one");
    assert.equal(
      await refused(w, of, "two"),
      "The project has 1 previews, and may have 1: delete one, or its branch.",
    );
    const other = await showing(w, { name: "other" });
    const description = (await pushed(w, other))["ignored"]!;
    assert.match(description, /^a push to next: The platform has room for 3 projects with a site of files/);
    const shown = statuses(w).at(-1)!.description;
    assert.deepEqual([shown.length, description.includes(shown)], [140, true], "as long as GitHub takes it");
  });

  it("for a branch with an unusable name, or for a kind that needs a secret which previews do not get", async () => {
    const w = world();
    assert.match(await refused(w, await showing(w), "a#b"), /^Only branches are built whose names/);
    const other = world();
    other.addresses.set("group-1", "192.0.2.7");
    const mean = { type: "dynamic", stack: "mean", secrets: { MONGODB_URI: "mongodb://x" } };
    const of = await showing(other, mean, GROUP);
    assert.match(await refused(other, of), /^It needs secrets\.MONGODB_URI: /);
  });

  it("under a name that belongs to somebody else or the platform: it gets another one", async () => {
    const w = world({ reserved: ["shop-www-dev"] });
    const of = await showing(w);
    await asked(w, { name: "shop-next" });
    for (const branch of some(["next", "www"])) {
      const { id } = await pushed(w, of, branch);
      assert.match(w.record(id!)!.name, new RegExp(`^shop-${branch}-[0-9a-f]{6}$`));
      assert.equal((await pushed(w, of, branch, { after: NEWER }))["id"], id);
    }
  });

  it("from its project's former repository: the branch gets another one", async () => {
    const w = world();
    const of = await showing(w);
    const { id } = await pushed(w, of);
    w.edit(of.id, { repository: "https://github.com/team/other" });
    const next = await pushed(w, of, "next", { after: NEWER });
    assert.notEqual(next["id"], id);
    assert.equal(w.record(next["id"]!)!.repository, "https://github.com/team/other");
  });

  it("twice for one branch, if two pushes come at the same moment", async () => {
    const w = world();
    const of = await showing(w);
    const both = await Promise.all([pushed(w, of), pushed(w, of, "next", { after: NEWER })]);
    assert.equal(new Set(both.map(({ id }) => id)).size, 1);
    const { body } = await w.call(MEMBER, "GET", "/projects");
    assert.equal(body.projects.length, 2);
    assert.equal(w.secrets.size, 3, "the two projects' and the hook's");
  });

  it("if the answer is unknown, and the delivery may come again", async () => {
    const w = world();
    const of = await showing(w);
    w.aws.broken.add("readSecrets");
    assert.equal((await pushed(w, of))["code"], "unavailable");
    w.aws.broken.delete("readSecrets");
    assert.match((await pushed(w, of))["status"]!, /^\/projects\//);
  });
});
