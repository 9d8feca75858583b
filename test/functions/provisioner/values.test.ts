import { strict as assert } from "node:assert";
import { LIMITS } from "../../../functions/provisioner/fields";
import { withoutSecrets } from "../../../functions/provisioner/request";
import { problemsOf } from "../../../functions/provisioner/value-rules";
import { Values } from "../../../functions/provisioner/values";
import { some } from "../../some";
import { logged } from "../logged";
import { asked, MEMBER, ready, wish, world } from "./world";

type World = ReturnType<typeof world>;
const PROJECT = "/projects/{id}";
const SERVER = { type: "dynamic", stack: "rails" };
/** Where a server's stack leads, whose group has no address in dev. */
const OUTPUTS = { Build: "server-build", Target: "lb.example.org", TargetZone: "Z2" };
const GIVEN = { variables: { MODE: "blue", TITLE: 'A "b"\n$c' }, secrets: { STRIPE_KEY: "hush" } };

const change = (w: World, id: string, body: object) => w.call(MEMBER, "PATCH", PROJECT, { id, body });
const valuesOf = (w: World, arn?: string) => w.secrets.get(arn!) as Values;

describe("variables and secrets", () => {
  it("go to the vault, and only the names of the secrets anywhere else", async () => {
    const w = world();
    const id = await asked(w, { ...SERVER, ...GIVEN });
    const { valuesArn, variables, secretNames } = w.record(id)!;
    assert.deepEqual([variables, secretNames], [GIVEN.variables, ["STRIPE_KEY"]]);
    const { made, ...given } = valuesOf(w, valuesArn);
    assert.deepEqual(given, GIVEN);
    assert.match(made["SECRET_KEY_BASE"]!, /^[0-9a-f]{64}$/);
    const { body } = await w.call(MEMBER, "GET", PROJECT, { id });
    assert.deepEqual([body.variables, body.secrets], [GIVEN.variables, ["STRIPE_KEY"]]);
    await w.step("create", id, "t");
    assert.equal(w.seen.requests.at(-1)![1].parameters["ValuesArn"], valuesArn);
    const seen = JSON.stringify([body, w.record(id), w.seen, [...w.dynamo.items]]);
    for (const value of ["hush", made["SECRET_KEY_BASE"]!]) assert.ok(!seen.includes(value), value);
  });

  it("of a site are for its build, which alone reads them", async () => {
    const w = world();
    const id = await ready(w, { variables: { VITE_A: "1" } });
    assert.deepEqual([w.seen.told, w.secrets.size], [[{ VARIABLES: '{"VITE_A":"1"}', KEPT: "" }], 1]);
    assert.equal((await change(w, id, { variables: { VITE_A: null, VITE_B: "2" } })).status, 202);
    assert.deepEqual(w.record(id)!.change, { variables: { VITE_B: "2" } });
    await w.step("deliver", id, "t-2");
    assert.deepEqual(w.seen.told.at(-1)!["VARIABLES"], '{"VITE_B":"2"}');
    const { status, body } = await change(w, await ready(w, { name: "other" }), { secrets: { A: "1" } });
    assert.equal(status, 400);
    assert.match(body.message, /^secrets are for the kinds that run a server: /);
  });

  it("are changed in the vault and at the servers, and nothing is built", async () => {
    const w = world();
    const id = await ready(w, { ...SERVER, ...GIVEN }, OUTPUTS);
    const before = w.record(id)!.valuesArn;
    const builds = w.seen.builds.length;
    const said = { variables: { MODE: null, SIZE: "2" }, secrets: { API_KEY: "hush-2" } };
    assert.equal((await change(w, id, said)).status, 202);
    const { valuesArn, ...rest } = w.record(id)!.change!;
    const variables = { TITLE: GIVEN.variables.TITLE, SIZE: "2" };
    assert.deepEqual(rest, { variables, secretNames: ["API_KEY", "STRIPE_KEY"] });
    assert.deepEqual(valuesOf(w, valuesArn), {
      made: valuesOf(w, before).made,
      variables,
      secrets: { STRIPE_KEY: "hush", API_KEY: "hush-2" },
    });
    await w.step("update", id, "t-u");
    assert.equal(w.seen.requests.at(-1)![1].parameters["ValuesArn"], valuesArn);
    assert.deepEqual(await w.step("deliver", id, "t-d"), { ok: true });
    assert.equal(w.seen.builds.length, builds);
    await w.step("finish", id);
    const { state, secretNames, ...project } = w.record(id)!;
    assert.deepEqual(
      [state, project.variables, secretNames],
      ["ready", variables, ["API_KEY", "STRIPE_KEY"]],
    );
    assert.deepEqual(
      [project.valuesArn, w.secrets.has(before!), w.secrets.has(valuesArn!)],
      [valuesArn, false, true],
    );
  });

  it("stay as they were when the update does not hold", async () => {
    const w = world();
    const id = await ready(w, { ...SERVER, ...GIVEN }, OUTPUTS);
    const { valuesArn } = w.record(id)!;
    await change(w, id, { secrets: { STRIPE_KEY: null } });
    await w.step("keep", id);
    const { state, secretNames, ...project } = w.record(id)!;
    assert.deepEqual([state, secretNames, project.valuesArn], ["ready", ["STRIPE_KEY"], valuesArn]);
    assert.deepEqual([w.secrets.size, w.secrets.has(valuesArn!)], [2, true]);
  });

  it("go with their project, and with one that is not accepted", async () => {
    const w = world();
    const id = await ready(w, { ...SERVER, ...GIVEN }, OUTPUTS);
    const { status } = await w.call(MEMBER, "POST", "/projects", { body: wish({ ...SERVER, ...GIVEN }) });
    assert.deepEqual([status, w.secrets.size], [409, 2]);
    await change(w, id, { secrets: { STRIPE_KEY: null } });
    assert.equal(w.secrets.size, 3);
    await w.step("undo reserve", id);
    assert.equal(w.secrets.size, 0);
  });

  it("leave nothing in the vault when they cannot be kept there, or somebody was faster", async () => {
    const w = world();
    w.aws.broken.add("keepValues");
    const body = wish({ ...SERVER, ...GIVEN });
    const { result } = await logged(() => w.call(MEMBER, "POST", "/projects", { body }));
    assert.deepEqual([result.status, w.secrets.size], [503, 0]);
    w.aws.broken.clear();
    const id = await ready(w, { ...SERVER, ...GIVEN }, OUTPUTS);
    const { keepValues } = w.apiPorts;
    w.apiPorts.keepValues = async (...all) => {
      w.edit(id, { state: "deleting" });
      return keepValues(...all);
    };
    assert.equal((await change(w, id, { variables: { MODE: "green" }, accessToken: "n3w" })).status, 409);
    assert.equal(w.secrets.size, 2);
  });

  it("are given to a server that was made before there were any, with what its kind needs", async () => {
    const w = world();
    const id = await ready(w, SERVER, OUTPUTS);
    w.edit(id, { valuesArn: undefined, secretNames: undefined });
    assert.equal((await change(w, id, { secrets: { A: "1" } })).status, 202);
    const { made, ...given } = valuesOf(w, w.record(id)!.change!.valuesArn);
    assert.deepEqual(
      [Object.keys(made), given],
      [["SECRET_KEY_BASE"], { variables: {}, secrets: { A: "1" } }],
    );
    await w.step("finish", id);
    assert.equal(w.record(id)!.state, "ready");
  });

  it("refuses a kind that cannot do without a secret, and to take that away", async () => {
    const w = world();
    const mean = { type: "dynamic", stack: "mean" };
    const message =
      /^secrets\.MONGODB_URI must be given for mean: it needs a MongoDB, and the platform creates none: /;
    const none = await w.call(MEMBER, "POST", "/projects", { body: wish(mean) });
    assert.equal(none.status, 400);
    assert.match(none.body.message, message);
    const id = await ready(w, { ...mean, secrets: { MONGODB_URI: "mongodb+srv://hush" } }, OUTPUTS);
    const gone = await change(w, id, { secrets: { MONGODB_URI: null } });
    assert.equal(gone.status, 400);
    assert.match(gone.body.message, message);
    assert.equal((await change(w, id, { secrets: { OTHER: "1" } })).status, 202);
  });

  it("refuses a name that would be both, before and after", async () => {
    const w = world();
    const both = await w.call(MEMBER, "POST", "/projects", {
      body: wish({ ...SERVER, variables: { A: "1" }, secrets: { A: "hush" } }),
    });
    assert.deepEqual(
      [both.status, both.body.problems],
      [400, ["A must be a variable or a secret, got both"]],
    );
    const id = await ready(w, { ...SERVER, ...GIVEN }, OUTPUTS);
    const later = await change(w, id, { variables: { STRIPE_KEY: "open" } });
    assert.deepEqual(later.body.problems, ["STRIPE_KEY must be a variable or a secret, got both"]);
    const moved = await change(w, id, { variables: { STRIPE_KEY: "open" }, secrets: { STRIPE_KEY: null } });
    assert.equal(moved.status, 202);
  });

  it("refuses more than there is room for, all in all", async () => {
    const w = world();
    const many = (prefix: string) =>
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${prefix}${index}`, "x"]));
    const id = await ready(w, { ...SERVER, variables: many("A") }, OUTPUTS);
    const { status, body } = await change(w, id, { variables: many("B") });
    assert.deepEqual([status, body.problems, w.secrets.size], [400, ["variables must be 50 at most"], 2]);
  });

  const NAMED = "must be named by letters, digits and _, 64 at most, and no digit first";
  const TEXT = "must be a text of up to 16,384 characters, none of them NUL";
  const WRONG: [what: string, body: object, problem: string | RegExp][] = [
    ["a list", { secrets: ["hush"] }, "secrets must be an object of names, each with its text"],
    ["a text", { variables: "hush" }, "variables must be an object of names, each with its text"],
    ["null", { variables: null }, "variables must be an object of names, each with its text"],
    ["a name with a hyphen", { variables: { "a-b": "hush" } }, `variables.a-b ${NAMED}`],
    ["a name that begins with a digit", { secrets: { "1A": "hush" } }, `secrets.1A ${NAMED}`],
    ["a name that is a command", { secrets: { "A;id": "hush" } }, `secrets.A;id ${NAMED}`],
    [
      "a name that is too long",
      { secrets: { ["A".repeat(65)]: "hush" } },
      `secrets.${"A".repeat(50)} ${NAMED}`,
    ],
    ["a number", { variables: { A: 1 } }, `variables.A ${TEXT}`],
    ["null for a new one", { variables: { A: null } }, `variables.A ${TEXT}`],
    ["NUL", { secrets: { A: "hush\0" } }, `secrets.A ${TEXT}`],
    ["a text that is too long", { secrets: { A: "h".repeat(LIMITS.value + 1) } }, `secrets.A ${TEXT}`],
    [
      "too much at once",
      { variables: { A: "h".repeat(4_096) } },
      "variables must take up to 4,096 characters together",
    ],
    [
      "the platform's own name",
      { variables: { PORT: "1" } },
      /^variables\.PORT is a reserved name, as are AWS_\*, .*, PORT,/,
    ],
  ];
  for (const [what, body, problem] of WRONG)
    it(`refuses ${what}`, () => {
      const problems = problemsOf(body, false);
      assert.equal(problems.length, 1);
      if (typeof problem === "string") assert.equal(problems[0], problem);
      else assert.match(problems[0]!, problem);
      assert.ok(!problems[0]!.includes("hush"));
    });

  it("refuses what the platform sets itself, or what would change what it runs", () => {
    const refused = (name: string) => problemsOf({ variables: { [name]: "x" } }, false).length === 1;
    for (const name of some([
      ...["DATABASE_URL", "DATABASE_SSL", "PORT", "NODE_ENV", "AWS_REGION", "PATH", "path", "LD_PRELOAD"],
      ...["DOCKER_HOST", "HOME", "CODEBUILD_SRC_DIR", "PGSSLMODE", "PROJECT_URL", "HOSTNAME"],
      "NODE_EXTRA_CA_CERTS",
    ]))
      assert.equal(refused(name), true, name);
    for (const name of some([
      "ENV",
      "MY_AWS_KEY",
      "PATHS",
      "MY_PORT",
      "_A",
      "mail__from",
      "UID",
      "SECRET_KEY_BASE",
    ]))
      assert.equal(refused(name), false, name);
  });

  it("takes as much as there is room for, and no letter more", () => {
    const text = (length: number) => "x".repeat(length);
    const taken = (body: object) => problemsOf(body, false).length === 0;
    const names = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`A${index}`, "x"]));
    for (const [more, fits] of [
      [0, true],
      [1, false],
    ] as const) {
      assert.equal(taken({ secrets: { [text(64 + more)]: "x" } }), fits, "a name");
      assert.equal(taken({ secrets: { A: text(16_384 + more) } }), fits, "a text");
      assert.equal(taken({ secrets: names(50 + more) }), fits, "texts");
      assert.equal(taken({ variables: { A: text(4_088 + more) } }), fits, "all variables");
      assert.equal(taken({ secrets: { A: text(16_384), B: text(16_369 + more) } }), fits, "all secrets");
    }
    const [problem] = problemsOf({ secrets: { A: text(16_384), B: text(16_384) } }, false);
    assert.equal(problem, "secrets must take up to 32,768 characters together");
  });

  it("takes null for one that goes, when there is something to take it from", () => {
    assert.deepEqual(problemsOf({ variables: { A: null }, secrets: { A: "x" } }, true), []);
    assert.match(problemsOf({ variables: { A: 1 } }, true)[0]!, /, or null to remove it$/);
  });

  it("are known again by all but the secrets' values", () => {
    const digest = (secrets: object) => withoutSecrets({ name: "a", secrets });
    assert.equal(digest({ A: "hush", B: "x" }), digest({ B: "y", A: "other" }));
    assert.notEqual(digest({ A: "hush" }), digest({ B: "hush" }));
    assert.ok(!digest({ A: "hush" }).includes("hush"));
  });
});

describe("a port of the team's own", () => {
  it("is where the container listens, and changed without a build", async () => {
    const w = world();
    const id = await ready(w, { ...SERVER, port: 4000 }, OUTPUTS);
    assert.equal(w.seen.requests.at(-1)![1].parameters["AppPort"], "4000");
    assert.equal((await change(w, id, { port: 5000 })).status, 202);
    await w.step("update", id, "t");
    assert.equal(w.seen.requests.at(-1)![1].parameters["AppPort"], "5000");
    await w.step("deliver", id, "t-2");
    await w.step("finish", id);
    assert.deepEqual([w.seen.builds.length, w.record(id)!.port], [1, 5000]);
    assert.equal((await w.call(MEMBER, "GET", PROJECT, { id })).body.port, 5000);
  });

  it("refuses what is none, and a site's", async () => {
    const w = world();
    for (const [port, more, problem] of some([
      [0, SERVER, "port must be a whole number from 1 to 65535, got 0"],
      [65_536, SERVER, "port must be a whole number from 1 to 65535, got 65536"],
      [80.5, SERVER, "port must be a whole number from 1 to 65535, got 80.5"],
      ["80", SERVER, 'port must be a whole number from 1 to 65535, got "80"'],
      [80, {}, "port is for kinds that run a server; this one publishes files"],
    ] as const)) {
      const { status, body } = await w.call(MEMBER, "POST", "/projects", { body: wish({ ...more, port }) });
      assert.deepEqual([status, body.problems], [400, [problem]]);
    }
  });
});
