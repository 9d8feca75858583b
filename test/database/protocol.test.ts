import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { Fault, Plan, simulate } from "./simulation";

const fault: fc.Arbitrary<Fault> = fc.record({
  at: fc.integer({ min: 2000, max: 20_000 }),
  host: fc.integer({ min: 0, max: 2 }),
  kind: fc.constantFrom<Fault["kind"]>(
    "kill",
    "crash",
    "freeze",
    "pauseAgent",
    "partition",
    "storageAway",
    "leave",
    "switchover",
  ),
  forMs: fc.integer({ min: 100, max: 12_000 }),
});

const clock = fc.record({
  rate: fc.double({ min: 0.98, max: 1.02, noNaN: true }),
  offset: fc.integer({ min: -1e9, max: 1e9 }),
});

const plan: fc.Arbitrary<Plan> = fc.record({
  seed: fc.integer(),
  hosts: fc.integer({ min: 2, max: 3 }),
  clocks: fc.array(clock, { minLength: 3, maxLength: 3 }),
  loss: fc.double({ min: 0, max: 0.3, noNaN: true }),
  maxDelayMs: fc.integer({ min: 1, max: 600 }),
  fenceMs: fc.constantFrom(0, 50, 2000, Infinity),
  faults: fc.array(fault, { minLength: 1, maxLength: 12 }),
  forMs: fc.constant(24_000),
});

const calm: Plan = {
  seed: 1,
  hosts: 2,
  clocks: [
    { rate: 1, offset: 0 },
    { rate: 1, offset: -5000 },
  ],
  loss: 0,
  maxDelayMs: 10,
  fenceMs: 50,
  faults: [],
  forMs: 20_000,
};

describe("The lease protocol", () => {
  it("never lets two PostgreSQL exist at once, whatever is lost, late, frozen, cut off or killed", () => {
    fc.assert(
      fc.property(plan, (p) => assert.deepEqual(simulate(p).overlaps, [])),
      { numRuns: 400 },
    );
  });

  it("shows two at once in the same simulation when nobody waits for the suspects", () => {
    const found = fc.check(
      fc.property(plan, (p) => simulate(p, true).overlaps.length === 0),
      { numRuns: 2000, endOnFailure: true },
    );
    assert.equal(found.failed, true);
  });

  it("has one active node again within eight seconds after the last fault", () => {
    const kind = fc.constantFrom<Fault["kind"]>(
      "kill",
      "crash",
      "freeze",
      "pauseAgent",
      "partition",
      "leave",
    );
    const faults = fc.array(
      fc.record({ at: fc.integer({ min: 2000, max: 10_000 }), host: fc.nat(2), kind, forMs: fc.nat(2000) }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(faults, fc.integer(), (f, seed) => {
        assert.notEqual(simulate({ ...calm, seed, faults: f }).active, "");
      }),
      { numRuns: 200 },
    );
  });

  it("starts PostgreSQL once when both nodes come up at the same moment", () => {
    const { starts, overlaps, active } = simulate(calm);
    assert.deepEqual(
      { starts, overlaps, running: active !== "" },
      { starts: 1, overlaps: [], running: true },
    );
  });

  it("keeps PostgreSQL down while a frozen former holder cannot be fenced, and goes on when that one confesses", () => {
    const first = simulate({ ...calm, forMs: 5000 }).active;
    const host = Number(first.slice(1));
    const frozen = (forMs: number): Plan => ({
      ...calm,
      fenceMs: Infinity,
      faults: [{ at: 5000, host, kind: "freeze", forMs }],
    });
    const stuck = simulate(frozen(60_000));
    assert.deepEqual({ active: stuck.active, starts: stuck.starts }, { active: first, starts: 1 });
    const thawed = simulate(frozen(6000));
    assert.deepEqual(thawed, { overlaps: [], active: `n${1 - host}`, starts: 2 });
  });

  it("moves to the other node when the storage stays away from one, be it at work or at its start", () => {
    const first = Number(simulate({ ...calm, forMs: 5000 }).active.slice(1));
    const other = 1 - first;
    const away = { at: 5000, kind: "storageAway", forMs: Infinity } as const;
    const atWork = simulate({ ...calm, forMs: 25_000, faults: [{ ...away, host: first }] });
    assert.deepEqual(atWork, { overlaps: [], active: `n${other}`, starts: 2 });
    // The node that takes over hangs in its start for five minutes, which the first start may take; the other one has booted meanwhile.
    const kill = { at: 6000, host: first, kind: "kill", forMs: 4000 } as const;
    const atStart = simulate({ ...calm, forMs: 330_000, faults: [{ ...away, host: other }, kill] });
    assert.deepEqual(atStart, { overlaps: [], active: `n${first}`, starts: 3 });
  });

  it("leaves a node whose storage is away alone until it is fenced, and starts once it says itself that it is done", () => {
    const first = Number(simulate({ ...calm, forMs: 5000 }).active.slice(1));
    const away = (forMs: number): Plan => ({
      ...calm,
      fenceMs: Infinity,
      forMs: 40_000,
      faults: [{ at: 5000, host: first, kind: "storageAway", forMs }],
    });
    const stuck = simulate(away(Infinity));
    assert.deepEqual(stuck, { overlaps: [], active: `n${first}`, starts: 1 });
    const back = simulate(away(25_000));
    assert.deepEqual(back, { overlaps: [], active: `n${1 - first}`, starts: 2 });
  });

  it("gives the lease to the node that a switchover asks for", () => {
    const before = simulate({ ...calm, forMs: 5000 }).active;
    const other = 1 - Number(before.slice(1));
    const after = simulate({ ...calm, faults: [{ at: 5000, host: other, kind: "switchover", forMs: 0 }] });
    assert.deepEqual(after, { overlaps: [], active: `n${other}`, starts: 2 });
  });
});
