import { strict as assert } from "node:assert";
import { answerRequest } from "../../../functions/provisioner/api";
import { RouteRequest } from "../../../functions/provisioner/context";
import { priceList } from "../../../functions/provisioner/about";
import { some } from "../../some";
import { logged } from "../logged";
import { ADMIN, asked, DAY, MEMBER, Person, ready, SITE, START, time, wish, world } from "./world";

const STRANGER: Person = { sub: "s-stranger", email: "stranger@example.org", unit: "other", quota: 10 };
const NOBODY: Person = { sub: "s-nobody", email: "nobody@example.org" };
const BOSS: Person = { sub: "s-boss", email: "boss@example.org", unit: "platform", groups: "[member admin]" };
const ONE_PROJECT = "/projects/{id}";

describe("the provisioner's API", () => {
  it("lists what it accepts, with its prices", async () => {
    const { status, body } = await world().call(MEMBER, "GET", "/catalogue");
    assert.deepEqual([status, body.kinds], [200, priceList()]);
    assert.deepEqual(body.about.static.hugo, { template: "static", notes: [] });
    const notes = (type: string, framework: string) => body.about[type][framework].notes.join();
    for (const framework of some(["wordpress", "ghost", "strapi"]))
      assert.match(notes("cms", framework), /^Uploads are stored in the project's own file system /);
    assert.match(
      notes("cms", "drupal"),
      /^Not tried: .*,Uploads are stored in the project's own file system /,
    );
    assert.match(notes("dynamic", "mean"), /^MONGODB_URI must be among its secrets: it needs a /);
    assert.match(notes("realtime", "node"), /^With several servers, /);
    for (const framework of some(["php", "rails", "node", "django", "flask", "fastapi"]))
      assert.match(notes("dynamic", framework), /^A deletion keeps the database's last snapshot\./);
    assert.doesNotMatch(notes("dynamic", "mean"), /snapshot/);
  });

  it("shows a unit what it has used, reserved and left", async () => {
    const w = world();
    const before = await w.call(MEMBER, "GET", "/quota");
    assert.deepEqual(before.body, { unit: "ct1", quota: 1000, committed: 0, reserved: 0, left: 1000 });
    await ready(w, { environment: "dev" });
    await asked(w, { environment: "stag" });
    const { body } = await w.call(MEMBER, "GET", "/quota");
    assert.deepEqual(body, { unit: "ct1", quota: 1000, committed: 1, reserved: 1.5, left: 997.5 });
  });

  it("treats a quota that is not a number as none, and counts in whole cents", async () => {
    const w = world();
    const quota = async (given: string) =>
      (await w.call({ ...MEMBER, quota: given }, "GET", "/quota")).body.quota;
    assert.deepEqual([await quota("much"), await quota("1.239"), await quota("")], [0, 1.23, 0]);
    assert.equal((await w.call({ ...MEMBER, quota: undefined }, "GET", "/quota")).body.quota, 0);
  });

  it("names the starter of a kind if the stack says where starters are", async () => {
    const w = world({ starters: "https://git.example.org/starters/{name}.git" });
    const { body } = await w.call(MEMBER, "GET", "/catalogue");
    assert.equal(body.about.dynamic.node.starter, "https://git.example.org/starters/express.git");
    assert.equal(body.about.cms.drupal.starter, undefined);
  });

  it("shows a unit its own projects, newest first, however many there are", async () => {
    const w = world();
    const ids = [];
    for (const name of ["one", "two", "three", "four", "five"]) {
      ids.unshift(await asked(w, { name }));
      w.clock.ms += 1000;
    }
    const { body } = await w.call(MEMBER, "GET", "/projects");
    assert.deepEqual(
      body.projects.map(({ id }: { id: string }) => id),
      ids,
    );
    assert.deepEqual((await w.call(STRANGER, "GET", "/projects")).body, { projects: [] });
    w.dynamo.calls.length = 0;
    assert.deepEqual((await w.call(NOBODY, "GET", "/projects")).body, { projects: [] });
    assert.deepEqual(w.dynamo.calls, [], "DynamoDB refuses an empty key");
  });

  it("shows nothing that would give anybody access", async () => {
    const w = world();
    const id = await asked(w);
    await w.step("create", id, "t-create");
    const { body } = await w.call(MEMBER, "GET", ONE_PROJECT, { id });
    const { resources, parts, cloudFormation, ...rest } = body;
    assert.ok(parts.includes("2 buckets"));
    assert.equal(resources["S3::Bucket"], 2);
    assert.deepEqual(cloudFormation, { status: "CREATE_IN_PROGRESS" });
    assert.deepEqual(rest, {
      id,
      name: "shop",
      unit: "ct1",
      environment: "dev",
      type: "static",
      stack: "hugo",
      repository: "https://github.com/example/site",
      branch: "main",
      email: "team@example.org",
      host: "shop-dev",
      state: "running",
      step: "create",
      moving: true,
      over: false,
      template: "static",
      stages: {
        reserve: { state: "done", at: time(0), endedAt: time(0) },
        create: { state: "running", at: time(0) },
      },
      quota: "reserved",
      createdAt: time(0),
      ownerEmail: MEMBER.email,
      askedBy: MEMBER.email,
      monthlyPrice: 1,
      secrets: [],
    });
  });

  it("describes a project without its stack if that is gone or cannot be read", async () => {
    const w = world();
    const id = await asked(w);
    w.aws.broken.add("read");
    const { result, lines } = await logged(() => w.call(MEMBER, "GET", ONE_PROJECT, { id }));
    assert.deepEqual([result.status, "cloudFormation" in result.body], [200, false]);
    assert.deepEqual(lines, [{ what: "describe", project: id, name: "Error", message: "read is broken" }]);
    w.edit(id, { state: "deleted" });
    const over = await logged(() => w.call(MEMBER, "GET", ONE_PROJECT, { id }));
    assert.deepEqual([over.result.status, over.lines], [200, []], "nobody asks for a stack that is gone");
  });

  it("shows what CloudFormation knows about drift", async () => {
    const w = world();
    const id = await ready(w);
    Object.assign(w.stacks.get(`gw-${id}`)!, { drift: "DRIFTED", driftCheckedAt: time(5) });
    const { body } = await w.call(MEMBER, "GET", ONE_PROJECT, { id });
    assert.deepEqual(body.cloudFormation, {
      status: "CREATE_COMPLETE",
      drift: "DRIFTED",
      driftCheckedAt: time(5),
    });
  });

  it("hides another unit's project as if it did not exist, except from admins", async () => {
    const w = world();
    const id = await asked(w);
    for (const [person, status] of [
      [STRANGER, 404],
      [NOBODY, 404],
      [{ ...STRANGER, groups: "administrators" }, 404],
      [ADMIN, 200],
      [BOSS, 200],
      [{ ...BOSS, groups: "member,admin" }, 200],
    ] as const)
      assert.equal(
        (await w.call(person, "GET", ONE_PROJECT, { id })).status,
        status,
        person.sub + person.groups,
      );
    const { body } = await w.call(STRANGER, "GET", ONE_PROJECT, { id });
    assert.deepEqual(body, { code: "absent", message: `There is no project ${id}.` });
  });

  it("looks up nothing that cannot be a project, and repeats no long name", async () => {
    const w = world();
    for (const id of ["x".repeat(30), "abcdefghi", "abcdefghijk", "ABCDEFGHIJ", "../secrets", undefined]) {
      const { status, body } = await w.call(ADMIN, "GET", ONE_PROJECT, { id });
      assert.deepEqual([status, body.message], [404, `There is no project ${(id ?? "").slice(0, 20)}.`]);
    }
    assert.deepEqual(w.dynamo.calls, []);
  });

  it("refuses unknown routes", async () => {
    const w = world();
    const id = await asked(w);
    const { status, body } = await w.call(MEMBER, "PUT", ONE_PROJECT, { id });
    assert.deepEqual([status, body], [404, { code: "absent", message: "There is no such route." }]);
  });

  it("says that it could not if AWS does not answer, and logs why without the caller's values", async () => {
    const w = world();
    w.dynamo.failures.push(new Error("throttled"));
    const { result, lines } = await logged(() => w.call(MEMBER, "GET", ONE_PROJECT, { id: "abcdefghij" }));
    assert.deepEqual(
      [result.status, result.body],
      [503, { code: "unavailable", message: "This could not be done now; try again." }],
    );
    assert.deepEqual(lines, [
      { what: `GET ${ONE_PROJECT}`, project: "abcdefghij", name: "Error", message: "throttled" },
    ]);
    w.dynamo.failures.push(new Error("throttled"));
    const quota = await logged(() => w.call(MEMBER, "GET", "/quota"));
    assert.equal(quota.lines[0]!["project"], "");
  });

  it("admits nobody with an access token, which names no unit", async () => {
    const w = world();
    const answerTo = async (token_use: string) => {
      const claims = { sub: "a", "custom:BusinessUnit": "retail", token_use };
      const request = { httpMethod: "GET", resource: "/quota", requestContext: { authorizer: { claims } } };
      const { statusCode, body } = await answerRequest(w.apiPorts, w.settings, request as RouteRequest);
      return [statusCode, (JSON.parse(body) as { code?: string }).code];
    };
    assert.deepEqual(await answerTo("access"), [401, "token"]);
    assert.deepEqual(await answerTo("id"), [200, undefined]);
  });

  it("admits nobody without claims", async () => {
    const w = world();
    for (const requestContext of [undefined, null, {}, { authorizer: null }, { authorizer: {} }]) {
      const request = { httpMethod: "GET", resource: "/quota", requestContext } as RouteRequest;
      const { statusCode, body } = await answerRequest(w.apiPorts, w.settings, request);
      assert.deepEqual([statusCode, JSON.parse(body).unit], [200, ""]);
      const created = { ...request, httpMethod: "POST", resource: "/projects", body: JSON.stringify(wish()) };
      assert.equal((await answerRequest(w.apiPorts, w.settings, created)).statusCode, 403);
      const decision = {
        ...request,
        httpMethod: "GET",
        resource: "/projects",
        queryStringParameters: { waiting: "1" },
      };
      assert.equal((await answerRequest(w.apiPorts, w.settings, decision)).statusCode, 403);
    }
  });
});

describe("a list of what waits for approval", () => {
  it("is for admins, and contains only what waits", async () => {
    const w = world();
    const id = await asked(w, { environment: "prod" });
    await asked(w, { name: "other" });
    assert.deepEqual(
      (await w.call(ADMIN, "GET", "/projects", { query: { waiting: "1" } })).body.projects,
      [],
    );
    await w.step("approve", id, "t-approve");
    const { body } = await w.call(ADMIN, "GET", "/projects", { query: { waiting: "1" } });
    assert.deepEqual(
      body.projects.map((project: { id: string }) => project.id),
      [id],
    );
    const refused = await w.call(MEMBER, "GET", "/projects", { query: { waiting: "1" } });
    assert.deepEqual(
      [refused.status, refused.body],
      [403, { code: "admins", message: "Only admins see what waits for approval." }],
    );
  });
});

describe("a runbook", () => {
  const run = (w: ReturnType<typeof world>, id: string, body: unknown) =>
    w.call(MEMBER, "POST", "/projects/{id}/runbook", { id, body });
  const server = { type: "realtime", stack: "node" };

  it("is started for a project with servers", async () => {
    const w = world();
    const id = await ready(w, server);
    for (const name of some(["restart", "patch"])) {
      const { status, body } = await run(w, id, { name });
      assert.deepEqual([status, body], [202, { id, execution: `run-${name}` }]);
      assert.deepEqual(w.seen.runbooks.at(-1), [name, id]);
    }
  });

  it("refuses other names, projects without servers, and projects that are not up", async () => {
    const w = world();
    const id = await ready(w, server);
    for (const body of [{}, { name: "destroy" }, "x"]) {
      const { message, code } = (await run(w, id, body)).body;
      assert.deepEqual([message, code], ["name must be restart or patch.", "invalid"]);
    }
    const site = await ready(w, { name: "site" }, SITE);
    const refused = await run(w, site, { name: "patch" });
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.message],
      [400, "invalid", "Only a project with servers can be restarted or patched."],
    );
    w.edit(id, { state: "frozen" });
    assert.equal((await run(w, id, { name: "patch" })).status, 409);
    assert.deepEqual(w.seen.runbooks, []);
  });
});

