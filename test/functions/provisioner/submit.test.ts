import { strict as assert } from "node:assert";
import { priceList } from "../../../functions/provisioner/about";
import { some } from "../../some";
import { logged } from "../logged";
import { forgetClaims, withKey } from "./keys";
import { asked, MEMBER, Person, time, wish, World, world } from "./world";

const post = (w: World, body: unknown = wish(), more: object = {}, person: Person = MEMBER) =>
  w.call(person, "POST", "/projects", { body, ...more });

describe("a request for a project", () => {
  it("is refused a name of the platform's own, where projects share its domain", async () => {
    const domain = "example.org";
    for (const [settings, name, environment, status] of some([
      [{ domain }, "www", "prod", 409],
      [{ domain }, "www", "dev", 202],
      [{ domain, reserved: [], consoleUrl: "https://console.example.org" }, "console", "prod", 409],
      [{ domain, reserved: ["shop-dev"] }, "shop", "dev", 409],
      [{ domain: "" }, "www", "prod", 202],
      [{ domain: "projects.example.org", reserved: [] }, "www", "prod", 202],
    ] as const)) {
      const w = world(settings as object);
      const { body, ...answer } = await post(w, wish({ name, environment }));
      assert.equal(answer.status, status, JSON.stringify(body));
      if (status === 202) continue;
      assert.deepEqual([body.code, w.secrets.size], ["reserved", 0]);
      assert.match(body.message, /^The name \S+ is the platform's own; choose another one\.$/);
    }
  });

  it("is recorded, reserved and begun at once", async () => {
    const w = world();
    const { status, body } = await post(w, wish({ privateKey: "" }));
    const { id } = body;
    assert.deepEqual([status, body], [202, { id, status: `/projects/${id}` }]);
    assert.match(id, /^[a-z][a-z0-5]{9}$/);
    const { secretArn, ...record } = w.record(id)!;
    assert.deepEqual(record, {
      pk: `project#${id}`,
      id,
      name: "shop",
      environment: "dev",
      type: "static",
      framework: "hugo",
      repository: "https://github.com/example/site",
      branch: "main",
      email: "team@example.org",
      unit: "ct1",
      owner: MEMBER.sub,
      ownerEmail: MEMBER.email,
      cents: 100,
      host: "shop-dev",
      state: "running",
      stages: { reserve: { state: "done", at: time(0), endedAt: time(0) } },
      run: {
        name: `${id}-create`,
        action: "create",
        approval: false,
        by: { sub: MEMBER.sub, email: MEMBER.email },
      },
      quota: "reserved",
      createdAt: time(0),
      due: time(40_000),
      queue: "due",
    });
    assert.deepEqual(w.secrets.get(secretArn), { accessToken: "t0ken", privateKey: "" });
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 100, reserved: 100 });
    assert.deepEqual(w.seen.starts, [[`${id}-create`, { id, action: "create", approval: false }]]);
    const event = { id, name: "shop", unit: "ct1", stage: "reserve", state: "done", reason: undefined };
    assert.deepEqual(w.seen.events, [event]);
  });

  it("waits for approval where its environment does", async () => {
    const w = world();
    assert.equal(w.record(await asked(w, { environment: "prod" }))!.run.approval, true);
  });

  it("has an id of its own", async () => {
    const w = world();
    const ids = new Set<string>();
    for (let n = 0; n < 20; n += 1) ids.add(await asked(w, { name: `shop-${n}` }));
    assert.equal(ids.size, 20);
  });

  it("is accepted though it cannot be begun: the minute makes up for it", async () => {
    const w = world();
    w.aws.broken.add("start");
    const { result, lines } = await logged(() => post(w));
    assert.deepEqual([result.status, lines.map(({ what }) => what)], [202, ["start"]]);
  });

  it("of who has no unit is refused before anything else", async () => {
    const { status, body } = await post(world(), {}, {}, { ...MEMBER, unit: undefined });
    const message = "An admin must give you a business unit and a quota first.";
    assert.deepEqual([status, body], [403, { code: "unassigned", message }]);
  });

  it("is refused with all that is wrong with it", async () => {
    const w = world();
    const { status, body } = await post(w, { ...wish({ name: "X" }), email: "y" });
    assert.deepEqual([status, body.code, body.problems.length], [400, "invalid", 2]);
    assert.deepEqual([body.message, "accepted" in body], [body.problems.join("; "), false]);
    const unknown = await post(w, wish({ stack: "cobol" }));
    assert.deepEqual(unknown.body.accepted, priceList());
    const none = await post(w, "[]");
    assert.deepEqual([none.status, none.body.code], [400, "invalid"]);
    assert.equal(none.body.message, "The body must be a JSON object.");
    assert.deepEqual([w.secrets.size, w.dynamo.items.size], [0, 0]);
  });

  it("that is a dry run tells price and parts, and leaves nothing behind", async () => {
    const w = world();
    const { status, body } = await post(w, wish(), { query: { dryRun: "1" } });
    const { resources, parts, ...rest } = body;
    assert.deepEqual(
      [status, rest],
      [200, { template: "static", notes: [], monthlyPrice: 1, quota: { left: 1000, enough: true } }],
    );
    assert.deepEqual([resources["S3::Bucket"], parts.includes("2 buckets")], [2, true]);
    assert.deepEqual([w.secrets.size, w.dynamo.items.size, w.seen.starts.length], [0, 0, 0]);
    const exact = await post(w, wish(), { query: { dryRun: "1" } }, { ...MEMBER, quota: 1 });
    assert.equal(exact.body.quota.enough, true);
    const poor = await post(w, wish(), { query: { dryRun: "1" } }, { ...MEMBER, quota: 0.99 });
    assert.deepEqual(poor.body.quota, { left: 0.99, enough: false });
    const meant = await post(w, wish(), { query: { dryRun: "yes" } });
    assert.deepEqual([meant.status, meant.body.message], [400, 'dryRun must be 1 or left out, got "yes".']);
  });
});

