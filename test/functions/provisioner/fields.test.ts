import { strict as assert } from "node:assert";
import { UNIT_NAME } from "../../../functions/provisioner/fields";
import { wishOf } from "../../../functions/provisioner/request";
import { some } from "../../some";

const good = {
  name: "shop",
  environment: "dev",
  type: "dynamic",
  stack: "node",
  repository: "https://github.com/a/b",
  email: "a@example.org",
};
const SITE = { type: "static", stack: "html" };
/** Whether a text is refused for what it is, in a field of a request that is right in all others. */
function refused(field: string, value: string): boolean {
  const judged = wishOf({ ...good, ...(field === "folder" && SITE), [field]: value });
  if (judged.ok) return false;
  assert.equal(judged.problems.length, 1, judged.problems.join());
  assert.ok(judged.problems[0]!.startsWith(`${field} must be `), judged.problems[0]);
  return true;
}
const long = (length: number, before = "", after = "") =>
  before + "x".repeat(length - before.length - after.length) + after;
const PEM = "-----BEGIN PRIVATE KEY-----";

const TEXTS: Record<string, { takes: string[]; refuses: string[] }> = {
  name: {
    takes: ["abc", "a-1", long(40)],
    refuses: ["ab", "1ab", "-ab", "ab-", "aBc", "a_c", "!abc", "abc!", "abc\n", long(41)],
  },
  branch: {
    takes: ["a", "main", "1", "_a", "fix/a-b_c.d", long(100)],
    refuses: ["-a", "/a", ".a", "a b", "!a", "a!", long(101)],
  },
  folder: {
    takes: ["a", ".", "a/b", "..a", "a/..b", "a..", "A_1-b.c", long(200)],
    refuses: ["/a", "-a", "..", "../a", "a/..", "a/../b", "a b", "!a", "a!", long(201)],
  },
  healthPath: {
    takes: ["/", "/health", "/a//b", "/a_1/b-c.d~e?f=%20&g=+", long(200, "/")],
    refuses: ["health", "//evil.example", "x/health", "/a b", "/a#b", long(201, "/")],
  },
  releaseCommand: {
    takes: ["a", " ", "~", "npm run migrate && echo done", long(500)],
    refuses: ["a\nb", "\na", "a\n", "ä", "a\x7f", long(501)],
  },
  email: {
    takes: ["a@b.c", "a.b+c@sub.example-1.org", `${long(64)}@b.c`, long(254, "a@b.")],
    refuses: [
      ...["a", "a@b", "@b.c", "a@b..c", "a@b.c.", "a@.b.c", "a@b.c/", "a b@c.d", " a@b.c", "a@b.c\n"],
      ...["a@b@c.d", "<a@b.c", "a>@b.c", 'a"@b.c', "a,b@c.d", "a;b@c.d", `${long(65)}@b.c`],
      long(255, "a@b."),
    ],
  },
  domain: {
    takes: [
      ...["example.org", "a.io", "a-1.b2.example.org", "1.example.org", "xn--p1ai.example.org"],
      ...["local.example.org", "a.mylocal", "a.local2", `${long(60)}.org`, `a.${long(62)}`],
    ],
    refuses: [
      ...["example", "WWW.example.org", "a..org", "-a.org", "a-.org", "example.org.", ".example.org"],
      ...[
        "a.o",
        "a.1x",
        "a.x-",
        "1.2.3.4",
        "a_b.org",
        "!a.org",
        "a.org!",
        `a.${long(63)}`,
        `${long(61)}.org`,
      ],
    ],
  },
  accessToken: {
    takes: ["!", "~", "a-b_c", long(4_096)],
    refuses: ["a b", " a", "a\n", "ä", "a\x7f", long(4_097)],
  },
  privateKey: {
    takes: [`${PEM}\nx`, "-----BEGIN OPENSSH PRIVATE KEY-----\nx\ny", long(16_384, PEM)],
    refuses: [
      ...[PEM, `x${PEM}\nx`, "-----BEGIN rsa PRIVATE KEY-----\nx", "-----BEGIN PUBLIC KEY-----\nx"],
      long(16_385, PEM),
    ],
  },
  repository: {
    takes: ["https://github.com/a", "https://git.example.org:8443/a_1/b-c.d~", long(500, good.repository)],
    refuses: [
      ...["https://github.com/", "https://github.com", "https://github.com/a b", "xhttps://github.com/a/b"],
      ...["git@github.com", "xgit@github.com:a/b", "git@github.com:a/b!", "ssh://github.com/a/b"],
      ...["http://github.com/a/b", "https://github.com:x/a", "https://github.c/a", "https://git.1hub/a"],
      ...["https://github.com-/a", "https://-/a", long(501, good.repository)],
    ],
  },
};

describe("a text of a request", () => {
  for (const [field, { takes, refuses }] of some(Object.entries(TEXTS)))
    it(`is ${field} as it says, and no longer than there is room for`, () => {
      assert.deepEqual(
        some(takes).filter((value) => refused(field, value)),
        [],
      );
      assert.deepEqual(
        some(refuses).filter((value) => !refused(field, value)),
        [],
      );
    });

  const OWN = some(["localhost", "local", "internal", "intranet", "private", "lan", "home", "corp", "arpa"]);
  for (const last of OWN.concat("test", "invalid"))
    it(`is no address in ${last}, which only a network of its own knows`, () => {
      assert.ok(refused("domain", `www.example.${last}`));
      assert.ok(refused("repository", `https://git.example.${last}/a/b`));
      assert.ok(refused("repository", `git@${last.toUpperCase()}:a/b`));
      assert.ok(!refused("domain", `${last}.example.org`));
      assert.ok(!refused("repository", `https://${last}.example.org/a/b`));
    });

  it("may be left out, or be empty, but for what every project has", () => {
    for (const field of some(Object.keys(TEXTS)))
      assert.equal(refused(field, ""), ["name", "repository", "email"].includes(field), field);
  });
});

describe("a unit's name", () => {
  it("is 1 to 64 letters, digits and few other signs, with spaces within", () => {
    for (const name of ["a", "a b", ".", "ntu-scse:2023.ct_1", "x".repeat(64), `a${" ".repeat(62)}b`])
      assert.match(name, UNIT_NAME);
    for (const name of ["", " ", "a ", " a", "a!", "!a", "a/b", "x".repeat(65)])
      assert.doesNotMatch(name, UNIT_NAME);
  });
});
