import assert from "node:assert/strict";
import { asksFor, Fields, takes } from "../../sandbox/fleet/event-pattern";

const takesAll = (pattern: Fields, events: Fields[]) => events.map((event) => takes(pattern, event));

/** A comparison, the values of a field that it takes, and those that it does not; undefined is a field that is not there. */
const COMPARISONS: [string, Fields[string], unknown[], unknown[]][] = [
  [
    "an exact text",
    "terminated",
    ["terminated", ["running", "terminated"]],
    ["Terminated", "", null, undefined, []],
  ],
  ["an empty text", "", [""], [null, undefined, " "]],
  ["null", null, [null], ["", 0, undefined, "null"]],
  ["a number", 100, [100], ["100", 100.5]],
  ["a truth", true, [true], ["true", false]],
  [
    "prefix",
    { prefix: "eu-" },
    ["eu-west-1", ["us-east-1", "eu-north-1"]],
    ["us-east-1", "EU-west-1", 1, undefined],
  ],
  [
    "prefix, whatever the case",
    { prefix: { "equals-ignore-case": "Eu-" } },
    ["eu-west-1", "EU-x"],
    ["us-east-1"],
  ],
  ["suffix", { suffix: ".png" }, ["a.png"], ["a.PNG", "a.png.txt", undefined]],
  ["suffix, whatever the case", { suffix: { "equals-ignore-case": ".png" } }, ["a.PNG"], ["a.jpg"]],
  ["equals-ignore-case", { "equals-ignore-case": "Alice" }, ["alice", "ALICE"], ["alices", null]],
  [
    "anything-but a text",
    { "anything-but": "pending" },
    ["running", 1, null, ["pending", "running"]],
    ["pending", undefined],
  ],
  ["anything-but numbers", { "anything-but": [100, 200] }, [300, "100"], [100, 200]],
  ["anything-but a prefix", { "anything-but": { prefix: "us-" } }, ["eu-west-1"], ["us-east-1"]],
  [
    "anything-but prefixes",
    { "anything-but": { prefix: ["us-", "ap-"] } },
    ["eu-west-1"],
    ["us-east-1", "ap-south-1"],
  ],
  ["anything-but a suffix", { "anything-but": { suffix: ".png" } }, ["a.jpg"], ["a.png"]],
  [
    "anything-but, whatever the case",
    { "anything-but": { "equals-ignore-case": ["a", "b"] } },
    ["c"],
    ["A", "b"],
  ],
  ["anything-but a wildcard", { "anything-but": { wildcard: "*/lib/*" } }, ["a/b"], ["a/lib/b"]],
  ["a number in a range", { numeric: [">", 0, "<=", 5] }, [0.1, 5], [0, 5.1, "3", undefined]],
  ["a number that equals", { numeric: ["=", 3] }, [3, 3.0], [4]],
  ["a number from below", { numeric: ["<", 1] }, [-2], [1]],
  ["a number from above", { numeric: [">=", 1] }, [1], [0]],
  ["that it exists", { exists: true }, ["", 0, null, ["x"]], [undefined, {}, { inside: 1 }, []]],
  ["that it does not exist", { exists: false }, [undefined, { inside: 1 }, []], ["", null]],
  [
    "wildcard",
    { wildcard: "dir/*.png" },
    ["dir/a.png", "dir/.png", "dir/a/b.png", "dir/a\nb.png"],
    ["dir/a.jpg", "x/dir/a.png"],
  ],
  ["wildcard with a star that is meant", { wildcard: "a\\*b*" }, ["a*b", "a*bc"], ["axb"]],
  ["wildcard with signs of regular expressions", { wildcard: "a.(b)?*" }, ["a.(b)?c"], ["axb"]],
  ["wildcard with a backslash that is meant", { wildcard: "a\\\\*" }, ["a\\b"], ["a*", "ab"]],
  ["wildcard with a backslash before another sign", { wildcard: "a\\b*" }, ["a\\bc"], ["abc"]],
  ["an empty wildcard", { wildcard: "" }, [""], ["a"]],
  [
    "cidr",
    { cidr: "10.0.0.0/24" },
    ["10.0.0.0", "10.0.0.255"],
    ["10.0.1.0", "10.0.0", "fd00::1", 10, undefined],
  ],
  ["cidr of version 6", { cidr: "fd00::/64" }, ["fd00::1"], ["fd01::1", "10.0.0.1"]],
];

describe("the sandbox's event patterns", () => {
  for (const [name, wanted, taken, refused] of COMPARISONS)
    it(`take ${name}, and nothing else`, () => {
      const event = (value: unknown) => ({ detail: value === undefined ? {} : { field: value } }) as Fields;
      const pattern = { detail: { field: [wanted] } };
      assert.deepEqual(
        takesAll(pattern, taken.map(event)),
        taken.map(() => true),
      );
      assert.deepEqual(
        takesAll(pattern, refused.map(event)),
        refused.map(() => false),
      );
    });

  it("need every field, and one of the values that each lists", () => {
    const pattern = {
      source: ["aws.ec2", "aws.rds"],
      detail: { state: ["stopped"], zone: [{ prefix: "eu" }] },
    };
    const detail = { state: "stopped", zone: "eu-west-1", more: 1 };
    assert.deepEqual(
      takesAll(pattern, [
        { source: "aws.rds", detail },
        { source: "aws.s3", detail },
        { source: "aws.ec2", detail: { ...detail, state: "running" } },
        { source: "aws.ec2" },
      ]),
      [true, false, false, false],
    );
  });

  it("take either side of $or, at any depth, beside what all need", () => {
    const pattern: Fields = {
      source: ["shop"],
      detail: { $or: [{ place: ["Oslo"] }, { day: ["Monday"], price: [{ numeric: ["<", 10] }] }] },
    };
    const event = (detail: Fields, source = "shop") => ({ source, detail });
    assert.deepEqual(
      takesAll(pattern, [
        event({ place: "Oslo" }),
        event({ day: "Monday", price: 9 }),
        event({ day: "Monday", price: 10 }),
        event({ place: "Oslo" }, "other"),
      ]),
      [true, true, false, false],
    );
  });

  it("look into a list of things, one thing at a time", () => {
    const pattern = { detail: { parts: { kind: ["a"], size: [1] } } };
    const event = (...parts: Fields[]) => ({ detail: { parts } });
    assert.deepEqual(
      takesAll(pattern, [
        event({ kind: "b", size: 2 }, { kind: "a", size: 1 }),
        event({ kind: "a", size: 2 }, { kind: "b", size: 1 }),
      ]),
      [true, false],
    );
  });

  it("take a field that is not there in a part that is not there", () => {
    assert.equal(takes({ detail: { error: { code: [{ exists: false }] } } }, { detail: {} }), true);
  });

  it("refuses a comparison that EventBridge does not have", () => {
    assert.throws(() => takes({ a: [{ like: "x" }] }, { a: "x" }), /EventBridge has no comparison "like"/);
    assert.throws(() => takes({ a: [{}] }, { a: "x" }), /EventBridge has no comparison ""/);
  });

  it("ask for a source that they name, describe or do not speak of", () => {
    const patterns: Fields[] = [
      { source: ["aws.ec2"] },
      { source: [{ prefix: "aws." }] },
      { "detail-type": ["any"] },
      { source: ["aws.rds"] },
      { source: [{ "anything-but": "aws.ec2" }] },
    ];
    assert.deepEqual(
      patterns.map((one) => asksFor(one, "aws.ec2")),
      [true, true, true, false, false],
    );
  });
});
