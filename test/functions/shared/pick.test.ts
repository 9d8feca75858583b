import { strict as assert } from "node:assert";
import { only, pick } from "../../../functions/shared/pick";

describe("an object's properties", () => {
  const from: { a: number; b?: number; c?: number } = { a: 1, c: undefined };

  it("are picked by their names, missing ones as undefined", () => {
    assert.deepEqual(Object.entries(pick(from, ["a", "b"])), [
      ["a", 1],
      ["b", undefined],
    ]);
  });

  it("are taken by their names only if they exist", () => {
    assert.deepEqual(Object.entries(only(from, ["b", "c"])), [["c", undefined]]);
    assert.deepEqual(Object.entries(only(from, [])), []);
  });
});
