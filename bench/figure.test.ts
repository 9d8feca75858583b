import { strict as assert } from "node:assert";
import { Figure, keepsGoal, median, rounded } from "./figure";

const figure = (goal: string, ours: number, ratio?: number): Figure => ({
  ...{ bench: "b", figure: "f", goal, ours },
  ...(ratio === undefined ? {} : { ratio }),
});

describe("a benchmark's figure", () => {
  for (const [goal, ours, ratio, kept] of [
    ["<= 3", 3, undefined, true],
    ["<= 3", 3.01, undefined, false],
    [">= 2", 2, undefined, true],
    ["ratio >= 0.95", 18_090, 0.949, false],
    ["ratio >= 0.95", 1, 0.95, true],
    ["ratio <= 0.333", 1, 0.4, false],
  ] as const)
    it(`of ${ours}${ratio ? `, ratio ${ratio},` : ""} ${kept ? "meets" : "misses"} ${goal}`, () => {
      assert.equal(keepsGoal(figure(goal, ours, ratio)), kept);
    });

  it("is not judged when its goal is in other words, or its ratio was not measured", () => {
    for (const goal of ["measured", ">= 95 % of a bare server", "<= 20 and <= 3x alone", "ratio <= 1"])
      assert.equal(keepsGoal(figure(goal, 18_090)), undefined);
  });

  it("is rounded to three digits, or to a whole number", () => {
    assert.deepEqual([0.89381, 18_090.4, 5.1461, 20.06].map(rounded), [0.894, 18_090, 5.15, 20.1]);
  });

  it("is the median of its rounds", () => {
    assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3])], [2, 2.5]);
  });
});
