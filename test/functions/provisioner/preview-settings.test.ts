import { strict as assert } from "node:assert";
import fc from "fast-check";
import { fields } from "../../../functions/provisioner/fields";
import { previewNames } from "../../../functions/provisioner/preview-names";
import { some } from "../../some";
import { ADMIN, asked, MEMBER, ready, serve, world } from "./world";

describe("the names of previews", () => {
  const of = { id: "aaaaaaaaaa", name: "shop" };

  it("begin with the project's, and are plain where that tells the branch", () => {
    assert.equal(previewNames(of, "feature/New_Cart")[0], "shop-feature-new-cart");
    assert.equal(previewNames(of, "___").length, 1);
    assert.equal(previewNames({ ...of, name: "a".repeat(40) }, "next").length, 1);
  });

  it("are accepted ones, and different for different branches", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/);
    fc.assert(
      fc.property(name, fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (project, one, other) => {
        const names = previewNames({ id: of.id, name: project }, one);
        for (const each of some(names)) {
          assert.match(each, fields["name"]!.rule);
          assert.equal(each.length <= fields["name"]!.longest, true, each);
        }
        if (one !== other)
          assert.notEqual(names.at(-1), previewNames({ id: of.id, name: project }, other).at(-1));
      }),
    );
  });
});

describe("the settings of previews", () => {
  it("are shown to whoever is asked to say yes to them, with what they let out", async () => {
    const w = world();
    const given = { type: "realtime", stack: "node", environment: "stag", secrets: { KEY: "s3cret" } };
    w.addresses.set("group-1", "192.0.2.7");
    const id = await ready(w, given, { Group: "group-1", Scheme: "http" });
    const body = { previews: true, previewSecrets: true, accessToken: "t0ken2", variables: { A: "1" } };
    assert.equal((await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body })).status, 202);
    await w.step("approve", id, "t-yes");
    const shown = (await w.call(ADMIN, "GET", "/projects/{id}", { id })).body;
    assert.deepEqual(shown.wants, { previews: true, previewSecrets: true, variables: { A: "1" } });
    const out = /^Its previews get its secrets: anyone who may push to the repository can read them\.$/m;
    assert.match(w.seen.mails.at(-1)!.text, out);
    const plain = await asked(w, { name: "plain", environment: "stag", previews: true });
    await w.step("approve", plain, "t-plain");
    assert.doesNotMatch(w.seen.mails.at(-1)!.text, out);
    assert.equal((await w.call(ADMIN, "GET", "/projects/{id}", { id: plain })).body.wants, undefined);
  });

  it("are asked for with the project, changed like anything else, and shown", async () => {
    const w = world();
    const { body } = await w.call(MEMBER, "POST", "/projects", {
      body: {
        type: "realtime",
        stack: "node",
        name: "x",
        environment: "dev",
        previews: "yes",
        previewSecrets: 1,
      },
    });
    assert.deepEqual(
      body.problems.filter((one: string) => one.startsWith("preview")),
      ['previews must be true or false, got "yes"', "previewSecrets must be true or false, got 1"],
    );
    const id = await ready(w, { previews: true });
    assert.equal((await w.call(MEMBER, "GET", "/projects/{id}", { id })).body.previews, true);
    const off = await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { previews: false } });
    assert.equal(off.status, 202);
    const { length } = w.seen.builds;
    w.aws.updateAnswer = "unchanged";
    w.aws.problem = "it is down";
    await w.step("update", id, "t-up");
    await w.step("deliver", id, "t-build");
    await serve(w, id);
    assert.equal(w.record(id)!.stages.serve!.state, "done", "nothing of what serves has changed");
    await w.step("finish", id);
    assert.deepEqual([w.record(id)!.state, w.record(id)!.previews], ["ready", false]);
    assert.equal(w.seen.builds.length, length, "nothing is built for it");
    const site = await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { previewSecrets: true } });
    assert.deepEqual(site.body.problems, [
      "previewSecrets is for kinds that run a server; this one publishes files",
    ]);
  });
});
