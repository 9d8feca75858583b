// A project's name of its own: from the request to the stack that answers by it, and to its end.
import { strict as assert } from "node:assert";
import { ADMIN, asked, DAY, HOUR, MEMBER, ready, SITE, time, wish, world, World } from "./world";

const NAME = "www.example.com";
const RECORD = { name: `_a.${NAME}`, type: "CNAME" as const, value: "_b.acm-validations.aws" };
const LEADS = { name: NAME, type: "CNAME" as const, value: "shop-dev.projects.example.org" };
const SERVER = { Target: "lb.example.org", TargetZone: "Z2", Build: "b", Group: "g", Images: "i" };

/** As many minutes as it takes. */
async function minute(w: World, times = 1) {
  for (let i = 0; i < times; i++) {
    w.clock.ms += 60_000;
    await w.domains();
  }
}

/** A project whose certificate ACM has, with the record that proves its name. */
async function waiting(w: World, more: object = {}, outputs: Record<string, string> = SITE): Promise<string> {
  const id = await ready(w, { domain: NAME, ...more }, outputs);
  await minute(w);
  w.certificates.set(arnOf(w), { state: "pending", record: RECORD });
  await minute(w);
  return id;
}

const arnOf = (w: World) => w.claim(NAME)!.certificateArn!;

/** ACM has found the record; the update that this begins runs to its end. */
async function issued(w: World, id: string): Promise<void> {
  w.certificates.set(arnOf(w), { state: "issued", record: RECORD });
  await minute(w);
  await update(w, id);
}

/** What the state machine does of an update that leads the stack on. */
async function update(w: World, id: string): Promise<void> {
  await w.step("update", id, "t-update");
  Object.assign(w.stacks.get(`gw-${id}`)!, {
    status: "UPDATE_COMPLETE",
    updatedAt: new Date(w.clock.ms + 1).toISOString(),
  });
  await w.look(id);
  await w.step("deliver", id, "t-deliver");
  await w.step("serve", id, "t-serve");
  await w.step("finish", id);
}

async function serving(w: World, more: object = {}, outputs: Record<string, string> = SITE): Promise<string> {
  const id = await waiting(w, more, outputs);
  await issued(w, id);
  await minute(w);
  return id;
}

const lastRequest = (w: World) => w.seen.requests.at(-1)![1].parameters;
const patch = (w: World, id: string, body: object) => w.call(MEMBER, "PATCH", "/projects/{id}", { id, body });
const stateOf = async (w: World, id: string) =>
  (await w.call(MEMBER, "GET", "/projects/{id}", { id })).body.domainState;

