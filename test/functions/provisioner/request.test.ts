import { strict as assert } from "node:assert";
import { attribute, item, object, updateOf } from "../../../functions/provisioner/aws/attributes";
import { hostOf, idOf } from "../../../functions/provisioner/project";
import { some } from "../../some";
import { parsed } from "../../../functions/provisioner/body";
import { PORTS } from "../../../functions/provisioner/fields";
import { changeOf, wishOf, withoutSecrets } from "../../../functions/provisioner/request";
import { MEMBER, ready, wish, world } from "./world";
import { good } from "./good-request";

describe("a request for a project", () => {
  it("is accepted without its secrets, on the branch main by default", () => {
    const judged = wishOf({ ...good, accessToken: "t", privateKey: "" });
    const { stack: framework, ...rest } = good;
    assert.deepEqual(judged, { ok: true, value: { ...rest, framework, branch: "main" } });
  });

  it("may name the folder of its site", () => {
    for (const folder of ["web/dist", ".", ".output/public", "docs/.vitepress/dist", "a..b"]) {
      const judged = wishOf({ ...good, folder });
      assert.equal(judged.ok && judged.value.folder, folder);
    }
    for (const folder of [
      "/etc",
      "../x",
      "a/../b",
      "some/where/../b",
      "a/..",
      "..",
      "-x",
      "a b",
      "$(id)",
      "*",
    ]) {
      const judged = wishOf({ ...good, folder });
      assert.ok(
        !judged.ok && /^folder must be the folder of the built site/.test(judged.problems[0]!),
        folder,
      );
    }
  });

  it("accepts a repository's host in capitals", () => {
    for (const repository of ["https://GITHUB.COM/a/b", "GITHUB.COM/a/b", "git@GITHUB.COM:a/b.git"])
      assert.deepEqual([wishOf({ ...good, repository }).ok, repository], [true, repository]);
  });

  it("accepts a port within its bounds, and none outside", () => {
    const takes = (port: unknown) => wishOf({ ...good, type: "dynamic", stack: "node", port }).ok;
    const { lowest, highest } = PORTS;
    assert.deepEqual([lowest, highest].map(takes), [true, true]);
    assert.deepEqual(
      [lowest - 1, highest + 1, lowest + 0.5, String(lowest)].map(takes),
      Array(4).fill(false),
    );
  });

  it("trusts an address of the platform's for a repository, and in no other field", () => {
    const address = "http://127.0.0.1:8090/html.git";
    const judged = wishOf({ ...good, branch: address }, ["http://127.0.0.1:8090/"]);
    assert.deepEqual(judged, {
      ok: false,
      problems: [`branch must be the name of a branch, got "${address}"`],
    });
    const list = wishOf({ ...good, repository: [address] }, ["http://127.0.0.1:8090/"]);
    assert.equal(list.ok, false);
  });

  it("accepts a repository below an address that the platform trusts, and none that only looks like it", () => {
    const judged = (repository: string) => wishOf({ ...good, repository }, ["http://127.0.0.1:8090/"]).ok;
    assert.equal(judged("http://127.0.0.1:8090/html.git"), true);
    for (const other of [
      "http://127.0.0.1:8091/html.git",
      "http://127.0.0.1:8090/",
      "http://127.0.0.1:8090/a b",
      "http://127.0.0.1:8090/a@evil.example",
      "http://169.254.169.254/latest",
    ])
      assert.equal(judged(other), false, other);
    assert.equal(wishOf({ ...good, repository: "http://127.0.0.1:8090/html.git" }).ok, false);
  });

  it("accepts a repository only on a public host", () => {
    const judged = (repository: string) => wishOf({ ...good, repository }).ok;
    for (const host of [
      "github.com",
      "GitLab.Example.org",
      "git.xn--p1ai",
      "localhost.example.org",
      "internal.io",
    ])
      for (const address of [
        `https://${host}/a/b`,
        `https://${host}:8443/a`,
        `git@${host}:a/b`,
        `ssh://git@${host}/a`,
      ])
        assert.equal(judged(address), true, address);
    for (const host of some([
      ...[
        "169.254.169.254",
        "127.0.0.1",
        "10.1",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        "a.0x7f",
      ],
      ...[
        "localhost",
        "metadata",
        "api.localhost",
        "ip-10-0-0-1.eu-west-1.compute.internal",
        "metadata.google.internal",
      ],
      ...["git.LOCAL", "git.corp", "1.0.0.10.in-addr.arpa", "github.com.", "[::1]", ""],
    ]))
      for (const address of [
        `https://${host}/a/b`,
        `https://${host}:8443/a`,
        `git@${host}:a/b`,
        `ssh://git@${host}/a`,
      ])
        assert.equal(judged(address), false, address);
  });

  it("refuses a folder for a kind that publishes no files", () => {
    const judged = wishOf({ ...good, type: "dynamic", stack: "node", folder: "dist" });
    assert.deepEqual(judged, {
      ok: false,
      problems: ["folder is for kinds that publish files; this one runs a server"],
    });
  });

  it("accepts a repository's address without https://, as people write it", () => {
    const judged = wishOf({ ...good, repository: "github.com/team/site" });
    assert.equal(judged.ok && judged.value.repository, "https://github.com/team/site");
    const changed = changeOf({ repository: "gitlab.com:8443/team/site.git" });
    assert.equal(changed.ok && changed.value.change.repository, "https://gitlab.com:8443/team/site.git");
    for (const repository of ["git@github.com:team/site", "https://github.com/team/site"]) {
      const same = wishOf({ ...good, repository });
      assert.equal(same.ok && same.value.repository, repository);
    }
    for (const repository of ["169.254.169.254/latest", "localhost/a", "u:hush@github.com/a/b", "github.com"])
      assert.equal(wishOf({ ...good, repository }).ok, false, repository);
  });

  it("needs no stack when it is static", () => {
    const judged = wishOf({ ...good, type: "static", stack: undefined });
    assert.ok(judged.ok && judged.value.framework === "html");
  });

  const WRONG: [string, object, RegExp][] = [
    ["a name that is no host", { name: "My Shop" }, /^name must be 3 to 40 lower-case/],
    ["a name that ends in a hyphen", { name: "shop-" }, /^name must be/],
    [
      "a password in the repository's address",
      { repository: "https://u:hush@github.com/a/b" },
      /^repository must be .* got something else$/,
    ],
    ["a local repository", { repository: "file:///etc" }, /^repository must be/],
    ["a branch that is an option", { branch: "--upload-pack=x" }, /^branch must be/],
    ["two addresses", { email: "a@b.org,c@d.org" }, /^email must be/],
    [
      "a key that is none",
      { privateKey: "hush" },
      /^privateKey must be a private key in PEM form, got something else$/,
    ],
    ["a name that is too long", { name: "a".repeat(41) }, /^name must be 3 to 40/],
    ["a branch that is too long", { branch: "b".repeat(101) }, /^branch must be/],
    ["an unknown field", { plan: "x" }, /^plan is not a field/],
    [
      "an unknown environment",
      { environment: "qa" },
      /^environment must be one of dev, stag, prod, got "qa"$/,
    ],
  ];
  for (const [label, change, problem] of WRONG)
    it(`refuses ${label}`, () => {
      const judged = wishOf({ ...good, ...change });
      assert.ok(!judged.ok);
      assert.match(judged.problems.join(), problem);
      assert.ok(!judged.problems.join().includes("hush"));
    });

  it("refuses an unknown combination with those that are accepted", () => {
    for (const stack of ["php", "constructor", "__proto__"]) {
      const judged = wishOf({ ...good, stack });
      assert.ok(!judged.ok && Object.keys(judged.accepted!).includes("cms"));
    }
  });

  it("refuses a change of nothing, of the name, and of a flag to false", () => {
    for (const body of [{}, { name: "other" }, { extend: false }]) assert.equal(changeOf(body).ok, false);
  });

  it("is recognised by everything but its secrets", () => {
    const { name, ...rest } = good;
    assert.equal(
      withoutSecrets({ ...good, accessToken: "a" }),
      withoutSecrets({ ...rest, name, accessToken: "b" }),
    );
    assert.notEqual(withoutSecrets(good), withoutSecrets({ ...good, name: "other" }));
  });

  it("refuses a body that is not an object", () => {
    for (const text of ["", "[]", "null", "1", "{", undefined]) assert.equal(parsed(text), undefined);
  });

  it("has one host per environment, and its stack's name contains its id", () => {
    assert.deepEqual([hostOf("shop", "prod"), hostOf("shop", "dev")], ["shop", "shop-dev"]);
    assert.equal(idOf("gwdev", "gwdev-abc-Build-1"), "abc-Build-1");
    assert.equal(idOf("gwdev", "other-abc"), undefined);
  });
});

