import { strict as assert } from "node:assert";
import { letterOf } from "../../sandbox/alarm-letter";
import { announced } from "../../sandbox/follow";

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

  it("does not sound as if it rang when all is in order again", () => {
    const over = letterOf(JSON.stringify({ ...CHANGE, OldStateValue: "ALARM", NewStateValue: "OK" }));
    assert.match(over, /^From ALARM to OK: .*\nIt would ring for this: The site is down$/);
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

describe("what a terminal shows of new mails", () => {
  const mail = (id: string, text: string) => ({
    id,
    at: "",
    from: "alarms",
    to: ["you@example.com"],
    subject: id,
    text,
  });
  const first = (id: string) =>
    mail(
      id,
      letterOf(JSON.stringify({ ...CHANGE, OldStateValue: "INSUFFICIENT_DATA", NewStateValue: "OK" })),
    );

  it("is each letter, and one line for all alarms that have begun to measure", () => {
    assert.deepEqual(announced([first("a"), mail("Your code", "Use 1234.\nOnce."), first("b")]), [
      "mail  to you@example.com: Your code\n      Use 1234.\n      Once.",
      "mail  2 alarms have their first measurements, and all is in order: npm run sandbox -- mail",
    ]);
    assert.match(announced([first("a")])[0]!, /^mail {2}1 alarm has its first measurements/);
    assert.deepEqual(announced([]), []);
  });

  it("is the whole letter of an alarm that rings, or stops", () => {
    const letters = [letterOf(JSON.stringify(CHANGE)), "From ALARM to OK: The last measurement was 0.0"];
    assert.deepEqual(
      announced(letters.map((text) => mail("web-down", text))).map((line) => line.split("\n")[1]!.trim()),
      letters.map((text) => text.split("\n")[0]),
    );
  });
});
