// What a delivery of a Git host may be, and what it may not do.
import { strict as assert } from "node:assert";
import { forget } from "../../../functions/provisioner/vault";
import { notify } from "../../../functions/provisioner/notify";
import { previewNames } from "../../../functions/provisioner/preview-names";
import { Project } from "../../../functions/provisioner/project";
import { isSigned, named, pushIn } from "../../../functions/provisioner/push";
import { answerPush } from "../../../functions/provisioner/pushes";
import { some } from "../../some";
import { logged } from "../logged";
import { COMMIT, fromGitHub, HOOK, hooked, NEWER, NOBODY, push, signed } from "./git-host";
import { requestOf } from "./people";
import { asked, MEMBER, ready, START, World, world } from "./world";

const GITHUB = "https://github.com/team/shop";
const GROUP = { Group: "group-1", Images: "images-1", Scheme: "http" };
async function showing(w: World, more: object = {}, outputs?: Record<string, string>) {
  w.addresses.set("group-1", "192.0.2.7");
  const id = await ready(w, { repository: GITHUB, previews: true, ...more }, outputs);
  return { id, secret: await hooked(w, id) };
}
type Hooked = Awaited<ReturnType<typeof showing>>;
const pushTo = (w: World, { id, secret }: Hooked, branch: string, after = COMMIT) =>
  fromGitHub(w, id, secret, push({ ref: `refs/heads/${branch}`, after }));
const lastStatus = (w: World) => w.seen.commits.at(-1)![1].description;

describe("a delivery", () => {
  const read = (content: object, type?: string) =>
    pushIn({
      headers: { "X-GitHub-Event": "push", ...(type && { "Content-Type": type }) },
      body: JSON.stringify(content),
    });

  it("is of a commit's full hash and nothing around it, which git could take for something else", () => {
    for (const after of [COMMIT, "a".repeat(64), `${"a".repeat(39)}0`, `0${"a".repeat(39)}`])
      assert.deepEqual(read(push({ after })), { branch: "main", commit: after });
    for (const after of some([
      ...[`--upload-pack=${COMMIT}`, `x${COMMIT}`, `${COMMIT}x`, `${COMMIT}\n`, `${COMMIT} `],
      ...["a", "a".repeat(41), "a".repeat(63), "g".repeat(64), "g".repeat(40), COMMIT.toUpperCase()],
    ])) {
      const told = read(push({ after }));
      assert.ok("wrong" in told && told.wrong.startsWith("after must be a commit's full hash"), after);
    }
    const number = read(push({ after: 1 }));
    assert.ok("wrong" in number && number.wrong.endsWith("with ref and after."));
  });

  it("is read as JSON or as a form, by what it says that it is", () => {
    const told = { branch: "main", commit: COMMIT };
    assert.deepEqual(read(push(), "application/json"), told);
    const form = new URLSearchParams({ payload: JSON.stringify(push()) }).toString();
    const type = "application/x-www-form-urlencoded; charset=utf-8";
    const headers = { "X-GitHub-Event": "push", "Content-Type": type };
    assert.deepEqual(pushIn({ headers, body: form }), told);
    assert.ok("wrong" in pushIn({ headers, body: null }));
  });

  it("is signed though it has no body, and shows no more than the beginning of a name", () => {
    assert.equal(isSigned({ headers: signed("key", ""), body: null }, "key"), true);
    assert.equal(named("x".repeat(101)).length, 100);
  });

  it("to no project is refused like one that is not signed", async () => {
    const w = world();
    const request = { ...requestOf(NOBODY, "POST", HOOK, {}), pathParameters: null };
    const { statusCode, body } = await answerPush(w.pushPorts, w.settings, request);
    assert.deepEqual([statusCode, JSON.parse(body).code], [401, "signature"]);
  });

  it("says what is wrong with it, and the log with which project it failed", async () => {
    const w = world();
    const of = await showing(w);
    assert.equal((await pushTo(w, of, "main", "x")).body.code, "invalid");
    w.pushPorts.claims.claim = () => Promise.reject(new Error("throttled"));
    const { result, lines } = await logged(() => pushTo(w, of, "main"));
    assert.match(result.body.message, /try again/);
    assert.deepEqual(
      lines.map(({ what, project, message }) => [what, project, message]),
      [["push", of.id, "throttled"]],
    );
  });

  it("of a branch that got its preview is taken once, too", async () => {
    const w = world();
    const of = await showing(w);
    assert.equal((await pushTo(w, of, "next")).status, 202);
    const again = await pushTo(w, of, "next");
    assert.deepEqual([again.status, again.body.code], [409, "repeated"]);
    assert.match(again.body.message, /already processed/);
  });

  it("that was ignored at the project's own branch is taken once", async () => {
    const w = world();
    const of = await showing(w);
    w.edit(of.id, { state: "frozen" });
    assert.equal((await pushTo(w, of, "main")).status, 200);
    assert.equal((await pushTo(w, of, "main")).body.code, "repeated");
  });
});

