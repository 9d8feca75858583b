import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { fitsType, overlap, policyPattern, typePattern } from "../../../policies/rules/arn-pattern";

describe("ARN patterns", () => {
  const bucket = "arn:${Partition}:s3:::${BucketName}";
  const object = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
  const instance = "arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}";
  const stream =
    "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}:log-stream:${LogStreamName}";
  const cases: [resource: string, type: string, fits: boolean][] = [
    ["arn:aws:s3:::mine", bucket, true],
    ["arn:aws:s3:::mine", object, false],
    ["arn:aws:s3:::mine/*", object, true],
    ["arn:aws:s3:::mine/*", bucket, false],
    ["arn:aws:s3:::mine*", object, true],
    ["arn:aws:ec2:*:*:instance/*", instance, true],
    ["arn:aws:ec2:*:*:network-interface/*", instance, false],
    ["arn:aws:ec2:eu-west-1:1:instance/i-?", instance, true],
    ["arn:aws:logs:eu-west-1:1:log-group:mine:*", stream, true],
    ["arn:aws:logs:eu-west-1:1:log-group:mine", stream, false],
    ["arn:aws:s3:::${aws:username}/*", object, true],
    ["arn:aws:s3:::mine/a/b", object, true],
    ["arn:aws:logs:eu-west-1:1:log-group:mine-log-stream:a", stream, false],
    ["not an arn", object, false],
    ["arn", object, false],
  ];
  for (const [resource, type, fits] of cases)
    it(`${resource} ${fits ? "can be" : "refuses to be"} ${type}`, () => {
      assert.equal(fitsType(resource, type), fits);
    });

  it("overlap themselves, and whatever their stars match", () => {
    const word = fc.stringMatching(/^[a-z:/]{0,8}$/);
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        assert.equal(overlap(policyPattern(a + b + c), policyPattern(a + b + c)), true);
        assert.equal(overlap(policyPattern(`${a}*${c}`), policyPattern(a + b + c)), true);
        assert.equal(overlap(policyPattern(a + b + c), policyPattern(`${a}*${c}`)), true);
      }),
    );
  });

  it("refuse a text that lacks what is before or after the star", () => {
    const word = fc.stringMatching(/^[a-z]{0,8}$/);
    fc.assert(
      fc.property(word, word, (a, b) => {
        assert.equal(overlap(policyPattern(`${a}#*${b}`), policyPattern(a + b)), false);
      }),
    );
  });

  it("refuse it in whichever order they are compared", () => {
    const word = fc.stringMatching(/^[a-z]{0,8}$/);
    fc.assert(
      fc.property(word, word, (a, b) => {
        assert.equal(overlap(policyPattern(a + b), policyPattern(`${a}#*${b}`)), false);
      }),
    );
    const name = typePattern("${BucketName}");
    assert.deepEqual(
      ["a", "a/b", "*"].map((text) => [
        overlap(name, policyPattern(text)),
        overlap(policyPattern(text), name),
      ]),
      [
        [true, true],
        [false, false],
        [true, true],
      ],
    );
  });

  it("match exactly one character with a question mark", () => {
    const both = (a: string, b: string) =>
      [overlap(policyPattern(a), policyPattern(b)), overlap(policyPattern(b), policyPattern(a))].join();
    for (const text of ["abc", "a?c", "a*c", "?b?"]) assert.equal(both("a?c", text), "true,true", text);
    for (const text of ["ac", "abbc", "abd", "a"]) assert.equal(both("a?c", text), "false,false", text);
    for (const text of ["", "a", "abcd"])
      assert.equal(both("abc?", text), String([text.length > 3, text.length > 3]), text);
    assert.equal(both("?", ""), "false,false");
  });

  it("are compared quickly, however many stars they have", () => {
    const stars = policyPattern(`${"*a".repeat(14)}*b`);
    assert.equal(overlap(stars, policyPattern("a".repeat(60))), false);
    assert.equal(overlap(stars, policyPattern(`${"a".repeat(60)}b`)), true);
  });
});
