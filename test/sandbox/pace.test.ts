import assert from "node:assert/strict";
import { Pace } from "../../sandbox/fleet/pace";

describe("how often the sandbox looks", () => {
  let at = 0;
  const pace = new Pace(() => at);
  const look = (time: number, what: object) => {
    at = time;
    pace.saw("view", what);
    return pace.waitMs;
  };

  it("is often until nothing has moved for ten seconds", () => {
    assert.equal(look(0, { machines: 2 }), 500);
    assert.equal(look(9_999, { machines: 2 }), 500);
    assert.equal(look(10_000, { machines: 2 }), 1_500);
  });

  it("is often again as soon as something moves", () => {
    assert.equal(look(60_000, { machines: 2 }), 1_500);
    assert.equal(look(61_500, { machines: 1 }), 500);
    assert.equal(look(71_500, { machines: 1 }), 1_500);
  });

  it("goes by each kind of look", () => {
    pace.saw("stacks", ["ready"]);
    assert.equal(look(72_000, { machines: 1 }), 500);
  });
});