describe("a ticket for an upload", () => {
  it("is issued with a form, and expires after a quarter of an hour", async () => {
    const w = world();
    const { status, body } = await w.call(MEMBER, "POST", "/uploads");
    assert.equal(status, 201);
    assert.equal(body.url, "https://drop");
    const ticket = /^requests\/([0-9a-f]{40})\.json$/.exec(body.fields.key)![1]!;
    assert.deepEqual(await w.apiPorts.store.ticket(ticket), {
      pk: `ticket#${ticket}`,
      sub: MEMBER.sub,
      email: MEMBER.email,
      unit: "ct1",
      quotaCents: 100_000,
      admin: false,
      ttl: START / 1000 + 900,
    });
  });

  it("is only for people with a unit", async () => {
    const { status, body } = await world().call(NOBODY, "POST", "/uploads");
    assert.deepEqual([status, body.code], [403, "unassigned"]);
  });

  it("is invalid once it has expired, even if DynamoDB has not deleted it yet", async () => {
    const w = world();
    const caller = { sub: "s", email: "e", unit: "u", quotaCents: 1, admin: false };
    await w.apiPorts.store.putTicket("old", caller, Math.floor((Date.now() - DAY) / 1000));
    assert.equal(await w.apiPorts.store.ticket("old"), undefined);
    assert.equal(await w.apiPorts.store.ticket("never"), undefined);
  });
});

