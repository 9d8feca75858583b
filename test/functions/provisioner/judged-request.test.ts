import { strict as assert } from "node:assert";
import { changeOf, wishOf } from "../../../functions/provisioner/request";
import { good } from "./good-request";

const problemsOf = (body: Record<string, unknown>): string[] => {
  const judged = wishOf(body);
  return judged.ok ? [] : judged.problems;
};

describe("a judged request", () => {
  it("says which of the two that name a kind is wrong, and what is accepted", () => {
    const [stack] = problemsOf({ ...good, stack: "php" });
    assert.match(stack!, /^stack must be one of .*\bvue\b.*, got "php" for spa$/);
    const [type] = problemsOf({ ...good, type: "shop" });
    assert.match(type!, /^type must be one of .*\bspa\b.*, got "shop"$/);
    assert.match(problemsOf({ ...good, type: undefined })[0]!, /^type must be one of .*, got nothing$/);
    assert.match(problemsOf({ ...good, stack: undefined })[0]!, /, got nothing for spa$/);
  });

  it("refuses with what is accepted only where the kind is unknown", () => {
    const judged = wishOf({ ...good, name: "" });
    assert.deepEqual(judged, {
      ok: false,
      problems: ["name must be 3 to 40 lower-case letters, digits and hyphens, a letter first, got nothing"],
    });
  });

  it("names ten unknown fields at most, and no more than the beginning of each", () => {
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`x${index}`, 1]));
    const told = problemsOf({ ...good, ...many });
    assert.deepEqual(
      told.map((problem) => problem.split(" ")[0]),
      Object.keys(many).slice(0, 10),
    );
    assert.ok(
      problemsOf({ ...good, ["y".repeat(51)]: 1 })[0]!.startsWith(`${"y".repeat(50)} is not a field;`),
    );
    for (const field of ["environment", "stack", "variables", "previews", "port", "name"])
      assert.match(told[0]!, new RegExp(`accepted are .*\\b${field}\\b`));
  });

  it("shows no more than the beginning of what was got", () => {
    const [problem] = problemsOf({ ...good, environment: "q".repeat(200) });
    assert.ok(problem!.endsWith(`, got "${"q".repeat(99)}`));
  });

  it("has switches that are on or off, and of a site no secrets for its previews", () => {
    for (const name of ["previews", "previewSecrets"])
      assert.deepEqual(problemsOf({ ...good, type: "dynamic", stack: "node", [name]: "on" }), [
        `${name} must be true or false, got "on"`,
      ]);
    const judged = wishOf({ ...good, previews: false });
    assert.equal(judged.ok && judged.value.previews, false);
    assert.equal(judged.ok && "previewSecrets" in judged.value, false);
    assert.deepEqual(problemsOf({ ...good, previewSecrets: false }), [
      "previewSecrets is for kinds that run a server; this one publishes files",
    ]);
  });

  it("is taken with all that it says, and with nothing that it leaves out", () => {
    const server = { ...good, type: "dynamic", stack: "node" };
    const said = {
      branch: "next",
      healthPath: "/health",
      releaseCommand: "npm run migrate",
      variables: { A: "x" },
      port: 4000,
      domain: "www.example.com",
      previews: true,
      previewSecrets: true,
    };
    const { stack: framework, ...rest } = server;
    assert.deepEqual(wishOf({ ...server, ...said }), { ok: true, value: { ...rest, framework, ...said } });
    const empty = { branch: "", healthPath: "", releaseCommand: "", domain: "" };
    assert.deepEqual(wishOf({ ...server, ...empty }), {
      ok: true,
      value: { ...rest, framework, branch: "main" },
    });
  });

  it("to change a project says what is to differ, and what is to be taken away", () => {
    const none = { repository: undefined, branch: undefined, folder: undefined, healthPath: undefined };
    const rest = {
      ...none,
      releaseCommand: undefined,
      email: undefined,
      port: undefined,
      rebuild: undefined,
    };
    for (const [body, change, extend] of [
      [{ rebuild: true, branch: "next" }, { ...rest, branch: "next", rebuild: true }, false],
      [{ extend: true }, rest, true],
      [{ domain: null }, { ...rest, domain: null }, false],
      [{ domain: "" }, { ...rest, domain: null }, false],
      [{ domain: "www.example.com" }, { ...rest, domain: "www.example.com" }, false],
      [{ folder: "", previews: false }, { ...rest, folder: "", previews: false }, false],
    ] as const)
      assert.deepEqual(changeOf(body), { ok: true, value: { change, extend } });
  });

  it("to change a project is refused by what is wrong with it", () => {
    const wrong = (body: object) => {
      const judged = changeOf(body as Record<string, unknown>);
      return judged.ok ? [] : judged.problems;
    };
    assert.match(
      wrong({})[0]!,
      /^the body must name at least one of repository, .*\bvariables\b.*\brebuild$/,
    );
    assert.deepEqual(wrong({ rebuild: "yes", extend: false }), [
      "extend must be true or absent",
      "rebuild must be true or absent",
    ]);
    assert.match(wrong({ name: "other" })[0]!, /^name is not a field; accepted are repository, /);
    assert.match(wrong({ email: null })[0]!, /^email must be an e-mail address, got null$/);
    assert.match(wrong({ port: 0 })[0]!, /^port must be /);
    assert.match(wrong({ previews: 1 })[0]!, /^previews must be true or false, got 1$/);
    assert.match(wrong({ variables: { A: 1 } })[0]!, /, or null to remove it$/);
    assert.match(wrong({ repository: "http://127.0.0.1/a" })[0]!, /^repository must be /);
    assert.equal(changeOf({ repository: "http://127.0.0.1/a" }, ["http://127.0.0.1/"]).ok, true);
  });
});
