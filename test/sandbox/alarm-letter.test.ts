import { strict as assert } from "node:assert";
import { letterOf } from "../../sandbox/alarm-letter";

const CHANGE = {
  AlarmName: "web-down",
  AlarmDescription: "The site is down",
  OldStateValue: "OK",
  NewStateValue: "ALARM",
  NewStateReason: "The last measurements were 2.0, 0.0",
};

describe("an alarm's letter", () => {
  it("says in words what changed, why, and what the alarm is for", () => {
    assert.equal(
      letterOf(JSON.stringify(CHANGE)),
      "From OK to ALARM: The last measurements were 2.0, 0.0\nIt rings for this: The site is down",
    );
  });

  it("says less of an alarm without a description", () => {
    const { AlarmDescription: _, ...rest } = CHANGE;
    assert.equal(letterOf(JSON.stringify(rest)), "From OK to ALARM: The last measurements were 2.0, 0.0");
  });

  it("leaves anything else as it is", () => {
    const { NewStateValue: _, ...other } = CHANGE;
    for (const text of ["Your project is ready.", "{", "null", "[1]", JSON.stringify(other)])
      assert.equal(letterOf(text), text);
  });
});
