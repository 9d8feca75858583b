// A project's name of its own: from the certificate that is asked for to the stack that answers by it, or to what stands in the way.
import { strict as assert } from "node:assert";
import {
  arnOf,
  claimOf,
  lastRequest,
  LEADS,
  minute,
  NAME,
  patch,
  RECORD,
  SERVER,
  serving,
  stateOf,
  update,
  waiting,
} from "./domain-scenes";
import { asked, DAY, HOUR, MEMBER, ready, time, wish, world, World } from "./world";

describe("a site's own name", () => {
  it("gets one certificate for both of its names, shows its records, and leads the stack on once it is issued", async () => {
    const w = world();
    const id = await ready(w, { domain: NAME });
    assert.equal(lastRequest(w)["Domain"], "");
    assert.deepEqual(w.acm.asked, []);

    await minute(w);
    assert.deepEqual(w.acm.asked, [
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

    w.acm.certificates.set(arnOf(w), { state: "pending", record: RECORD });
    const { askedAt } = claimOf(w)!;
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

    w.acm.certificates.set(arnOf(w), { state: "issued", record: RECORD });
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
    assert.deepEqual(w.acm.asked[0]!.also, []);
    const { records } = await stateOf(w, id);
    assert.deepEqual(records[1], { ...LEADS, value: "d1.cloudfront.net" });
  });
});

describe("a server's own name", () => {
  const node = { environment: "stag", type: "dynamic", stack: "flask" };

  it("gets its certificate in the stack's own region", async () => {
    const w = world({ automatic: ["dev", "stag", "prod"] });
    const id = await serving(w, node, SERVER);
    assert.equal(w.acm.asked[0]!.forCloudFront, false);
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

describe("a name that cannot be had", () => {
  const cases: [string, (w: World) => void, RegExp][] = [
    [
      "whose record is not found within 72 hours",
      (w) => void (w.clock.ms += 72 * HOUR),
      /not found within 72 hours/,
    ],
    [
      "that ACM does not issue a certificate for",
      (w) => void w.acm.certificates.set(arnOf(w), { state: "failed", reason: "Its CAA records." }),
      /^Its CAA records\.$/,
    ],
    [
      "whose certificate is gone",
      (w) => void w.acm.certificates.delete(arnOf(w)),
      /^Its certificate is gone\.$/,
    ],
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
      assert.equal(claimOf(w), undefined, "nobody has shown that it is theirs");
      assert.deepEqual(w.acm.removed, [arn]);
      assert.equal((await stateOf(w, id)).state, "given-up");
      assert.equal((await patch(w, id, { domain: NAME })).status, 202, "it may be asked for again");
    });

  it("is given up when ACM refuses to be asked", async () => {
    const w = world();
    const id = await ready(w, { domain: NAME });
    w.acm.refusal = { refused: "ACM refuses its certificate: no more." };
    await minute(w, 2);
    assert.equal(w.record(id)!.domainState!.reason, "ACM refuses its certificate: no more.");
    assert.equal(claimOf(w), undefined);
  });

  it("is given up when its stack is led back, since another distribution has it; the project stays ready", async () => {
    const w = world();
    const id = await waiting(w);
    w.acm.certificates.set(arnOf(w), { state: "issued", record: RECORD });
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
    assert.match(domainState!.reason!, /^The project could not be moved to it: /);
    await minute(w);
    // It was proved to be the unit's.
    assert.deepEqual(claimOf(w)!.id, undefined);
  });

  it("waits while anything else moves, and is asked for again when a call fails", async () => {
    const w = world();
    const id = await ready(w, { domain: NAME });
    w.edit(id, { state: "updating" });
    await minute(w);
    assert.deepEqual(w.acm.asked, []);
    w.edit(id, { state: "ready" });
    w.aws.broken.add("request");
    await minute(w);
    w.aws.broken.clear();
    await minute(w);
    assert.equal(w.acm.asked.length, 1);
  });
});

describe("a certificate that ACM cannot renew", () => {
  it("is told of once, and taken out three days before it ends", async () => {
    const w = world();
    const id = await serving(w);
    const lapses = new Date(w.clock.ms + 30 * DAY).toISOString();
    w.acm.certificates.set(arnOf(w), { state: "issued", record: RECORD, lapses });
    await minute(w, 12);
    const mails = () =>
      w.seen.mails.filter(({ subject }) => subject === `shop: ${NAME} is about to stop working`);
    assert.equal(mails().length, 1);
    assert.ok(mails()[0]!.text.includes(RECORD.name));
    assert.match((await stateOf(w, id)).reason, /^Its certificate expires on 2100-03-31/);

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
      w.acm.certificates.set(arn, certificate);
      await minute(w, 6);
    }
    assert.equal(w.seen.mails.filter(({ subject }) => subject.endsWith("about to stop working")).length, 2);
    assert.equal(w.record(id)!.state, "ready");
  });
});