describe("a site's own name", () => {
  it("gets one certificate for both of its names, shows its records, and leads the stack on once it is issued", async () => {
    const w = world();
    const id = await ready(w, { domain: NAME });
    assert.equal(lastRequest(w)["Domain"], "");
    assert.deepEqual(w.seen.certificates, []);

    await minute(w);
    assert.deepEqual(w.seen.certificates, [
      {
        forCloudFront: true,
        domain: NAME,
        also: ["*.projects.example.org"],
        token: `${id}${Date.parse(w.record(id)!.createdAt)}`,
        tags: { "groundwork:provisioner": "gw", "groundwork:project": id, "groundwork:unit": "ct1" },
      },
    ]);
    assert.deepEqual(await stateOf(w, id), { domain: NAME, state: "asked" });
    await minute(w);
    assert.equal(w.seen.mails.length, 1, "ACM has no record yet");

    w.certificates.set(arnOf(w), { state: "pending", record: RECORD });
    const { askedAt } = w.claim(NAME)!;
    await minute(w, 2);
    assert.deepEqual(await stateOf(w, id), {
      ...{ domain: NAME, state: "waits" },
      until: new Date(Date.parse(askedAt!) + 72 * HOUR).toISOString(),
      records: [RECORD, LEADS],
    });
    assert.deepEqual(
      w.seen.mails.slice(1).map(({ to, subject }) => [to, subject]),
      [[["team@example.org"], "shop: two records for www.example.com"]],
    );
    for (const text of [RECORD.name, RECORD.value, LEADS.value, "2100-03-04"])
      assert.ok(w.seen.mails[1]!.text.includes(text), text);

    w.certificates.set(arnOf(w), { state: "issued", record: RECORD });
    await minute(w);
    const { run, state } = w.record(id)!;
    assert.deepEqual([state, run.action, run.approval], ["updating", "update", false]);
    assert.equal((await stateOf(w, id)).state, "issued");
    const arn = arnOf(w);
    const probes = w.seen.probes.length;
    await update(w, id);
    const { Domain, CertificateArn } = lastRequest(w);
    assert.deepEqual({ Domain, CertificateArn }, { Domain: NAME, CertificateArn: arn });
    assert.equal(w.record(id)!.state, "ready");
    assert.equal(w.seen.builds.length, 1, "nothing is built for it");
    assert.equal(w.seen.probes.length, probes, "nor is it a reason to ask whether the project is well");

    await minute(w);
    assert.deepEqual(await stateOf(w, id), { domain: NAME, state: "serves", records: [RECORD, LEADS] });
    assert.equal(w.record(id)!.state, "ready");
  });

  it("keeps its certificate's ARN to itself", async () => {
    const w = world();
    const id = await serving(w);
    const { body } = await w.call(MEMBER, "GET", "/projects/{id}", { id });
    assert.equal(body.domain, NAME);
    assert.doesNotMatch(JSON.stringify(body), /arn:certificate/);
  });

  it("stays through any other update", async () => {
    const w = world();
    const id = await serving(w);
    const arn = arnOf(w);
    await patch(w, id, { variables: { A: "b" } });
    await update(w, id);
    assert.deepEqual([lastRequest(w)["Domain"], lastRequest(w)["CertificateArn"]], [NAME, arn]);
  });

  it("leads to CloudFront's name where the platform has no domain, by a certificate for itself alone", async () => {
    const w = world({ domain: "", zones: [] });
    const id = await waiting(w);
    assert.deepEqual(w.seen.certificates[0]!.also, []);
    const { records } = await stateOf(w, id);
    assert.deepEqual(records[1], { ...LEADS, value: "d1.cloudfront.net" });
  });
});

describe("a server's own name", () => {
  const node = { environment: "stag", type: "dynamic", stack: "flask" };

  it("gets its certificate in the stack's own region", async () => {
    const w = world({ automatic: ["dev", "stag", "prod"] });
    const id = await serving(w, node, SERVER);
    assert.equal(w.seen.certificates[0]!.forCloudFront, false);
    const { records, state } = await stateOf(w, id);
    assert.equal(state, "serves");
    assert.equal(records[1].value, "shop-stag.projects.example.org");
    assert.deepEqual([lastRequest(w)["Domain"], lastRequest(w)["CertificateArn"]], [NAME, arnOf(w)]);
  });

  const without: Parameters<typeof world>[0] = { domain: "", zones: [] };
  for (const [what, more, settings] of [
    ["in dev, which has no HTTPS", { ...node, environment: "dev" }, {}],
    ["where the platform has no domain, and so no HTTPS", node, without],
  ] as const)
    it(`refuses it ${what}`, async () => {
      const w = world(settings);
      const { status, body } = await w.call(MEMBER, "POST", "/projects", {
        body: wish({ ...more, domain: NAME }),
        query: { dryRun: "1" },
      });
      assert.deepEqual([status, body.code], [400, "invalid"]);
      assert.match(body.message, /^domain must be left out for a (dev )?project with servers/);
      const id = await ready(w, more, SERVER).catch(() => asked(w, more));
      assert.match(
        (await patch(w, id, { domain: NAME })).body.message,
        /^domain must be left out for a (dev )?project with servers/,
      );
    });
});

