import { strict as assert } from "node:assert";
import { some } from "../../some";
import { ADMIN, asked, MEMBER, wish, World, world } from "./world";

const set = (w: World, body: object, person = ADMIN) => w.call(person, "PUT", "/units", { body });
const units = async (w: World) => (await w.call(ADMIN, "GET", "/units")).body.units;

describe("a unit's quota", () => {
  it("is set by an admin, and overrides its people's attributes", async () => {
    const w = world();
    await asked(w);
    assert.deepEqual(await units(w), [{ unit: "ct1", committed: 0, reserved: 1 }]);
    const { status, body } = await set(w, { unit: "ct1", quota: 1.509 });
    const now = { unit: "ct1", quota: 1.5, setBy: ADMIN.email, committed: 0, reserved: 1 };
    assert.deepEqual([status, { ...body, setAt: undefined }], [200, { ...now, setAt: undefined }]);
    assert.equal((await w.call(MEMBER, "GET", "/quota")).body.left, 0.5);
    const refused = await w.call(MEMBER, "POST", "/projects", { body: wish({ name: "two" }) });
    assert.deepEqual([refused.body.code, refused.body.left], ["quota", 0.5]);
    await set(w, { unit: "ct1", quota: 2 });
    assert.equal((await w.call(MEMBER, "POST", "/projects", { body: wish({ name: "two" }) })).status, 202);
  });

  it("can be given to a person without one, and removed again", async () => {
    const w = world();
    const poor = { ...MEMBER, unit: "ntu-scse-2023.ct1", quota: 0 };
    await set(w, { unit: poor.unit, quota: 10 });
    assert.equal((await w.call(poor, "GET", "/quota")).body.quota, 10);
    assert.equal((await w.call(poor, "POST", "/projects", { body: wish() })).status, 202);
    await set(w, { unit: poor.unit, quota: null });
    assert.equal((await w.call(poor, "GET", "/quota")).body.quota, 0);
    assert.deepEqual(await units(w), [{ unit: poor.unit, committed: 0, reserved: 1 }]);
  });

  it("holds against requests admitted at the same moment", async () => {
    const w = world();
    await set(w, { unit: "ct1", quota: 1 });
    const names = ["one", "two", "three"].map((name) =>
      w.call({ ...MEMBER, quota: 1000 }, "POST", "/projects", { body: wish({ name }) }),
    );
    const statuses = (await Promise.all(names)).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [202, 403, 403]);
  });

  it("is seen and set by admins only, and refused if invalid, with the fields' names", async () => {
    const w = world();
    assert.equal((await w.call(MEMBER, "GET", "/units")).body.code, "admins");
    assert.equal((await set(w, { unit: "ct1", quota: 9_999 }, MEMBER)).body.code, "admins");
    for (const [body, problem] of some<[object, RegExp]>([
      [{ quota: 1 }, /^unit must be .*, got nothing$/],
      [{ unit: "", quota: 1 }, /^unit must be .*, got ""$/],
      [{ unit: "x\n", quota: 1 }, /^unit must be /],
      [
        { unit: "ct1" },
        /^quota must be US dollars a month from 0 to 1,000,000, or null for none, got nothing$/,
      ],
      [{ unit: "ct1", quota: -1 }, /^quota must be .*, got -1$/],
      [{ unit: "ct1", quota: "5" }, /^quota must be .*, got "5"$/],
      [{ unit: "ct1", quota: 5, more: 1 }, /^more is not a field/],
    ])) {
      const told = await set(w, body);
      assert.deepEqual([told.status, told.body.problems.length], [400, 1], JSON.stringify(body));
      assert.match(told.body.problems[0], problem);
    }
    assert.deepEqual(await units(w), []);
  });
});
