import { strict as assert } from "node:assert";
import { isWithin } from "../../../functions/shared/is-within";

describe("a name of DNS", () => {
  it("is within its own domain and each parent domain, but not within one that only ends alike", () => {
    const within = (domain: string) => isWithin("www.example.org", domain);
    assert.deepEqual(["www.example.org", "example.org", "org"].map(within), [true, true, true]);
    assert.deepEqual(
      ["ample.org", "ww.example.org", "a.www.example.org", "www.example.com", "www.example"].map(within),
      [false, false, false, false, false],
    );
  });
});
