import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "../../../components/shared/check";

describe("Check", () => {
  const check = () => new Check("Thing", "mine");
  const messageOf = (broken: Check): string => {
    try {
      broken.done();
    } catch (error) {
      assert.ok(pulumi.InputPropertiesError.isInstance(error));
      return error.message;
    }
    return "nothing is wrong";
  };

  it("is silent when all is well", () => {
    check().that(true, "a", "true", false).wholeNumber("b", 1, 1, 2).wholeNumber("c", 2, 1, 2).done();
    check().oneOf("d", "x", ["x", "y"]).done();
  });

  it("leaves absent arguments to their defaults", () => {
    check().wholeNumber("a", undefined, 1, 2).oneOf("b", undefined, ["x"]).done();
  });

  it("refuses with the argument, the rule and what it got", () => {
    assert.equal(messageOf(check().that(false, "a", "even", 3)), 'Thing "mine": a must be even, got 3');
  });

  it("refuses everything that is wrong in one error, with a path for each", () => {
    const broken = check().wholeNumber("a", 0, 1, 9).oneOf("b", "z", ["x", "y"]);
    assert.equal(
      messageOf(broken),
      'Thing "mine": a must be a whole number from 1 to 9, got 0; b must be one of x, y, got "z"',
    );
    assert.throws(
      () => broken.done(),
      (error: pulumi.InputPropertiesError) => {
        assert.deepEqual(
          error.errors?.map((e) => e.propertyPath),
          ["a", "b"],
        );
        return true;
      },
    );
  });

  for (const value of [0, 10, 1.5, NaN, Infinity, -1])
    it(`refuses ${value} as a whole number from 1 to 9`, () => {
      assert.match(
        messageOf(check().wholeNumber("a", value, 1, 9)),
        /^Thing "mine": a must be a whole number from 1 to 9/,
      );
    });

  const shown: [value: unknown, text: string][] = [
    [undefined, "nothing"],
    [null, "null"],
    ["a text", '"a text"'],
    [["x"], '["x"]'],
    [() => 1, "() => 1"],
  ];
  for (const [value, text] of shown)
    it(`shows ${text} as what it got`, () => {
      assert.equal(
        messageOf(check().that(false, "a", "other", value)),
        `Thing "mine": a must be other, got ${text}`,
      );
    });
});