describe("the door to a name of its own", () => {
  for (const domain of ["example.org", "shop.example.org", "www.projects.example.org", "www.example.net"])
    it(`refuses ${domain}, which is the platform's`, async () => {
      const w = world({ consoleUrl: "https://www.example.net" });
      const { status, body } = await w.call(MEMBER, "POST", "/projects", { body: wish({ domain }) });
      assert.deepEqual([status, body.code], [409, "reserved"]);
      assert.match(body.message, new RegExp(`${domain} lies in a zone of the platform's own`));
      const id = await ready(w);
      assert.equal((await patch(w, id, { domain })).body.code, "reserved");
    });

  for (const domain of [
    "WWW.example.com",
    "example",
    "10.0.0.1",
    "*.example.com",
    "www.example.com.",
    "www_1.example.com",
    "-a.example.com",
    "db.internal",
    `${"a".repeat(60)}.example.com`,
    "https://www.example.com",
  ])
    it(`refuses ${domain.slice(0, 30)}`, async () => {
      const { status, body } = await world().call(MEMBER, "POST", "/projects", { body: wish({ domain }) });
      assert.equal(status, 400);
      assert.match(body.problems[0], /^domain must be a public name of your own in lower case/);
    });

  it("accepts names of other scripts, and a zone's own", async () => {
    for (const domain of ["example.com", "xn--mnchen-3ya.example", "a.b.c.xn--p1ai"]) {
      const { status } = await world().call(MEMBER, "POST", "/projects", { body: wish({ domain }) });
      assert.equal(status, 202, domain);
    }
  });

  it("refuses a name that another project has, at the request and at a change, and takes nothing for it", async () => {
    const w = world();
    await asked(w, { domain: NAME });
    const before = w.quota("ct1");
    const secrets = w.secrets.size;
    const { status, body } = await w.call(MEMBER, "POST", "/projects", {
      body: wish({ name: "other", domain: NAME }),
    });
    assert.deepEqual([status, body.code], [409, "taken"]);
    assert.match(body.message, /^Another project has the name www\.example\.com/);
    assert.deepEqual(w.quota("ct1"), before);
    assert.equal(w.secrets.size, secrets);

    const id = await ready(w, { name: "third" });
    const kept = w.secrets.size;
    const change = await patch(w, id, { domain: NAME, accessToken: "n3w" });
    assert.deepEqual([change.status, change.body.code], [409, "taken"]);
    assert.deepEqual([w.record(id)!.state, w.secrets.size], ["ready", kept]);
  });

  it("refuses one name more than ACM has room for; one that takes another's place needs none", async () => {
    const w = world({ capacity: { sites: 9, balancers: 9, databases: 9, domains: 1 } });
    const id = await ready(w, { domain: NAME });
    const other = await ready(w, { name: "other" });
    const { status, body } = await w.call(MEMBER, "POST", "/projects", {
      body: wish({ name: "third", domain: "a.example.com" }),
    });
    assert.deepEqual([status, body.code, body.room], [409, "full", "domains"]);
    assert.equal((await patch(w, other, { domain: "a.example.com" })).body.code, "full");
    assert.equal((await patch(w, id, { domain: "b.example.com" })).status, 202);
  });

  it("gives a preview none", async () => {
    const w = world();
    const id = await ready(w);
    w.edit(id, { previewOf: "abcdefgh12" });
    assert.match((await patch(w, id, { domain: NAME })).body.message, /^A preview lives for a few days/);
  });

  it("asks no admin twice: what was approved with the project, or as a change, is led on by itself", async () => {
    const w = world({ automatic: [] });
    const id = await asked(w);
    w.edit(id, { state: "ready", quota: "committed" });
    assert.equal((await patch(w, id, { domain: NAME })).status, 202);
    const { run, change } = w.record(id)!;
    assert.deepEqual([run.approval, change], [true, { domain: NAME }]);
    const waiting = await w.call(ADMIN, "GET", "/projects", { query: { waiting: "1" } });
    assert.equal(waiting.status, 200);
    await minute(w);
    assert.deepEqual(w.seen.certificates, [], "nobody has said yes");
  });
});

