import assert from "node:assert/strict";
import { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { AlarmState, stateOf } from "../../sandbox/fleet/alarms";
import { some } from "../some";

describe("the sandbox's alarms", () => {
  const alarm = { ComparisonOperator: "GreaterThanThreshold", Threshold: 60, StateValue: "OK" } as const;
  /** As AWS writes it in its tables: X breaches, 0 does not, - is missing; the newest comes last. */
  const points = (text: string) =>
    text.split(" ").map((one) => ({ X: 61, "0": 60, "-": undefined })[one as "X" | "0" | "-"]);
  const KEPT = "the state before";
  const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"];

  const TABLES: { needed: number; rows: [string, ...(AlarmState | typeof KEPT)[]][] }[] = [
    {
      needed: 3,
      rows: [
        ["0 - X - X", "OK", "OK", "OK", "OK"],
        ["0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
        ["0 0 X X -", "OK", "OK", "OK", "OK"],
        ["- - - - 0", "OK", "OK", "OK", "OK"],
        ["- - - - -", "INSUFFICIENT_DATA", KEPT, "ALARM", "OK"],
        ["- - X - -", "ALARM", KEPT, "ALARM", "OK"],
        ["- - - - X", "OK", KEPT, "ALARM", "OK"],
      ],
    },
    {
      needed: 2,
      rows: [
        ["0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
        ["0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
        ["0 - X - -", "OK", "OK", "ALARM", "OK"],
        ["- - - - 0", "OK", "OK", "ALARM", "OK"],
        ["- - - X -", "ALARM", KEPT, "ALARM", "OK"],
      ],
    },
  ];
  for (const { needed, rows } of TABLES)
    for (const [text, ...expected] of some(rows))
      it(`judge ${text} by what they make of missing data, ${needed} of 3 needed`, () => {
        for (const before of ["OK", "ALARM", "INSUFFICIENT_DATA"] as const) {
          const judged = TREATMENTS.map((TreatMissingData) =>
            stateOf(
              {
                ...alarm,
                EvaluationPeriods: 3,
                DatapointsToAlarm: needed,
                TreatMissingData,
                StateValue: before,
              },
              points(text),
            ),
          );
          assert.deepEqual(
            judged,
            expected.map((one) => (one === KEPT ? before : one)),
          );
        }
      });

  it("take missing data for missing unless they say more, and need every period unless they say fewer", () => {
    const plain = { ...alarm, EvaluationPeriods: 2 };
    assert.deepEqual(
      [stateOf(plain, points("- -")), stateOf(plain, points("X 0")), stateOf(plain, points("X X"))],
      ["INSUFFICIENT_DATA", "OK", "ALARM"],
    );
  });

  it("know nothing of missing data that they ignore, where they have never been in a state", () => {
    assert.equal(
      stateOf({ ...alarm, StateValue: undefined, TreatMissingData: "ignore" }, points("-")),
      "INSUFFICIENT_DATA",
    );
  });

  it("compare as they declare, and ring by no other comparison", () => {
    const states = (ComparisonOperator: string) =>
      [59, 60, 61].map((value) => stateOf({ ...alarm, ComparisonOperator } as MetricAlarm, [value]));
    assert.deepEqual(
      [
        "GreaterThanThreshold",
        "GreaterThanOrEqualToThreshold",
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
        "LessThanLowerOrGreaterThanUpperThreshold",
      ].map(states),
      [
        ["OK", "OK", "ALARM"],
        ["OK", "ALARM", "ALARM"],
        ["ALARM", "OK", "OK"],
        ["ALARM", "ALARM", "OK"],
        ["OK", "OK", "OK"],
      ],
    );
    const aboveZero = { ...alarm, Threshold: undefined };
    assert.deepEqual([stateOf(aboveZero, [0]), stateOf(aboveZero, [1])], ["OK", "ALARM"]);
  });
});
