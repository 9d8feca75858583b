// Which names of their own projects get.
import { strict as assert } from "node:assert";
import { minute, NAME, patch } from "./domain-scenes";
import { ADMIN, asked, MEMBER, ready, wish, world } from "./world";

describe("a request for a name of its own", () => {
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
      assert.match(body.problems[0], /^domain must be your own public name in lower case/);
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
    assert.match(body.message, /^The name www\.example\.com is taken: /);
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
    assert.match((await patch(w, id, { domain: NAME })).body.message, /^A preview lasts a few days/);
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
    assert.deepEqual(w.acm.asked, [], "nobody has said yes");
  });
});