describe("a quota", () => {
  const message = "The project costs 1 USD a month, and 0.5 are left of the quota.";

  it("is used to its last cent and no further", async () => {
    const w = world();
    const person = { ...MEMBER, quota: 1.5 };
    await asked(w, {}, person);
    const { status, body } = await post(w, wish({ name: "other" }), {}, person);
    assert.deepEqual([status, body], [403, { code: "quota", message, price: 1, left: 0.5 }]);
    assert.equal(w.secrets.size, 1);
    await asked(w, { name: "third" }, { ...MEMBER, quota: 2 });
  });

  it("holds when somebody was faster, too, and no secret stays", async () => {
    const w = world();
    const person = { ...MEMBER, quota: 1.5 };
    const { usage } = w.apiPorts.store;
    let first = true;
    w.apiPorts.store.usage = async (unit) => {
      const before = await usage(unit);
      if (first) {
        first = false;
        await asked(w, {}, person);
      }
      return before;
    };
    const { status, body } = await post(w, wish({ name: "other" }), {}, person);
    assert.deepEqual([status, body.code, body.left], [403, "quota", 0.5]);
    assert.equal(w.secrets.size, 1);
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 100, reserved: 100 });
  });

  it("smaller than the price is not even tried", async () => {
    const w = world();
    const project = w.record(await asked(w))!;
    assert.deepEqual(await w.apiPorts.store.accept({ ...project, id: "x" }, 99), {
      kind: "quota",
      leftCents: -1,
    });
  });
});

describe("what AWS has room for", () => {
  const site = (name: string) => wish({ name });
  const server = (name: string, more: object = {}) =>
    wish({ name, type: "realtime", stack: "node", environment: "stag", ...more });

  it("is not asked of AWS beyond its quota, and no secret stays", async () => {
    const w = world({ capacity: { sites: 2, balancers: 49, databases: 39, domains: 9 } });
    for (const name of ["one", "two"]) assert.equal((await post(w, site(name))).status, 202);
    const { status, body } = await post(w, site("three"));
    assert.deepEqual([status, w.secrets.size], [409, 2]);
    assert.deepEqual(body, {
      message:
        "The platform has room for 2 projects with a site of files, and there are 2. An admin can ask AWS to raise its quota; deleting a project also makes room.",
      code: "full",
      room: "sites",
      taken: 2,
      most: 2,
    });
    const dry = await post(w, site("three"), { query: { dryRun: "1" } });
    assert.deepEqual([dry.status, dry.body.code], [409, "full"]);
    assert.equal((await post(w, server("other"))).status, 202);
  });

  it("is there again when a project is over", async () => {
    const w = world({ capacity: { sites: 1, balancers: 49, databases: 39, domains: 9 } });
    const { body } = await post(w, site("one"));
    assert.equal((await post(w, site("two"))).status, 409);
    await w.step("undo reserve", body.id);
    assert.equal((await post(w, site("two"))).status, 202);
  });

  it("is counted for what a project needs: a balancer beyond dev, a database with its engine", async () => {
    const rooms = async (capacity: object, ...wishes: object[]) => {
      const w = world({ capacity: { sites: 9, balancers: 9, databases: 9, domains: 9, ...capacity } });
      const answers = [];
      for (const one of wishes) answers.push(await post(w, one));
      return answers.map(({ status, body }) => (status === 202 ? "in" : body.room));
    };
    const database = (name: string) => server(name, { type: "dynamic", stack: "django", environment: "dev" });
    assert.deepEqual(
      await rooms(
        { balancers: 1 },
        server("app-a"),
        server("app-b"),
        server("app-b", { environment: "dev" }),
      ),
      ["in", "balancers", "in"],
    );
    assert.deepEqual(await rooms({ databases: 1 }, database("app-a"), database("app-b"), server("app-c")), [
      "in",
      "databases",
      "in",
    ]);
  });

  it("does not matter to a request that was let in before", async () => {
    const w = world({ capacity: { sites: 1, balancers: 49, databases: 39, domains: 9 } });
    const first = await post(w, site("one"), withKey("0123456789"));
    forgetClaims(w);
    assert.deepEqual(await post(w, site("one"), withKey("0123456789")), first);
  });
});

