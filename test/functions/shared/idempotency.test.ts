import { strict as assert } from "node:assert";
import { reply } from "../../../functions/shared/http";
import { Asked, CLAIM_SECONDS, once } from "../../../functions/shared/idempotency";
import { claimsInMemory } from "../delivery/ports-in-memory";
import { some } from "../../some";
import { waitsOf } from "../waits";

const ASKED: Asked = { operation: "make", caller: "user-1", key: "a-key-of-mine", content: "one" };

/** Work that says how often it was done, and by which tokens. */
function worker(statusCode = 202) {
  const tokens: string[] = [];
  const work = async (token: string) => reply(statusCode, { made: tokens.push(token) });
  return { tokens, work };
}
const read = async (answer: ReturnType<typeof once>) => {
  const { statusCode, body } = await answer;
  return [statusCode, JSON.parse(body)] as const;
};
const ANOTHER = [422, { message: "Idempotency-Key came with another request before.", code: "key" }];

describe("work with an Idempotency-Key", () => {
  it("is done once, and everyone who asks gets that answer", async () => {
    const { tokens, work } = worker();
    const claims = claimsInMemory();
    const answers = await Promise.all(Array.from({ length: 50 }, () => read(once(ASKED, claims, work))));
    assert.equal(tokens.length, 1);
    assert.deepEqual(new Set(answers.map((one) => JSON.stringify(one))), new Set(['[202,{"made":1}]']));
  });

  it("is done each time if there is no key, with a token of its own", async () => {
    const { tokens, work } = worker();
    const claims = claimsInMemory();
    for (let i = 0; i < 2; i++) await once({ ...ASKED, key: undefined }, claims, work);
    assert.equal(new Set(tokens).size, 2);
    assert.deepEqual(claims.keys(), []);
  });

  it("is separate for another caller and another operation", async () => {
    const { tokens, work } = worker();
    const claims = claimsInMemory();
    await once(ASKED, claims, work);
    await once({ ...ASKED, caller: "user-2" }, claims, work);
    await once({ ...ASKED, operation: "unmake" }, claims, work);
    assert.equal(new Set(tokens).size, 3);
  });

  it("gets the same token again if its answer was lost, and another one for other content", async () => {
    const { tokens, work } = worker();
    for (const content of ["one", "one", "two"]) await once({ ...ASKED, content }, claimsInMemory(), work);
    assert.equal(tokens[1], tokens[0]);
    assert.notEqual(tokens[2], tokens[0]);
    for (const token of some(tokens)) assert.match(token, /^[0-9a-f]{64}$/);
  });

  it("is remembered for a day, with the request that it was done for", async () => {
    const clock = { now: 0 };
    const { tokens, work } = worker();
    const claims = claimsInMemory(clock);
    const ask = (content: string) => read(once({ ...ASKED, content }, claims, work));
    await ask("one");
    clock.now = 24 * 60 * 60;
    assert.deepEqual(await ask("one"), [202, { made: 1 }]);
    assert.deepEqual(await ask("two"), ANOTHER);
    clock.now++;
    assert.deepEqual(await ask("two"), [202, { made: 2 }]);
    assert.equal(tokens.length, 2);
  });

  it("may be tried again with the same key if it was refused or threw", async () => {
    const claims = claimsInMemory();
    const refusing = worker(409);
    assert.deepEqual(await read(once(ASKED, claims, refusing.work)), [409, { made: 1 }]);
    const failure = new Error("no");
    await assert.rejects(
      once(ASKED, claims, async () => Promise.reject(failure)),
      failure,
    );
    assert.deepEqual(claims.keys(), []);
    const { work } = worker();
    assert.deepEqual(await read(once({ ...ASKED, content: "two" }, claims, work)), [202, { made: 1 }]);
  });

  it("refuses an invalid key, and does nothing", async () => {
    const { tokens, work } = worker();
    const why = "Idempotency-Key must be 8 to 128 letters, digits or any of . _ : -, such as a UUID.";
    for (const key of [
      "",
      "short-7",
      "with space",
      "ünicode-key",
      "8-long-1\n",
      " 8-long-1",
      "x".repeat(129),
    ])
      assert.deepEqual(
        await read(once({ ...ASKED, key }, claimsInMemory(), work)),
        [400, { message: why, code: "key" }],
        key,
      );
    for (const key of ["8-long-1", "A.b_c:d-9", "x".repeat(128)])
      assert.equal((await once({ ...ASKED, key }, claimsInMemory(), work)).statusCode, 202, key);
    assert.equal(tokens.length, 3);
  });

  it("can be done by another if whoever began it has died", async () => {
    const clock = { now: 0 };
    const claims = claimsInMemory(clock);
    const { tokens, work } = worker();
    void once(ASKED, claims, () => new Promise(() => undefined));
    const ask = () => once(ASKED, claims, work, async () => undefined);
    clock.now = CLAIM_SECONDS;
    assert.equal((await ask()).statusCode, 409);
    clock.now++;
    assert.equal((await ask()).statusCode, 202);
    assert.equal(tokens.length, 1);
  });

  it("refuses after ten seconds while the first request is still being answered", async () => {
    const { tokens, work } = worker();
    const busy = { ...claimsInMemory(), claim: async () => ({ mine: false }) };
    const waits: number[] = [];
    const pause = async (milliseconds: number) => void waits.push(milliseconds);
    assert.deepEqual(await read(once(ASKED, busy, work, pause)), [
      409,
      {
        message: "Idempotency-Key came with a request that is still being answered: try again.",
        code: "key",
      },
    ]);
    assert.deepEqual(tokens, []);
    assert.equal(Math.round(waits.reduce((sum, wait) => sum + wait) / 1000), 10);
    assert.deepEqual([waits[0], waits.length], [100, 11]);
    assert.ok(
      waits.every((wait, n) => n === 0 || wait > waits[n - 1]!),
      "longer each time",
    );
  });

  it("waits by the real clock by default", async () => {
    const { work } = worker();
    const busy = { ...claimsInMemory(), claim: async () => ({ mine: false }) };
    const { waits } = await waitsOf(() => once(ASKED, busy, work));
    assert.deepEqual([waits.length, waits[0], waits[1]], [11, 100, 140]);
  });
});