describe("a record in DynamoDB", () => {
  it("comes back as it was written", () => {
    const record = { a: "x", b: 1.5, c: true, d: ["y", 2], e: { f: { g: "z" } }, h: null };
    assert.deepEqual(object(item(record)), record);
    assert.deepEqual(attribute(false), { BOOL: false });
  });

  it("is updated with placeholders, because DynamoDB reserves words such as state and unit", () => {
    assert.deepEqual(
      updateOf({ state: "ready", "stages.undo create": 1, gone: undefined }, ["token"], "#unit = :u", {
        ":u": "x",
      }),
      {
        UpdateExpression: "SET #state = :v0, #stages.#undo_create = :v1 REMOVE #token",
        ConditionExpression: "#unit = :u",
        ExpressionAttributeNames: {
          "#state": "state",
          "#stages": "stages",
          "#undo_create": "undo create",
          "#token": "token",
          "#unit": "unit",
        },
        ExpressionAttributeValues: { ":v0": { S: "ready" }, ":v1": { N: "1" }, ":u": { S: "x" } },
      },
    );
  });
});

describe("a release command", () => {
  it("is passed to the stack, changed without a build, and removed by an empty one", async () => {
    const w = world();
    w.addresses.set("group-1", "192.0.2.7");
    const server = { type: "realtime", stack: "node", releaseCommand: "npm run migrate" };
    const id = await ready(w, server, { Group: "group-1", Images: "i", Scheme: "http" });
    assert.equal(w.seen.requests.at(-1)![1].parameters["ReleaseCommand"], "npm run migrate");
    const builds = w.seen.builds.length;
    await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { releaseCommand: "" } });
    await w.step("update", id, "t-up");
    assert.equal(w.seen.requests.at(-1)![1].parameters["ReleaseCommand"], "");
    await w.step("deliver", id, "t-deliver");
    assert.equal(w.seen.builds.length, builds);
  });

  it("is refused with a line break, and for a site", async () => {
    const w = world();
    const post = (more: object) => w.call(MEMBER, "POST", "/projects", { body: wish(more) });
    const lines = await post({ type: "realtime", stack: "node", releaseCommand: "a\nb" });
    assert.match(lines.body.problems.join(), /^releaseCommand must be one line for the image's shell/);
    const site = await post({ releaseCommand: "npm run migrate" });
    assert.deepEqual(site.body.problems, [
      "releaseCommand is for kinds that run a server; this one publishes files",
    ]);
  });
});
