import { strict as assert } from "node:assert";
import { headerOf, refusal, refusedByAws, reply } from "../../../functions/shared/http";
import { logged } from "../logged";

describe("an answer of an API", () => {
  it("is JSON that must not be cached", () => {
    const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
    assert.deepEqual(reply(200, { a: 1 }), { statusCode: 200, headers, body: '{"a":1}' });
  });

  it("says why it refuses, with further fields", () => {
    assert.deepEqual(refusal(404, "No."), reply(404, { message: "No." }));
    assert.deepEqual(refusal(422, "No.", { code: "key" }), reply(422, { message: "No.", code: "key" }));
  });

  it("writes AWS's own words only to the log", async () => {
    for (const [error, name, message] of [
      [Object.assign(new Error("arn:aws:secret"), { name: "Denied" }), "Denied", "arn:aws:secret"],
      ["arn:aws:secret", "Error", "arn:aws:secret"],
    ] as const) {
      const { result, lines } = await logged(async () => refusedByAws("start it", error));
      const words = "AWS did not start it: try again later; the reason is in the function's log.";
      assert.deepEqual(result, refusal(502, words));
      assert.deepEqual(lines, [{ what: "start it", name, message }]);
    }
  });
});

describe("a request's header", () => {
  it("is found whatever its case", () => {
    const headers = { Host: "x", "IDEMPOTENCY-KEY": "k", Empty: undefined };
    assert.equal(headerOf({ headers }, "Idempotency-Key"), "k");
    assert.equal(headerOf({ headers }, "Empty"), undefined);
    assert.equal(headerOf({ headers }, "Accept"), undefined);
    for (const none of [undefined, null]) assert.equal(headerOf({ headers: none }, "Accept"), undefined);
  });
});
