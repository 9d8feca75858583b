import { strict as assert } from "node:assert";
import { fromEnvironment } from "../../../functions/shared/environment";

describe("a function's environment", () => {
  const given = fromEnvironment<{ SOME_TABLE: string; SOME_GROUP: string }>;

  it("contains what the component has put into it, even if that is empty", () => {
    Object.assign(process.env, { SOME_TABLE: "table-1", SOME_GROUP: "" });
    assert.deepEqual([given("SOME_TABLE"), given("SOME_GROUP")], ["table-1", ""]);
  });

  it("refuses a missing variable, by its name", () => {
    delete process.env.SOME_TABLE;
    assert.throws(() => given("SOME_TABLE"), /^Error: SOME_TABLE is missing in the function's environment$/);
  });

  after(() => {
    delete process.env.SOME_GROUP;
  });
});
