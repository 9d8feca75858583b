import { strict as assert } from "node:assert";
import { announcement } from "../../sandbox/announcement";
import type { State } from "../../sandbox/state";

const NAMES = ["angular", "dapp", "django", "express", "fastapi", "flask", "ghost", "html", "hugo", "jekyll"];

const small = {
  url: "http://127.0.0.1:8080",
  page: "http://127.0.0.1:4000",
  starters: { address: "http://127.0.0.1:3000/", names: NAMES },
  docker: { because: "turned off" },
  endpoints: { ministack: "http://127.0.0.1:1", moto: "http://127.0.0.1:2" },
  outputs: {},
  resources: [{}, {}],
  addresses: [{ port: 80, protocol: "HTTP", url: "http://127.0.0.1:8080" }],
  people: [],
  seconds: 6.25,
} as unknown as State;
const large = {
  ...small,
  traces: "http://127.0.0.1:5000/",
  projects: "http://127.0.0.1:8080/console",
  source: { folder: "groundwork.git", branch: "main" },
  outputs: { deliveryUrl: "http://127.0.0.1:1/v1" },
  addresses: [...small.addresses, { port: 443, protocol: "HTTPS", url: "https://127.0.0.1:8443" }],
  people: [
    { group: "member", email: "ada@example.com", password: "one" },
    { group: "admin", email: "admin@example.com", password: "two" },
  ],
} as unknown as State;
const told = (state: State, options = {}) =>
  announcement(state, { watch: false, inspect: false, ...options });

describe("what a started sandbox says", () => {
  it("begins with the site and who may log in, and ends with the line that scripts wait for", () => {
    const lines = told(large);
    assert.deepEqual(lines.slice(1, 7), [
      "  Site                  http://127.0.0.1:8080",
      "  HTTPS 443             https://127.0.0.1:8443",
      "  Member                ada@example.com  one",
      "  Admin                 admin@example.com  two",
      "  Sandbox page          http://127.0.0.1:4000/sandbox",
      "  Traces                http://127.0.0.1:5000/",
    ]);
    assert.ok(lines.includes("  2 resources in 6.3 s. Ctrl-C takes all of it down."));
    assert.deepEqual(lines.slice(-2), ["", "ready http://127.0.0.1:8080"]);
  });

  it("names each starter, in lines that fit", () => {
    const lines = told(large);
    const at = lines.findIndex((line) => line.startsWith("  Starters "));
    assert.match(lines[at]!, / http:\/\/127\.0\.0\.1:3000\/NAME\.git, /);
    const names = lines.slice(
      at + 1,
      lines.findIndex((line) => line.startsWith("  Docker ")),
    );
    assert.deepEqual(names.join(" ").trim().split(/ +/), NAMES);
    assert.ok(
      names.every(({ length }) => length <= 84),
      names.join("\n"),
    );
  });

  it("says nothing of projects and releases where the stack has none", () => {
    assert.doesNotMatch(told(small).join("\n"), /Projects|Starters|Docker|API|Source|Traces|undefined/);
    assert.doesNotMatch(told(small).join("\n"), /\n\n\n/);
  });

  it("says what an option adds", () => {
    const added = (options: object) => told(large, options).filter((line) => !told(large).includes(line));
    assert.match(added({ watch: true }).join(), /^ {2}What you save is followed: /);
    assert.match(added({ inspect: true }).join(), /^ {2}A debugger can attach .* anybody else /);
  });
});