describe("a name that cannot be had", () => {
  const cases: [string, (w: World) => void, RegExp][] = [
    [
      "whose record is not found within 72 hours",
      (w) => void (w.clock.ms += 72 * HOUR),
      /not found within 72 hours/,
    ],
    [
      "that ACM does not issue a certificate for",
      (w) => void w.certificates.set(arnOf(w), { state: "failed", reason: "Its CAA records." }),
      /^Its CAA records\.$/,
    ],
    ["whose certificate is gone", (w) => void w.certificates.delete(arnOf(w)), /^Its certificate is gone\.$/],
  ];
  for (const [what, happens, reason] of cases)
    it(`is given up with the reason, and the project goes on without it: one ${what}`, async () => {
      const w = world();
      const id = await waiting(w);
      const arn = arnOf(w);
      happens(w);
      await minute(w);
      const { state, domain, domainState } = w.record(id)!;
      assert.deepEqual([state, domain, domainState!.state], ["ready", undefined, "given-up"]);
      assert.match(domainState!.reason!, reason);
      const mail = w.seen.mails.at(-1)!;
      assert.equal(mail.subject, "shop goes on without www.example.com");
      assert.ok(mail.text.includes(domainState!.reason!));
      await minute(w);
      assert.equal(w.claim(NAME), undefined, "nobody has shown that it is theirs");
      assert.deepEqual(w.seen.certificatesRemoved, [arn]);
      assert.equal((await stateOf(w, id)).state, "given-up");
      assert.equal((await patch(w, id, { domain: NAME })).status, 202, "it may be asked for again");
    });

  it("is given up when ACM refuses to be asked", async () => {
    const w = world();
    const id = await ready(w, { domain: NAME });
    w.aws.certificateAnswer = { refused: "ACM refuses its certificate: no more." };
    await minute(w, 2);
    assert.equal(w.record(id)!.domainState!.reason, "ACM refuses its certificate: no more.");
    assert.equal(w.claim(NAME), undefined);
  });

  it("is given up when its stack is led back, since another distribution has it; the project stays ready", async () => {
    const w = world();
    const id = await waiting(w);
    w.certificates.set(arnOf(w), { state: "issued", record: RECORD });
    await minute(w);
    await w.step("update", id, "t-update");
    Object.assign(w.stacks.get(`gw-${id}`)!, {
      status: "UPDATE_ROLLBACK_COMPLETE",
      updatedAt: new Date(w.clock.ms + 1).toISOString(),
    });
    await w.look(id);
    await w.step("keep", id);
    assert.equal(w.record(id)!.state, "ready");
    await minute(w);
    const { domainState, domain, ownName } = w.record(id)!;
    assert.deepEqual([domain, ownName], [undefined, undefined]);
    assert.match(domainState!.reason!, /^The project could not be led on to it: /);
    await minute(w);
    // It was proved to be the unit's.
    assert.deepEqual(w.claim(NAME)!.id, undefined);
  });

  it("waits while anything else moves, and is asked for again when a call fails", async () => {
    const w = world();
    const id = await ready(w, { domain: NAME });
    w.edit(id, { state: "updating" });
    await minute(w);
    assert.deepEqual(w.seen.certificates, []);
    w.edit(id, { state: "ready" });
    w.aws.broken.add("request");
    await minute(w);
    w.aws.broken.clear();
    await minute(w);
    assert.equal(w.seen.certificates.length, 1);
  });
});

