// The end of a project's name of its own.
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
  serving,
  stateOf,
  update,
} from "./domain-scenes";
import { asked, DAY, MEMBER, ready, wish, world } from "./world";

describe("the end of a name", () => {
  it("comes when it is taken from the project: the stack lets go, then the certificate goes, then the name", async () => {
    const w = world();
    const id = await serving(w);
    const arn = arnOf(w);
    w.acm.inUse.add(arn);
    assert.equal((await patch(w, id, { domain: null })).status, 202);
    await minute(w, 6);
    assert.deepEqual(w.acm.removed, [], "its stack answers by it still");
    await update(w, id);
    const { Domain, CertificateArn } = lastRequest(w);
    assert.deepEqual([Domain, CertificateArn], ["", undefined]);
    await minute(w, 6);
    assert.equal(claimOf(w)!.id, id, "CloudFront takes its minutes");
    w.acm.inUse.clear();
    await minute(w);
    assert.deepEqual(w.acm.removed, [arn]);
    assert.equal(await stateOf(w, id), undefined);
    assert.equal(w.record(id)!.domain ?? undefined, undefined);
  });

  it("comes with the project's", async () => {
    const w = world();
    const id = await serving(w);
    const arn = arnOf(w);
    w.edit(id, { state: "deleting" });
    await minute(w, 6);
    assert.deepEqual(w.acm.removed, []);
    w.edit(id, { state: "deleted" });
    await minute(w);
    assert.deepEqual(w.acm.removed, [arn]);
  });

  it("comes at once with a request that was taken back", async () => {
    const w = world();
    const id = await asked(w, { domain: NAME });
    w.edit(id, { state: "rejected" });
    await minute(w);
    assert.equal(claimOf(w), undefined);
    assert.deepEqual(w.acm.removed, []);
  });

  it("comes with a change that was not approved", async () => {
    const w = world();
    const id = await ready(w);
    await patch(w, id, { domain: NAME });
    await minute(w);
    assert.equal(claimOf(w)!.id, id);
    w.edit(id, { state: "ready", change: undefined });
    await minute(w);
    assert.equal(claimOf(w), undefined);
  });

  it("leaves a name that was proved to its unit for a while, since its records may stand on", async () => {
    const w = world();
    const id = await serving(w);
    w.edit(id, { state: "deleted" });
    await minute(w, 6);
    const { id: holder, ttl } = claimOf(w)!;
    assert.deepEqual([holder, ttl], [undefined, Math.floor((w.clock.ms - 60_000 + 90 * DAY) / 1000)]);
    const other = { ...MEMBER, sub: "s-other", unit: "ct2" };
    const body = wish({ name: "second", domain: NAME });
    assert.equal((await w.call(other, "POST", "/projects", { body })).body.code, "taken");
    assert.equal((await w.call(MEMBER, "POST", "/projects", { body })).status, 202);
    assert.equal(claimOf(w)!.holder, "ct1");
    assert.equal(claimOf(w)!.ttl, undefined);
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
    assert.deepEqual(w.acm.removed, [], "it serves still");
    const { certificateArn } = claimOf(w, "new.example.com")!;
    w.acm.certificates.set(certificateArn!, { state: "issued" });
    await minute(w);
    await update(w, id);
    assert.deepEqual(
      [lastRequest(w)["Domain"], lastRequest(w)["CertificateArn"]],
      ["new.example.com", certificateArn],
    );
    await minute(w, 6);
    assert.deepEqual(w.acm.removed, [first]);
  });

  it("brings the name before back when the one that was to take its place is given up", async () => {
    const w = world();
    const id = await serving(w);
    const first = arnOf(w);
    await patch(w, id, { domain: "new.example.com" });
    await update(w, id);
    await minute(w);
    w.acm.certificates.set(claimOf(w, "new.example.com")!.certificateArn!, {
      state: "failed",
      reason: "No.",
    });
    await minute(w);
    const { domain, domainState } = w.record(id)!;
    assert.deepEqual(
      [domain, domainState!.state, domainState!.domain],
      [NAME, "given-up", "new.example.com"],
    );
    await minute(w, 6);
    assert.deepEqual(w.acm.removed, ["arn:certificate/2"]);
    assert.equal(w.record(id)!.ownName!.certificateArn, first);
    assert.deepEqual(await stateOf(w, id), { domain: NAME, state: "serves", records: [RECORD, LEADS] });
  });
});