describe("a name", () => {
  it("belongs to one project of an environment, and no secret of the second stays", async () => {
    const w = world();
    await asked(w);
    const { status, body } = await post(w);
    const message = "The name shop-dev is another project's; choose another one.";
    assert.deepEqual([status, body], [409, { code: "taken", message }]);
    assert.equal(w.secrets.size, 1);
    // Another name leads to the same address.
    const same = await post(w, wish({ name: "shop-dev", environment: "prod" }));
    const dry = await post(w, wish(), { query: { dryRun: "1" } });
    assert.deepEqual(same, { status, body });
    assert.deepEqual(dry, same);
    assert.equal((await post(w, wish({ environment: "stag" }))).status, 202);
  });
});

describe("an Idempotency-Key", () => {
  const KEY = withKey("key-of-the-team");

  it("makes one project of many requests at once, and tells them all the same", async () => {
    const w = world();
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(w, wish(), KEY)));
    assert.equal(answers[0]!.status, 202);
    for (const answer of some(answers)) assert.deepEqual(answer, answers[0]);
    assert.deepEqual(await post(w, wish({ accessToken: "another" }), KEY), answers[0]);
    assert.deepEqual([w.seen.starts.length, w.secrets.size], [1, 1]);
  });

  it("is refused with another request", async () => {
    const w = world();
    await post(w, wish(), KEY);
    const { status, body } = await post(w, wish({ name: "other" }), KEY);
    const message = "Idempotency-Key came with another request before.";
    assert.deepEqual([status, body], [422, { code: "key", message }]);
    assert.deepEqual([w.seen.starts.length, w.secrets.size], [1, 1]);
  });

  it("is each caller's own", async () => {
    const w = world();
    await post(w, wish(), KEY);
    const other = await post(w, wish({ name: "other" }), KEY, { ...MEMBER, sub: "s-2" });
    assert.equal(other.status, 202);
    assert.equal(w.seen.starts.length, 2);
  });

  it("leads to the same project when its answer was lost, though that has used up the quota", async () => {
    const w = world();
    const person = { ...MEMBER, quota: 1 };
    const first = await post(w, wish(), KEY, person);
    forgetClaims(w);
    assert.deepEqual(await post(w, wish(), KEY, person), first);
    assert.deepEqual([w.seen.starts.length, w.secrets.size], [1, 1]);
  });

  it("leads there even when the project was not to be seen yet, and no second secret stays", async () => {
    const w = world();
    const first = await post(w, wish(), KEY);
    forgetClaims(w);
    w.apiPorts.store.get = async () => undefined;
    assert.deepEqual(await post(w, wish(), KEY), first);
    assert.deepEqual([w.seen.starts.length, w.secrets.size], [1, 1]);
    assert.deepEqual(w.quota("ct1"), { pk: "quota#ct1", used: 100, reserved: 100 });
  });

  it("may come again after a refusal", async () => {
    const w = world();
    assert.equal((await post(w, wish({ environment: "qa" }), KEY)).status, 400);
    assert.equal((await post(w, wish(), KEY)).status, 202);
  });

  it("means nothing in a dry run", async () => {
    const w = world();
    assert.equal((await post(w, wish(), { ...KEY, query: { dryRun: "1" } })).status, 200);
    assert.equal(w.dynamo.items.size, 0);
  });

  it("must be a key", async () => {
    const w = world();
    const message = "Idempotency-Key must be 8 to 128 letters, digits or any of . _ : -, such as a UUID.";
    const { status, body } = await post(w, wish(), withKey("{{uuid}}"));
    assert.deepEqual([status, body], [400, { code: "key", message }]);
    assert.deepEqual([w.secrets.size, w.dynamo.items.size], [0, 0]);
  });
});

describe("a record that cannot be written", () => {
  it("takes its secret with it", async () => {
    const w = world();
    const { accept } = w.apiPorts.store;
    w.apiPorts.store.accept = async (...all) => {
      w.dynamo.failures.push(new Error("throttled"));
      return accept(...all);
    };
    const { result } = await logged(() => post(w));
    assert.deepEqual([result.status, w.secrets.size, w.dynamo.items.size], [503, 0, 0]);
  });

  it("is tried again when writers of one quota meet, and no other time", async () => {
    const w = world();
    const met = (...codes: string[]) =>
      Object.assign(new Error("met"), { CancellationReasons: codes.map((Code) => ({ Code })) });
    const { accept } = w.apiPorts.store;
    w.apiPorts.store.accept = async (...all) => {
      w.dynamo.failures.push(met("None", "None", "TransactionConflict"), met("TransactionConflict"));
      return accept(...all);
    };
    assert.equal((await post(w)).status, 202);
    assert.equal(w.dynamo.calls.filter(([operation]) => operation === "TransactWriteItems").length, 3);
    w.apiPorts.store.accept = async (...all) => {
      w.dynamo.failures.push(met("ThrottlingError"));
      return accept(...all);
    };
    const { result } = await logged(() => post(w, wish({ name: "other" })));
    assert.equal(result.status, 503);
  });
});
