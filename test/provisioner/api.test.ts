import { strict as assert } from "node:assert";
import {
  ADMIN,
  Answer,
  approve,
  call,
  MEMBER,
  NOTHING,
  remains,
  sendMinute,
  settledProject,
  wish,
} from "./driver";
import { item } from "../../functions/provisioner/aws/attributes";
import { Project } from "../../functions/provisioner/project";
import { until } from "../../sandbox/problem";
import { crowd } from "../crowd";
import { change, forgetAll, forgetAnswers, overdue, storeOf } from "./records";
import { functionNamed, Rig, User } from "./rig";
import { sharedRig } from "./shared-rig";
import { leftToAll } from "../left-to-all";

/** Requests for ten places, and projects at once. */
const CROWD = crowd(30, 100);
const PROJECTS = crowd(20, 50);

describe("the provisioner's API on the emulators", function () {
  this.timeout(240_000);
  let rig: Rig;
  before(async function () {
    rig = await sharedRig(this);
    await rig.token(ADMIN);
  });
  const post = (user: User, body: unknown, headers = {}, query = "") =>
    call(rig, user, "POST", `/projects${query}`, body, headers);
  const removeAll = async (user: User, ids: string[]) => {
    await together(ids.length, (i) => call(rig, user, "DELETE", `/projects/${ids[i]}`));
    for (const id of ids) await settledProject(rig, id, { user, seconds: 200 });
  };
  const idsOf = (answers: Answer[]) =>
    answers.filter((one) => one.status === 202).map((one) => one.body.id as string);

  it("describes itself at its own address, to who is signed in", async () => {
    const { status, body } = await call(rig, ADMIN, "GET", "/openapi");
    assert.deepEqual([status, body.servers], [200, [{ url: rig.outputs.apiUrl }]]);
    assert.equal((await fetch(`${rig.outputs.apiUrl}/openapi`)).status, 401);
  });

  it("accepts exactly ten of a crowd of requests when the quota has room for ten", async function () {
    leftToAll(this);
    const many: User = { email: "crowd@example.org", unit: "crowd", quota: 10 };
    const answers = await together(CROWD, (i) => post(many, wish(`crowd-${i}`)), 12);
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    assert.deepEqual(counts, { 202: 10, 403: CROWD - 10 });
    const refused = answers.find((one) => one.status === 403)!.body;
    assert.equal(refused.code, "quota");
    assert.equal(refused.price, 1);
    const { body } = await call(rig, many, "GET", "/quota");
    assert.deepEqual([body.quota, body.left, body.committed + body.reserved], [10, 0, 10]);
    await removeAll(many, idsOf(answers));
    assert.equal((await call(rig, many, "GET", "/quota")).body.left, 10);
  });

  it("accepts exactly ten of two hundred parallel transactions when the quota has room for ten", async () => {
    const store = storeOf(rig);
    const at = new Date().toISOString();
    const admissions = await Promise.all(
      Array.from({ length: 200 }, (_, i) => {
        const project = {
          id: `parallel-${i}`,
          host: `parallel-${i}`,
          unit: "parallel",
          cents: 100,
          owner: "x",
        };
        return store.accept({ ...project, createdAt: at, state: "ready" } as Project, 1_000);
      }),
    );
    assert.equal(admissions.filter(({ kind }) => kind === "accepted").length, 10);
    assert.equal(admissions.filter(({ kind }) => kind === "quota").length, 190);
    assert.deepEqual(await store.usage("parallel"), { usedCents: 1_000, reservedCents: 1_000 });
    await forgetAll(rig, "parallel");
  });

  it("completes many projects at once by the minutely check alone", async function () {
    leftToAll(this);
    const many: User = { email: "many@example.org", unit: "many", quota: PROJECTS };
    const ids = idsOf(await together(PROJECTS, (i) => post(many, wish(`many-${i}`))));
    assert.equal(ids.length, PROJECTS);
    const states = async () => {
      await overdue(rig);
      await sendMinute(rig);
      const { projects } = (await call(rig, many, "GET", "/projects")).body as {
        projects: { state: string }[];
      };
      return [...new Set(projects.map(({ state }) => state))];
    };
    const all = (state: string) =>
      until(`The change of all projects to ${state}`, states, {
        wanted: (seen) => seen.join() === state,
        seconds: 200,
      });
    await all("ready");
    await together(PROJECTS, (i) => call(rig, many, "DELETE", `/projects/${ids[i]}`));
    await all("deleted");
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("returns the same project for a repeated Idempotency-Key, and refuses the key for another project", async () => {
    const headers = { "Idempotency-Key": "key-of-the-team" };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post(MEMBER, wish("repeated"), headers)),
    );
    assert.deepEqual([...new Set(answers.map((one) => one.status))], [202]);
    const ids = [...new Set(idsOf(answers))];
    assert.equal(ids.length, 1);
    assert.equal((await post(MEMBER, wish("other"), headers)).status, 422);
    await removeAll(MEMBER, ids);
  });

  it("finds the project again when the answer to its request was lost", async () => {
    const headers = { "Idempotency-Key": "key-of-the-lost" };
    const first = await post(MEMBER, wish("lost"), headers);
    assert.equal(first.status, 202);
    assert.notEqual(await forgetAnswers(rig), 0);
    assert.deepEqual(await post(MEMBER, wish("lost"), headers), first);
    await removeAll(MEMBER, [first.body.id]);
  });

  it("refuses the name of a project until that project is deleted", async () => {
    const first = await post(MEMBER, wish("twice"));
    assert.deepEqual((await post(MEMBER, wish("twice"))).body, {
      code: "taken",
      message: "The name twice-dev is another project's; choose another one.",
    });
    await removeAll(MEMBER, [first.body.id]);
    const again = await post(MEMBER, wish("twice"));
    assert.equal(again.status, 202);
    await removeAll(MEMBER, [again.body.id]);
  });

  it("answers a dry run with template, resources, price and remaining quota, and creates nothing", async () => {
    const remained = await remains(rig);
    const before = (await call(rig, MEMBER, "GET", "/quota")).body.left;
    const body = wish("dry", { type: "cms", stack: "ghost", environment: "prod" });
    const answer = await post(MEMBER, body, {}, "?dryRun=1");
    assert.equal(answer.status, 200);
    assert.equal(answer.body.template, "server");
    assert.equal(answer.body.monthlyPrice, 119);
    assert.equal(answer.body.resources["RDS::DBInstance"], 1);
    assert.deepEqual(answer.body.quota, { left: before, enough: true });
    assert.equal(answer.body.mail, undefined);
    const account = { MailType: "TRANSACTIONAL", WebsiteURL: "https://www.example.org" } as const;
    await rig.aws.ses.putAccountDetails({ ...account, ProductionAccessEnabled: false });
    try {
      const unheard = await post(MEMBER, body, {}, "?dryRun=1");
      assert.match(unheard.body.mail, /^No e-mail will reach team@example\.org: /);
    } finally {
      await rig.aws.ses.putAccountDetails({ ...account, ProductionAccessEnabled: true });
    }
    assert.deepEqual(await remains(rig), remained);
  });

  it("refuses invalid requests, and users who have no unit or are not signed in", async () => {
    const status = async (body: unknown, headers = {}) => (await post(MEMBER, body, headers)).status;
    assert.equal(await status({ name: "x" }), 400);
    assert.equal(await status(wish("shop", { extra: 1 })), 400);
    assert.equal(await status(wish("Shop!")), 400);
    assert.equal(await status(wish("shop", { repository: "https://user:pass@github.com/a/b" })), 400);
    assert.equal(await status(wish("shop", { repository: "file:///etc/passwd" })), 400);
    assert.equal(await status(wish("shop", { branch: "--upload-pack=x" })), 400);
    assert.equal(await status(wish("shop", { email: "a@b.c,d@e.f" })), 400);
    assert.equal(await status(wish("shop"), { "Idempotency-Key": "with space" }), 400);
    const combination = await post(MEMBER, wish("shop", { type: "cms", stack: "php" }));
    assert.equal(combination.status, 400);
    assert.deepEqual(Object.keys(combination.body.accepted.cms), ["wordpress", "ghost", "drupal", "strapi"]);
    const nobody: User = { email: "nobody@example.org" };
    assert.equal((await post(nobody, wish("shop"))).body.code, "unassigned");
    assert.deepEqual((await call(rig, nobody, "GET", "/projects")).body, { projects: [] });
    const anonymous = await fetch(`${rig.outputs.apiUrl}/projects`);
    assert.equal(anonymous.status, 401);
  });

  it("refuses another unit's project as if it did not exist", async () => {
    const made = await post(MEMBER, wish("private"));
    const stranger: User = { email: "stranger@example.org", unit: "ct2", quota: 100 };
    for (const method of ["GET", "DELETE"])
      assert.equal((await call(rig, stranger, method, `/projects/${made.body.id}`)).status, 404);
    assert.deepEqual((await call(rig, stranger, "GET", "/projects")).body.projects, []);
    assert.equal((await call(rig, stranger, "GET", "/projects?waiting=1")).status, 403);
    await removeAll(MEMBER, [made.body.id]);
  });

  it("refuses an admin's decision on prod without a second factor, where the stack requires one", async () => {
    const FunctionName = await functionNamed(rig, "api");
    const { Environment } = await rig.aws.lambda.getFunctionConfiguration({ FunctionName });
    const strict = Environment!.Variables!["SETTINGS"]!.replace('"totpForProd":false', '"totpForProd":true');
    await rig.aws.lambda.updateFunctionConfiguration({
      FunctionName,
      Environment: { Variables: { ...Environment!.Variables, SETTINGS: strict } },
    });
    const made = await post(MEMBER, wish("guarded", { environment: "prod" }));
    await settledProject(rig, made.body.id, { step: "approve" });
    assert.equal((await approve(rig, made.body.id)).body.code, "totp");
    await rig.aws.lambda.updateFunctionConfiguration({ FunctionName, Environment });
    await removeAll(MEMBER, [made.body.id]);
  });

  it("refuses an admin's approval of their own change, and accepts another admin's", async () => {
    const second: User = { email: "second@example.org", unit: "platform", quota: 0, admin: true };
    await rig.token(second);
    const { id } = (await post(MEMBER, wish("shared", { environment: "stag" }))).body;
    await settledProject(rig, id, { step: "approve" });
    assert.equal((await approve(rig, id)).status, 200);
    await settledProject(rig, id);
    assert.equal((await call(rig, ADMIN, "PATCH", `/projects/${id}`, { rebuild: true })).status, 202);
    const waiting = await settledProject(rig, id, { step: "approve" });
    assert.equal(waiting.askedBy, ADMIN.email);
    assert.equal((await approve(rig, id)).body.code, "own");
    assert.equal((await approve(rig, id, second)).status, 200);
    assert.equal((await settledProject(rig, id)).state, "ready");
    await removeAll(MEMBER, [id]);
  });

  it("lists all projects of a unit, past the one megabyte that DynamoDB returns in a page", async () => {
    const filler = "x".repeat(380_000);
    for (const id of ["paged-0", "paged-1", "paged-2", "paged-3"]) {
      const Item = { pk: `project#${id}`, id, unit: "paged", createdAt: "2026-01-01", filler };
      await rig.aws.dynamodb.putItem({ TableName: rig.outputs.tableName, Item: item(Item) });
    }
    assert.equal((await storeOf(rig).list("paged")).length, 4);
    await forgetAll(rig, "paged");
  });

  it("waits for an update's own build, not for the previous one, and can still stop a running build", async () => {
    const store = storeOf(rig);
    const at = new Date().toISOString();
    const project = { id: "built", host: "built", unit: "built", cents: 1, owner: "x", buildId: "old" };
    await store.accept({ ...project, createdAt: at, state: "ready" } as Project, 1_000);
    const run = { name: "x", approval: false };
    const update = { state: "updating", run: { ...run, action: "update" }, due: at, change: {} } as const;
    assert.equal(await store.move("built", ["ready"], update), true);
    assert.equal((await store.get("built"))!.buildId, undefined);
    await change(rig, "built", { buildId: "new" });
    const deletion = { state: "deleting", run: { ...run, action: "delete" }, due: at } as const;
    assert.equal(await store.move("built", ["updating"], deletion), true);
    assert.equal((await store.get("built"))!.buildId, "new");
    await forgetAll(rig, "built");
  });
});

/** So many calls by clients that share them. */
async function together(
  count: number,
  work: (index: number) => Promise<Answer>,
  clients = 4,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const client = async () => {
    for (let i = next++; i < count; i = next++) answers[i] = await work(i);
  };
  await Promise.all(Array.from({ length: clients }, client));
  return answers;
}
