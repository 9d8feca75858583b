import assert from "node:assert/strict";
import fc from "fast-check";
import { isPrime, LARGEST, wholeRoot } from "../../webapp/load/prime";
import { threadsFor } from "../../webapp/load/primes";
import { start } from "./helper";

/** A reference by other means: Miller-Rabin on whole numbers, decisive below 3.3 * 10^24 with these bases. */
function isPrimeByMillerRabin(n: bigint): boolean {
  const bases = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n];
  if (n < 2n) return false;
  for (const base of bases) if (n % base === 0n) return n === base;
  let odd = n - 1n;
  let halvings = 0;
  for (; odd % 2n === 0n; odd /= 2n) halvings += 1;
  return bases.every((base) => {
    let x = power(base, odd, n);
    if (x === 1n || x === n - 1n) return true;
    for (let i = 1; i < halvings; i += 1) {
      x = (x * x) % n;
      if (x === n - 1n) return true;
    }
    return false;
  });
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let [b, e] = [base % modulus, exponent]; e > 0n; b = (b * b) % modulus, e /= 2n) {
    if (e % 2n === 1n) result = (result * b) % modulus;
  }
  return result;
}

const agrees = (n: number): void => assert.equal(isPrime(n), isPrimeByMillerRabin(BigInt(n)), `${n}`);

describe("the prime test", () => {
  it("agrees with a reference on 0 to 10,000", () => {
    for (let n = 0; n <= 10_000; n += 1) agrees(n);
  });

  it("agrees with a reference on 10,000 random numbers up to 10^12", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e12 }), agrees), { numRuns: 10_000, seed: 4 });
  });

  it("agrees with a reference at 2^53, where doubles end", () => {
    for (let below = 40; below >= 0; below -= 1) agrees(LARGEST - below);
  });

  it("recognises squares of primes and their neighbours", () => {
    for (const root of [2, 3, 5, 7, 31, 46_337, 67_108_859, 94_906_249]) {
      for (const n of [root * root - 1, root * root, root * root + 1]) agrees(n);
    }
  });

  it("handles roots that a double rounds up", () => {
    const rounded = 94_906_265 ** 2 - 1;
    assert.equal(Math.sqrt(rounded), 94_906_265);
    assert.equal(wholeRoot(rounded), 94_906_264);
    assert.equal(wholeRoot(LARGEST), 94_906_265);
  });
});

describe("GET /load", () => {
  it("leaves a core to the event loop, where there is more than one", () => {
    assert.deepEqual([1, 2, 4, 64].map(threadsFor), [1, 1, 3, 63]);
  });

  it("says whether the number is prime, and how long that took", async () => {
    const { app } = await start();
    const response = await app.inject("/load?number=112272535095293");
    assert.equal(response.statusCode, 200);
    const { processingTime, ...rest } = response.json();
    assert.deepEqual(rest, { isPrime: true, number: 112272535095293 });
    assert.ok(processingTime > 0);
  });

  it("accepts every number from 0 to 2^53", async () => {
    const { app } = await start();
    const answers = await Promise.all(
      ["0", "1", "2", "9007199254740881", "9007199254740992"].map(async (number) =>
        (await app.inject(`/load?number=${number}`)).json(),
      ),
    );
    assert.deepEqual(
      answers.map(({ number, isPrime: prime }) => [number, prime]),
      [
        [0, false],
        [1, false],
        [2, true],
        [9007199254740881, true],
        [9007199254740992, false],
      ],
    );
  });

  it("documents exactly the numbers that it accepts", async () => {
    const { app } = await start();
    const { paths } = (await app.inject("/documentation/json")).json();
    const pattern = new RegExp(paths["/load"].get.parameters[0].schema.pattern);
    const agrees = (n: bigint): void => assert.equal(pattern.test(`${n}`), n >= 0n && n <= 2n ** 53n, `${n}`);
    for (let near = -2000n; near <= 2000n; near += 1n) agrees(2n ** 53n + near);
    fc.assert(fc.property(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 64n }), agrees), {
      numRuns: 10_000,
      seed: 5,
    });
    for (let digits = 1n; digits <= 20n; digits += 1n) agrees(10n ** digits);
  });

  it("answers others while every core computes", async () => {
    const { app } = await start();
    const order: string[] = [];
    const loads = Array.from({ length: 8 }, () =>
      app.inject("/load?number=9007199254740881").then(() => order.push("load")),
    );
    await app.inject("/").then(() => order.push("page"));
    await Promise.all(loads);
    assert.equal(order[0], "page");
  });

  it("refuses what does not fit into its queue", async () => {
    const { app } = await start({ LOAD_QUEUE: "2" });
    const responses = await Promise.all(
      Array.from({ length: 12 }, () => app.inject("/load?number=9007199254740881")),
    );
    const refused = responses.filter(({ statusCode }) => statusCode === 503);
    assert.ok(refused.length >= 1 && refused.length <= 10, `${refused.length} of 12`);
    assert.deepEqual(new Set(responses.map(({ statusCode }) => statusCode)), new Set([200, 503]));
    assert.equal(refused[0]!.headers["retry-after"], "1");
    assert.equal(
      refused[0]!.json().message,
      "every core is busy and the queue is full, try again in a moment",
    );
  });

  const wrong = [
    "-1",
    "1.5",
    "abc",
    "",
    "1e3",
    "0x10",
    "9007199254740993",
    "9999999999999999",
    "10000000000000000",
    "007",
    "%2B1",
  ];
  for (const number of wrong) {
    it(`refuses ${JSON.stringify(number)}`, async () => {
      const { app } = await start();
      const response = await app.inject(`/load?number=${number}`);
      const { requestId: _, ...rest } = response.json();
      const got = JSON.stringify(decodeURIComponent(number));
      const message = `number must be a whole number from 0 to 9007199254740992 (a larger one could hold a core for minutes), got ${got}`;
      assert.deepEqual(rest, { statusCode: 400, error: "Bad Request", message, field: "number" });
    });
  }

  it("refuses a missing number", async () => {
    const { app } = await start();
    const response = await app.inject("/load");
    assert.equal(response.statusCode, 400);
    assert.equal(
      response.json().message,
      "number is missing: it must be a whole number from 0 to 9007199254740992 (a larger one could hold a core for minutes)",
    );
  });
});