describe("a build that waits for its turn", () => {
  it("shows its place among those of all units, in order of arrival", async () => {
    const w = world();
    const ids: string[] = [];
    for (const [index, person] of [STRANGER, MEMBER, MEMBER].entries()) {
      const id = await asked(w, { name: `one-${index}` }, { ...person, quota: 1000 });
      await w.step("create", id, "t-create");
      Object.assign(w.stacks.get(`gw-${id}`)!, { status: "CREATE_COMPLETE", outputs: SITE });
      await w.look(id);
      w.clock.ms += 1000;
      await w.step("deliver", id, "t-deliver");
      ids.push(id);
    }
    w.aws.build = { status: "queued", reason: "" };
    // The last one's wait is noticed first.
    for (const id of [...ids].reverse()) await w.look(id);
    const places = async () =>
      Object.fromEntries(
        (await w.call(MEMBER, "GET", "/projects")).body.projects.map(
          ({ id, queuePlace }: { id: string; queuePlace?: number }) => [id, queuePlace],
        ),
      );
    assert.deepEqual(await places(), { [ids[1]!]: 2, [ids[2]!]: 3 });
    assert.equal((await w.call(MEMBER, "GET", ONE_PROJECT, { id: ids[2]! })).body.queuePlace, 3);
    w.aws.build = { status: "running", reason: "" };
    await w.look(ids[0]!);
    assert.deepEqual(await places(), { [ids[1]!]: 1, [ids[2]!]: 2 });
  });
});
