import { strict as assert } from "node:assert";
import { some } from "../some";
import { counts, namesIn, readPattern } from "./filter-pattern";

/** A record of the shape that the page uses for its examples. */
const RECORD = {
  eventType: "UpdateTrail",
  sourceIPAddress: "111.111.111.111",
  arrayKey: ["value", "another value"],
  objectList: [
    { name: "a", id: 1 },
    { name: "b", id: 2 },
  ],
  SomeObject: null,
  yes: true,
  no: false,
  errorCode: 400,
  latency: 0.5,
};

const holds = (pattern: string) => counts(readPattern(pattern), RECORD);

describe("a filter's pattern", () => {
  const TABLE: Record<string, { yes: string[]; no: string[] }> = {
    "compares texts, with quotation marks or without, and by case": {
      yes: [
        '{ $.eventType = "UpdateTrail" }',
        "{ $.eventType = UpdateTrail }",
        '{$.eventType="UpdateTrail"}',
      ],
      no: [
        '{ $.eventType = "updateTrail" }',
        '{ $.eventType = "UpdateTrai" }',
        '{ $.eventTyp = "UpdateTrail" }',
      ],
    },
    "takes a star for any text": {
      yes: ["{ $.sourceIPAddress != 123.123.* }", '{ $.eventType = "*Trail" }', '{ $.eventType = "Up*T*" }'],
      no: ["{ $.sourceIPAddress != 111.111.* }", '{ $.eventType = "*Trai" }', '{ $.eventType = "Trail*" }'],
    },
    "takes a full stop for itself": {
      yes: ['{ $.sourceIPAddress = "111.*.111" }'],
      no: ['{ $.sourceIPAddress = "111x111.*" }'],
    },
    "reads arrays and objects by their place": {
      yes: ['{ $.arrayKey[0] = "value" }', "{ $.objectList[1].id = 2 }"],
      no: ['{ $.arrayKey[1] = "value" }', "{ $.objectList[2].id = 2 }"],
    },
    "compares numbers": {
      yes: [
        ...["=", ">=", "<="].map((sign) => `{ $.errorCode ${sign} 400 }`),
        ...[
          "{ $.errorCode != 401 }",
          "{ $.errorCode < 401 }",
          "{ $.latency > 4e-1 }",
          "{ $.latency > -1.5 }",
        ],
      ],
      no: [
        ...["!=", ">", "<"].map((sign) => `{ $.errorCode ${sign} 400 }`),
        ...["{ $.errorCode >= 401 }", "{ $.errorCode <= 399 }", '{ $.errorCode = "400" }', "{ $.none > 1 }"],
      ],
    },
    "asks for null, true, false and what is not there": {
      yes: [
        "{ $.SomeObject IS NULL }",
        "{ $.yes IS TRUE }",
        "{ $.no IS FALSE }",
        "{ $.SomeOtherObject NOT EXISTS }",
      ],
      no: [
        "{ $.SomeOtherObject IS NULL }",
        "{ $.no IS TRUE }",
        "{ $.yes IS FALSE }",
        "{ $.SomeObject NOT EXISTS }",
      ],
    },
    "joins by && more closely than by ||, unless parentheses say otherwise": {
      yes: [
        "{ $.yes IS TRUE || $.yes IS TRUE && $.yes IS FALSE }",
        "{ ($.no IS TRUE) || ($.errorCode = 400) }",
        "{ ($.yes IS TRUE) && (($.no IS TRUE) || ($.no IS FALSE)) }",
      ],
      no: [
        "{ ($.yes IS TRUE || $.yes IS TRUE) && $.yes IS FALSE }",
        "{ ($.yes IS TRUE) && ($.errorCode = 401) }",
        "{ $.no IS TRUE || $.errorCode = 401 }",
      ],
    },
  };
  for (const [title, { yes, no }] of Object.entries(TABLE))
    it(title, () => {
      for (const pattern of some(yes)) assert.equal(holds(pattern), true, pattern);
      for (const pattern of some(no)) assert.equal(holds(pattern), false, pattern);
    });

  it("lists the values that it accepts for a field", () => {
    const pattern = readPattern('{ ($.a = x) && (($.b = "y z") || ($.b = w) || ($.b != v)) }');
    assert.deepEqual([namesIn(pattern, "$.a"), namesIn(pattern, "$.b")], [["x"], ["y z", "w"]]);
  });

  it("refuses what CloudWatch would", () => {
    for (const wrong of [
      ...["", "ERROR", "{ }", "{ $.a }", "{ $.a = }", "{ a = b }", "{ $.a = b", "$.a = b }", "{ $.a == b }"],
      ...["{ ($.a = b }", "{ $.a = b) }", "{ $.a = b } }", "{ $.a = b $.c = d }", "{ $.a = b && }"],
      ...["{ $.a = b & $.c = d }", "{ $.a | $.b }", "{ $.a EXISTS }", "{ $.a NOT THERE }", "{ $.a IS b }"],
      ...["{ $.a < b }", '{ $.a = "b }', "{ $.a = b;c }", "{ !$.a }"],
    ])
      assert.throws(() => readPattern(wrong), /sense|no value/, wrong);
  });

  it("refuses to guess the result of != for a missing field", () => {
    assert.throws(() => holds('{ $.none != "a" }'), /the record has no \$\.none/);
    assert.equal(holds('{ $.none NOT EXISTS || $.none != "a" }'), true);
  });
});
