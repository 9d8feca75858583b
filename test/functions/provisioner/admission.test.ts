import { strict as assert } from "node:assert";
import { asked, MEMBER, Person, wish, World, world } from "./world";

const post = (w: World, body: unknown, person: Person = MEMBER) =>
  w.call(person, "POST", "/projects", { body });

describe("the admission of a project", () => {
  it("asks for the quota before it keeps a secret", async () => {
    const w = world();
    const person = { ...MEMBER, quota: 1.5 };
    await asked(w, {}, person);
    w.apiPorts.keepSecret = () => assert.fail("a secret was kept");
    const { status, body } = await post(w, wish({ name: "other" }), person);
    assert.deepEqual([status, body.code, body.left], [403, "quota", 0.5]);
  });

  it("counts for a room only the projects that take it", async () => {
    const w = world({ capacity: { sites: 1, balancers: 9, databases: 9, domains: 9 } });
    const server = { type: "realtime", stack: "node", environment: "stag" };
    const answers = [];
    for (const one of [{ name: "app", ...server }, { name: "one" }, { name: "two" }])
      answers.push((await post(w, wish(one))).status);
    assert.deepEqual(answers, [202, 202, 409]);
  });
});
