import { strict as assert } from "node:assert";
import { isWithin } from "../../../functions/shared/is-within";

describe("a name of DNS", () => {
  it("lies within its own domain and each above it, and within none that only ends alike", () => {
    const within = (domain: string) => isWithin("www.example.org", domain);
    assert.deepEqual(["www.example.org", "example.org", "org"].map(within), [true, true, true]);
    assert.deepEqual(
      ["ample.org", "ww.example.org", "a.www.example.org", "www.example.com", "www.example"].map(within),
      [false, false, false, false, false],
    );
  });
});