describe("a hook", () => {
  it("is not for a preview, nor for what is being deleted, and says so", async () => {
    const w = world();
    const of = await showing(w);
    const { id } = (await pushTo(w, of, "next")).body;
    const own = await w.call(MEMBER, "PUT", HOOK, { id });
    assert.deepEqual([own.status, own.body.code], [400, "invalid"]);
    assert.match(own.body.message, /^A preview/);
    const other = await ready(w, { name: "other" });
    w.edit(other, { state: "deleting" });
    const late = await w.call(MEMBER, "PUT", HOOK, { id: other });
    assert.deepEqual([late.status, late.body.code, w.record(other)!.hook], [409, "busy", undefined]);
    assert.match(late.body.message, /deleting/);
  });

  it("that is taken away names its project, and one that is none says so", async () => {
    const w = world();
    const { id } = await showing(w);
    assert.deepEqual((await w.call(MEMBER, "DELETE", HOOK, { id })).body, { id });
    const { body } = await w.call(MEMBER, "DELETE", HOOK, { id });
    assert.equal(body.code, "absent");
    assert.match(body.message, /no hook/);
  });
});

describe("the names of a preview", () => {
  const of = { id: "aaaaaaaaaa", name: "shop" };
  const last = (project: typeof of, branch: string) => previewNames(project, branch).at(-1)!;

  it("differ for branches that look alike, and for projects that are called alike", () => {
    assert.notEqual(last(of, "fix/a"), last(of, "fix-a"));
    assert.notEqual(last(of, "next"), last({ ...of, id: "bbbbbbbbbb" }, "next"));
  });

  it("are plain as long as a project's name may be, and else cut so that the sum of the branch stands", () => {
    assert.equal(previewNames({ ...of, name: "n".repeat(35) }, "next")[0], `${"n".repeat(35)}-next`);
    assert.match(last({ ...of, name: "n".repeat(30) }, "next"), /^n{20}-next-[0-9a-f]{6}$/);
    assert.deepEqual(previewNames(of, "b".repeat(90)), [last(of, "b".repeat(90))]);
    assert.match(last(of, "b".repeat(90)), /^shop-b{28}-[0-9a-f]{6}$/);
    assert.match(last({ ...of, name: `${"a".repeat(19)}-bc` }, "___"), /^a{19}-[0-9a-f]{6}$/);
  });
});

describe("a branch's preview", () => {
  it("is its own, though another branch or another project is called alike", async () => {
    const w = world();
    const of = await showing(w);
    const first = (await pushTo(w, of, "fix/a")).body.id;
    assert.notEqual((await pushTo(w, of, "fix-a")).body.id, first);
    const own = await asked(w, { name: "shop-next", repository: GITHUB, branch: "next" });
    const { id } = (await pushTo(w, of, "next")).body;
    assert.notEqual(id, own);
    assert.equal(w.record(id)!.previewOf, of.id);
  });

  it("is not made where all its names are taken, or the catalogue has its kind no more", async () => {
    const names = (w: World, id: string) => previewNames(w.record(id)!, "next").map((one) => `${one}-dev`);
    const w = world();
    const of = await showing(w);
    w.settings.reserved = names(w, of.id);
    const { body } = await pushTo(w, of, "next");
    assert.match(body.ignored, /have the names/);
    assert.match(lastStatus(w), /have the names/);
    w.settings.reserved = [];
    w.edit(of.id, { framework: "gone" });
    assert.match((await pushTo(w, of, "next")).body.ignored, /The catalogue no longer has this kind\.$/);
  });

  it("is made where its kind needs a secret that it gets, and of a name as long as a branch's may be", async () => {
    const w = world();
    const mean = { type: "dynamic", stack: "mean", secrets: { MONGODB_URI: "mongodb://x" } };
    const of = await showing(w, { ...mean, previewSecrets: true }, GROUP);
    assert.equal((await pushTo(w, of, "b".repeat(100))).status, 202);
    assert.match((await pushTo(w, of, "b".repeat(101))).body.ignored, /Only branches are built whose names/);
  });

  it("says beside the commit why a push to it is not built", async () => {
    const w = world();
    const of = await showing(w);
    const { id } = (await pushTo(w, of, "next")).body;
    w.edit(id, { state: "deleting" });
    await pushTo(w, of, "next", NEWER);
    assert.equal(lastStatus(w), "No preview: the push: the project is deleting.");
  });
});

describe("news of a project", () => {
  const mail = { to: ["a@example.org", "b@example.org"], subject: "s", text: "t" };
  const now = () => new Date(START);

  it("names all who do not get it, and writes nothing where they do", async () => {
    const notes: object[] = [];
    const store = { note: async (_: string, changes: object) => void notes.push(changes) };
    const send = (answer: () => Promise<undefined>) =>
      logged(() => notify({ mail: answer, now, store }, { id: "a" } as Project, mail));
    await send(async () => undefined);
    assert.deepEqual(notes, []);
    await send(() => Promise.reject(new Error("no")));
    const refused = "The e-mail to a@example.org, b@example.org could not be sent.";
    assert.deepEqual(notes, [{ notified: { refused, at: now().toISOString() } }]);
  });
});

describe("forgetting what the vault keeps", () => {
  it("takes away what there is", async () => {
    const gone: string[] = [];
    await forget({ removeSecret: async (arn) => void gone.push(arn) }, { valuesArn: "values" });
    assert.deepEqual(gone, ["values"]);
  });
});
