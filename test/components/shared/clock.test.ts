import { strict as assert } from "node:assert";
import { daily, isLong, meet, spansOf } from "../../../components/shared/clock";

describe("the windows of a week", () => {
  it("open every day or once a week, and may end on the next day", () => {
    assert.deepEqual(spansOf("00:30-01:30")[6], { from: 6 * 1440 + 30, to: 6 * 1440 + 90 });
    assert.deepEqual(spansOf("23:45-00:15")[0], { from: 1425, to: 1455 });
    assert.deepEqual(spansOf("sun:23:45-mon:00:15"), [{ from: 10_065, to: 10_095 }]);
  });

  it("overlap where both are open, also across midnight and the end of the week", () => {
    assert.ok(meet(spansOf("06:00-07:00"), spansOf("sun:06:30-sun:07:30")));
    assert.ok(meet(spansOf("00:00-00:30"), spansOf("sun:23:45-mon:00:15")));
    assert.ok(meet(spansOf("sun:23:45-mon:00:15"), spansOf("00:00-00:30")));
    assert.ok(!meet(spansOf("06:00-06:30"), spansOf("sun:06:30-sun:07:30")));
  });

  it("overlap where one opens too soon after the other has closed", () => {
    assert.ok(meet(spansOf("05:59-06:30"), daily(3, 120), 60));
    assert.ok(!meet(spansOf("06:00-06:30"), daily(3, 120), 60));
    assert.ok(!meet(spansOf("02:00-03:00"), daily(3, 120), 60));
    assert.ok(meet(spansOf("00:30-01:00"), daily(22, 120), 60));
  });

  it("are checked for their minimum length", () => {
    assert.ok(isLong("23:45-00:15", 30));
    assert.ok(!isLong("mon:01:00-mon:01:29", 30));
  });
});
