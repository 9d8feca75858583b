import { strict as assert } from "node:assert";
import {
  ADMIN,
  Answer,
  approve,
  call,
  executionOf,
  MEMBER,
  NOTHING,
  remains,
  sendMinute,
  settledProject,
  takeReports,
  wish,
} from "./driver";
import { doorStore } from "../../functions/provisioner/aws/table-door";
import { Project } from "../../functions/provisioner/project";
import { functionNamed, grant, revoke, Rig, User } from "./rig";
import { sharedRig } from "./shared-rig";

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

  it("lets exactly ten of a hundred requests into a quota with room for ten", async () => {
    const crowd: User = { email: "crowd@example.org", unit: "crowd", quota: 10 };
    const answers = await together(100, (i) => post(crowd, wish(`crowd-${i}`)), 12);
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    assert.deepEqual(counts, { 202: 10, 403: 90 });
    const refused = answers.find((one) => one.status === 403)!.body;
    assert.equal(refused.code, "quota");
    assert.equal(refused.price, 1);
    const { body } = await call(rig, crowd, "GET", "/quota");
    assert.deepEqual([body.quota, body.left, body.committed + body.reserved], [10, 0, 10]);
    await removeAll(crowd, idsOf(answers));
    assert.equal((await call(rig, crowd, "GET", "/quota")).body.left, 10);
  });

  it("lets exactly ten of two hundred parallel transactions into it", async () => {
    const store = doorStore({ client: rig.aws.dynamodb, TableName: rig.outputs.tableName });
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

  it("carries fifty projects at once, told by the minute's look alone", async () => {
    const many: User = { email: "many@example.org", unit: "many", quota: 50 };
    const ids = idsOf(await together(50, (i) => post(many, wish(`many-${i}`))));
    assert.equal(ids.length, 50);
    const states = async () =>
      ((await call(rig, many, "GET", "/projects")).body.projects as { state: string }[]).map(
        (one) => one.state,
      );
    for (let i = 0; i < 100 && (await states()).includes("running"); i++) {
      await overdue(rig);
      await sendMinute(rig);
    }
    assert.deepEqual([...new Set(await states())], ["ready"]);
    await together(50, (i) => call(rig, many, "DELETE", `/projects/${ids[i]}`));
    for (let i = 0; i < 100 && (await states()).includes("deleting"); i++) {
      await overdue(rig);
      await sendMinute(rig);
    }
    assert.deepEqual([...new Set(await states())], ["deleted"]);
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("answers a repeated Idempotency-Key with the same project, and refuses it for another", async () => {
    const headers = { "Idempotency-Key": "key-1" };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post(MEMBER, wish("repeated"), headers)),
    );
    assert.deepEqual([...new Set(answers.map((one) => one.status))], [202]);
    const ids = [...new Set(idsOf(answers))];
    assert.equal(ids.length, 1);
    assert.equal((await post(MEMBER, wish("other"), headers)).status, 422);
    await removeAll(MEMBER, ids);
  });

  it("refuses a name that lives, until it is gone", async () => {
    const first = await post(MEMBER, wish("twice"));
    assert.deepEqual((await post(MEMBER, wish("twice"))).body, {
      code: "taken",
      message: "There is a project twice in dev already.",
    });
    await removeAll(MEMBER, [first.body.id]);
    const again = await post(MEMBER, wish("twice"));
    assert.equal(again.status, 202);
    await removeAll(MEMBER, [again.body.id]);
  });

  it("answers a dry run with template, resources, price and what is left, and makes nothing", async () => {
    const remained = await remains(rig);
    const before = (await call(rig, MEMBER, "GET", "/quota")).body.left;
    const body = wish("dry", { type: "cms", stack: "ghost", environment: "prod" });
    const answer = await post(MEMBER, body, {}, "?dryRun=1");
    assert.equal(answer.status, 200);
    assert.equal(answer.body.template, "server");
    assert.equal(answer.body.monthlyPrice, 133);
    assert.equal(answer.body.resources["RDS::DBInstance"], 1);
    assert.deepEqual(answer.body.quota, { left: before, enough: true });
    assert.deepEqual(await remains(rig), remained);
  });

  it("refuses what the edge or the door does not accept", async () => {
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
    const anonymous = await fetch(`${rig.outputs.apiUrl}/projects`);
    assert.equal(anonymous.status, 401);
  });

  it("refuses another unit's project as if it were not there", async () => {
    const made = await post(MEMBER, wish("private"));
    const stranger: User = { email: "stranger@example.org", unit: "ct2", quota: 100 };
    for (const method of ["GET", "DELETE"])
      assert.equal((await call(rig, stranger, method, `/projects/${made.body.id}`)).status, 404);
    assert.deepEqual((await call(rig, stranger, "GET", "/projects")).body.projects, []);
    assert.equal((await call(rig, stranger, "GET", "/projects?waiting=1")).status, 403);
    await removeAll(MEMBER, [made.body.id]);
  });

  it("refuses an admin's word on prod without a second factor, where the stack asks for one", async () => {
    const FunctionName = await functionNamed(rig, "door");
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

  it("warns about a dev project, freezes it, and deletes it at last; an extension thaws it", async () => {
    const made = await post(MEMBER, wish("aging"));
    const id = made.body.id;
    await settledProject(rig, id);
    const day = 24 * 60 * 60 * 1000;
    const age = async (days: number) => {
      await change(rig, id, {
        expiresAt: new Date(Date.now() + days * day).toISOString(),
        due: "2000-01-01",
      });
      await sendMinute(rig);
    };
    const subjects = async () => {
      const text = await (await fetch(`${rig.endpoint}/_ministack/ses/messages`)).text();
      return [/aging expires on/, /aging is frozen/].map((one) => one.test(text));
    };
    await age(2);
    assert.deepEqual(await subjects(), [true, false]);
    await age(-1);
    assert.equal((await settledProject(rig, id, { skip: "ready" })).state, "frozen");
    assert.deepEqual(await subjects(), [true, true]);
    assert.equal((await call(rig, MEMBER, "PATCH", `/projects/${id}`, { extend: true })).status, 202);
    const thawed = await settledProject(rig, id, { skip: "frozen" });
    assert.equal(thawed.state, "ready");
    assert.ok(Date.parse(thawed.expiresAt) > Date.now() + 29 * day);
    await age(-1);
    await settledProject(rig, id, { skip: "ready" });
    await age(-8);
    assert.equal((await settledProject(rig, id, { skip: "frozen" })).state, "deleted");
  });

  it("rejects what nobody decided in time, after a reminder", async () => {
    const made = await post(MEMBER, wish("forgotten", { environment: "stag" }));
    const id = made.body.id;
    await settledProject(rig, id, { step: "approve" });
    const asked = async (hours: number) => {
      const at = new Date(Date.now() - hours * 3_600_000).toISOString();
      await change(rig, id, { "stages.approve.at": at, due: "2000-01-01" });
      await sendMinute(rig);
    };
    await asked(25);
    const text = await (await fetch(`${rig.endpoint}/_ministack/ses/messages`)).text();
    assert.match(text, /Reminder: forgotten asks for approval/);
    await asked(73);
    assert.equal((await settledProject(rig, id)).state, "rejected");
  });

  it("starts what was accepted when the start itself was lost", async () => {
    await grant(rig.aws, "door", { Effect: "Deny", Action: "states:StartExecution", Resource: "*" }, "fault");
    const made = await post(MEMBER, wish("lost")).finally(() => revoke(rig.aws, "door", "fault"));
    assert.equal(made.status, 202);
    const before = (await call(rig, MEMBER, "GET", `/projects/${made.body.id}`)).body;
    assert.deepEqual(Object.keys(before.stages), ["reserve"]);
    await overdue(rig);
    await sendMinute(rig);
    assert.equal((await settledProject(rig, made.body.id)).state, "ready");
    await removeAll(MEMBER, [made.body.id]);
  });

  it("calls a person when an execution broke, and DELETE resumes", async () => {
    const made = await post(MEMBER, wish("broken"));
    const id = made.body.id;
    await settledProject(rig, id, { step: "create", events: false });
    await rig.aws.sfn.stopExecution({ executionArn: executionOf(rig, id) });
    await overdue(rig);
    await sendMinute(rig);
    assert.equal((await settledProject(rig, id)).state, "needs-hands");
    assert.deepEqual(await takeReports(rig), [id]);
    await removeAll(MEMBER, [id]);
    assert.deepEqual(await remains(rig), NOTHING);
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

/** Clears away what a test has written past the door. */
async function forgetAll(rig: Rig, unit: string): Promise<void> {
  const TableName = rig.outputs.tableName;
  const { Items = [] } = await rig.aws.dynamodb.scan({ TableName });
  const mine = Items.filter(({ pk }) => new RegExp(`^(project|host|quota)#${unit}`).test(pk!.S!));
  await Promise.all(mine.map(({ pk }) => rig.aws.dynamodb.deleteItem({ TableName, Key: { pk: pk! } })));
}

/** Changes a record as time would. */
async function change(rig: Rig, id: string, values: Record<string, string>): Promise<void> {
  const names = Object.fromEntries(
    Object.keys(values)
      .flatMap((path) => path.split("."))
      .map((part) => [`#${part}`, part]),
  );
  const paths = Object.keys(values).map((path) =>
    path
      .split(".")
      .map((part) => `#${part}`)
      .join("."),
  );
  await rig.aws.dynamodb.updateItem({
    TableName: rig.outputs.tableName,
    Key: { pk: { S: `project#${id}` } },
    UpdateExpression: `SET ${paths.map((path, i) => `${path} = :v${i}`).join(", ")}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: Object.fromEntries(
      Object.values(values).map((value, i) => [`:v${i}`, { S: value }]),
    ),
  });
}

/** Every waiting project is due, as it is a minute later. */
async function overdue(rig: Rig): Promise<void> {
  const { Items = [] } = await rig.aws.dynamodb.scan({ TableName: rig.outputs.tableName });
  const waiting = Items.filter(
    (item) => item["queue"] && ["running", "deleting"].includes(item["state"]!.S!),
  );
  await Promise.all(waiting.map((item) => change(rig, item["id"]!.S!, { due: "2000-01-01" })));
}