describe("the end of a name", () => {
  it("comes when it is taken from the project: the stack lets go, then the certificate goes, then the name", async () => {
    const w = world();
    const id = await serving(w);
    const arn = arnOf(w);
    w.inUse.add(arn);
    assert.equal((await patch(w, id, { domain: null })).status, 202);
    await minute(w, 6);
    assert.deepEqual(w.seen.certificatesRemoved, [], "its stack answers by it still");
    await update(w, id);
    const { Domain, CertificateArn } = lastRequest(w);
    assert.deepEqual([Domain, CertificateArn], ["", undefined]);
    await minute(w, 6);
    assert.equal(w.claim(NAME)!.id, id, "CloudFront takes its minutes");
    w.inUse.clear();
    await minute(w);
    assert.deepEqual(w.seen.certificatesRemoved, [arn]);
    assert.equal(await stateOf(w, id), undefined);
    assert.equal(w.record(id)!.domain ?? undefined, undefined);
  });

  it("comes with the project's", async () => {
    const w = world();
    const id = await serving(w);
    const arn = arnOf(w);
    w.edit(id, { state: "deleting" });
    await minute(w, 6);
    assert.deepEqual(w.seen.certificatesRemoved, []);
    w.edit(id, { state: "deleted" });
    await minute(w);
    assert.deepEqual(w.seen.certificatesRemoved, [arn]);
  });

  it("comes at once with a request that was taken back", async () => {
    const w = world();
    const id = await asked(w, { domain: NAME });
    w.edit(id, { state: "rejected" });
    await minute(w);
    assert.equal(w.claim(NAME), undefined);
    assert.deepEqual(w.seen.certificatesRemoved, []);
  });

  it("comes with a change that was not approved", async () => {
    const w = world();
    const id = await ready(w);
    await patch(w, id, { domain: NAME });
    await minute(w);
    assert.equal(w.claim(NAME)!.id, id);
    w.edit(id, { state: "ready", change: undefined });
    await minute(w);
    assert.equal(w.claim(NAME), undefined);
  });

  it("leaves a name that was proved to its unit for a while, since its records may stand on", async () => {
    const w = world();
    const id = await serving(w);
    w.edit(id, { state: "deleted" });
    await minute(w, 6);
    const { id: holder, ttl } = w.claim(NAME)!;
    assert.deepEqual([holder, ttl], [undefined, Math.floor((w.clock.ms - 60_000 + 90 * DAY) / 1000)]);
    const other = { ...MEMBER, sub: "s-other", unit: "ct2" };
    const body = wish({ name: "second", domain: NAME });
    assert.equal((await w.call(other, "POST", "/projects", { body })).body.code, "taken");
    assert.equal((await w.call(MEMBER, "POST", "/projects", { body })).status, 202);
    assert.equal(w.claim(NAME)!.holder, "ct1");
    assert.equal(w.claim(NAME)!.ttl, undefined);
  });

  it("frees it for everybody after that while, even before the table forgets it", async () => {
    const w = world();
    const id = await serving(w);
    w.edit(id, { state: "deleted" });
    await minute(w, 6);
    w.clock.ms += 91 * DAY;
    const other = { ...MEMBER, sub: "s-other", unit: "ct2" };
    const body = wish({ name: "second", domain: NAME });
    assert.equal((await w.call(other, "POST", "/projects", { body })).status, 202);
  });

  it("changes nothing of a project that gets another name: the one before serves until then", async () => {
    const w = world();
    const id = await serving(w);
    const first = arnOf(w);
    await patch(w, id, { domain: "new.example.com" });
    await update(w, id);
    assert.equal(lastRequest(w)["CertificateArn"], first);
    await minute(w, 6);
    const { certificateArn } = w.claim("new.example.com")!;
    w.certificates.set(certificateArn!, { state: "issued" });
    await minute(w);
    await update(w, id);
    assert.deepEqual(
      [lastRequest(w)["Domain"], lastRequest(w)["CertificateArn"]],
      ["new.example.com", certificateArn],
    );
    await minute(w, 6);
    assert.deepEqual(w.seen.certificatesRemoved, [first]);
  });
});

describe("a certificate that ACM cannot renew", () => {
  it("is told of once, and taken out three days before it ends", async () => {
    const w = world();
    const id = await serving(w);
    const lapses = new Date(w.clock.ms + 30 * DAY).toISOString();
    w.certificates.set(arnOf(w), { state: "issued", record: RECORD, lapses });
    await minute(w, 12);
    const mails = () => w.seen.mails.filter(({ subject }) => subject === `shop: ${NAME} is about to end`);
    assert.equal(mails().length, 1);
    assert.ok(mails()[0]!.text.includes(RECORD.name));
    assert.match((await stateOf(w, id)).reason, /^Its certificate ends on 2100-03-31/);

    w.clock.ms = Date.parse(lapses) - 3 * DAY;
    await minute(w);
    assert.deepEqual([w.record(id)!.state, w.record(id)!.domainState!.state], ["updating", "given-up"]);
    await update(w, id);
    assert.equal(lastRequest(w)["Domain"], "");
    assert.equal(w.record(id)!.state, "ready");
  });

  it("is told of again after it was renewed in between", async () => {
    const w = world();
    const id = await serving(w);
    const arn = arnOf(w);
    const failing = { state: "issued" as const, record: RECORD, lapses: time(60 * DAY) };
    for (const certificate of [failing, { state: "issued" as const, record: RECORD }, failing]) {
      w.certificates.set(arn, certificate);
      await minute(w, 6);
    }
    assert.equal(w.seen.mails.filter(({ subject }) => subject.endsWith("about to end")).length, 2);
    assert.equal(w.record(id)!.state, "ready");
  });
});
