import { strict as assert } from "node:assert";
import { ipBlock } from "../../../components/shared/ip-block";

const BLOCK = "an IPv4 block such as 203.0.113.0/24, no bit set behind the prefix";
const refusals = (text: unknown, bounds?: { min?: number; max?: number }) =>
  ipBlock(bounds)
    .safeParse(text)
    .error?.issues.map(({ message }) => message) ?? [];

describe("an IPv4 block", () => {
  it("may have any size", () => {
    for (const text of ["0.0.0.0/0", "10.0.0.0/8", "203.0.113.7/32"])
      assert.deepEqual(refusals(text), [], text);
  });

  for (const text of ["", "here", "10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "256.0.0.0/8", "2001:db8::/32"])
    it(`may not be ${JSON.stringify(text)}`, () => {
      assert.deepEqual(refusals(text), [BLOCK]);
    });

  it("may be limited to a range of sizes, its bounds included", () => {
    const bounds = { min: 16, max: 24 };
    for (const text of ["10.0.0.0/16", "10.0.0.0/24"]) assert.deepEqual(refusals(text, bounds), [], text);
    for (const text of ["10.0.0.0/15", "10.0.0.0/25"])
      assert.deepEqual(refusals(text, bounds), ["a block from /16 to /24"], text);
  });

  it("is refused as no block if it is none, whatever size is required", () => {
    assert.deepEqual(refusals("here", { min: 16, max: 24 }), [BLOCK]);
  });
});
