import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { defaultTiming, timingOf } from "../../functions/database/lease";
import type { Fault, Plan } from "./plan";
import { simulate } from "./simulation";

const KINDS: Fault["kind"][] = [
  "kill",
  "crash",
  "freeze",
  "pauseAgent",
  "partition",
  "storageAway",
  "leave",
  "switchover",
  "recordAway",
];

/** The shortest lease that may be set, which the hosts' clocks and the storage make the most of, and the default. */
const brave = timingOf(2000);
const timing = fc.constantFrom(brave, defaultTiming);

const faultOf = (kinds: Fault["kind"][], from = 2000, to = 20_000): fc.Arbitrary<Fault> =>
  fc.record({
    at: fc.integer({ min: from, max: to }),
    host: fc.integer({ min: 0, max: 2 }),
    kind: fc.constantFrom(...kinds),
    forMs: fc.integer({ min: 100, max: 12_000 }),
  });
const faultsOf = (kinds: Fault["kind"][]) => fc.array(faultOf(kinds), { minLength: 1, maxLength: 12 });

const clock = fc.record({
  rate: fc.double({ min: 0.98, max: 1.02, noNaN: true }),
  offset: fc.integer({ min: -1e9, max: 1e9 }),
});
const clocks = fc.array(clock, { minLength: 3, maxLength: 3 });
const fencers = fc.constantFrom<Plan["fencers"]>("hosts", "function", "both");

const planOf = (kinds: Fault["kind"][]): fc.Arbitrary<Plan> =>
  fc.record({
    seed: fc.integer(),
    hosts: fc.integer({ min: 2, max: 3 }),
    timing,
    clocks,
    loss: fc.double({ min: 0, max: 0.3, noNaN: true }),
    maxDelayMs: fc.integer({ min: 1, max: 600 }),
    maxDetachMs: fc.integer({ min: 1, max: 2000 }),
    fenceMs: fc.constantFrom(0, 50, 2000, 20_000, 90_000, Infinity),
    fencers,
    faults: faultsOf(kinds),
    forMs: fc.constantFrom(24_000, 40_000),
  });
const plan = planOf(KINDS);
const planOfLoss = planOf([...KINDS, "recordLost"]);

const calm: Plan = {
  seed: 1,
  hosts: 2,
  timing: brave,
  clocks: [
    { rate: 1, offset: 0 },
    { rate: 1, offset: -5000 },
  ],
  loss: 0,
  maxDelayMs: 10,
  maxDetachMs: 500,
  fenceMs: 50,
  fencers: "hosts",
  faults: [],
  forMs: 20_000,
};
const firstOf = (given: Partial<Plan> = {}) =>
  Number(simulate({ ...calm, ...given, forMs: 5000 }).active.slice(1));
const well = { overlaps: [], killed: 0, shot: [] };

describe("The lease protocol", () => {
  it("never lets two PostgreSQL servers exist at once, whatever is lost, late, frozen, cut off or killed", () => {
    fc.assert(
      fc.property(plan, (p) => assert.deepEqual(simulate(p).overlaps, [])),
      { numRuns: 400 },
    );
  });

  it("shows two at once in the same simulation if nobody waits for the suspects", () => {
    const found = fc.check(
      fc.property(plan, (p) => simulate(p, { suspects: true }).overlaps.length === 0),
      { numRuns: 2000, endOnFailure: true },
    );
    assert.equal(found.failed, true);
  });

  it("never lets two exist if the record of former holders is lost", () => {
    fc.assert(
      fc.property(planOfLoss, (p) => assert.deepEqual(simulate(p).overlaps, [])),
      { numRuns: 400 },
    );
  });

  it("shows two at once in the same simulation if the data does not record its owner", () => {
    const found = fc.check(
      fc.property(planOfLoss, (p) => simulate(p, { dataEpoch: true }).overlaps.length === 0),
      { numRuns: 2000, endOnFailure: true },
    );
    assert.equal(found.failed, true);
  });

  it("never stops a live host that can report itself that it is done, however long EC2 takes", () => {
    const kind = fc.record({
      ...{ seed: fc.integer(), hosts: fc.integer({ min: 2, max: 3 }), timing, clocks, fencers },
      loss: fc.constant(0),
      maxDelayMs: fc.integer({ min: 1, max: 100 }),
      maxDetachMs: fc.integer({ min: 1, max: 500 }),
      fenceMs: fc.integer({ min: 20_000, max: 90_000 }),
      faults: faultsOf(KINDS),
      forMs: fc.constant(60_000),
    });
    fc.assert(
      fc.property(kind, (p) => assert.deepEqual(simulate(p).shot, [])),
      { numRuns: 400 },
    );
  });

  it("keeps PostgreSQL running while nobody can reach the record for seven seconds", () => {
    const away = fc.record({
      at: fc.integer({ min: 4000, max: 6000 }),
      forMs: fc.integer({ min: 1, max: 7000 }),
    });
    fc.assert(
      fc.property(away, fc.integer(), (fault, seed) => {
        const faults: Fault[] = [{ ...fault, host: 0, kind: "recordAway" }];
        const { starts, ...rest } = simulate({
          ...calm,
          seed,
          timing: defaultTiming,
          maxDelayMs: 100,
          faults,
        });
        assert.deepEqual({ starts, ...rest, active: "" }, { starts: 1, active: "", ...well });
      }),
      { numRuns: 200 },
    );
  });

  it("has one active node again within eight seconds after the last fault", () => {
    const kind = fc.constantFrom<Fault["kind"]>(
      "kill",
      "crash",
      "freeze",
      "pauseAgent",
      "partition",
      "leave",
      "recordAway",
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
    const { active, ...rest } = simulate(calm);
    assert.deepEqual({ ...rest, running: active !== "" }, { ...well, starts: 1, running: true });
  });

  it("waits for EC2 as long as that takes, and starts when it confirms", () => {
    const host = firstOf({ timing: defaultTiming });
    for (const fenceMs of [20_000, 90_000]) {
      const faults: Fault[] = [{ at: 5000, host, kind: "kill", forMs: Infinity }];
      const dead = { ...calm, timing: defaultTiming, fenceMs, faults };
      const from = 5000 + defaultTiming.leaseMs + fenceMs;
      assert.equal(simulate({ ...dead, forMs: from }).active, "");
      const after = simulate({ ...dead, forMs: from + 5000 });
      assert.deepEqual(after, { ...well, active: `n${1 - host}`, starts: 2 });
    }
  });

  it("starts on a host that does not reach EC2 when the failover function does", () => {
    const host = firstOf();
    const faults: Fault[] = [{ at: 5000, host, kind: "kill", forMs: Infinity }];
    const dead: Plan = { ...calm, fenceMs: 2000, faults, forMs: 25_000 };
    const alone = simulate({ ...dead, fenceMs: Infinity });
    assert.deepEqual(alone, { ...well, active: "", starts: 1 });
    const helped = simulate({ ...dead, fencers: "function" });
    assert.deepEqual(helped, { ...well, active: `n${1 - host}`, starts: 2 });
  });

  it("keeps PostgreSQL down while a frozen former holder cannot be fenced, and goes on once that host reports that it is done", () => {
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
    assert.deepEqual(thawed, { ...well, killed: 1, active: `n${1 - host}`, starts: 2 });
  });

  it("leaves the data alone if the record was lost, until a person restores it", () => {
    const faults: Fault[] = [{ at: 5000, host: 0, kind: "recordLost", forMs: 0 }];
    const { active, starts, overlaps } = simulate({ ...calm, faults, forMs: 60_000 });
    assert.deepEqual({ active, starts, overlaps }, { active: "", starts: 1, overlaps: [] });
  });

  it("moves to the other node if one cannot reach the storage, at work or at its start", () => {
    const first = firstOf();
    const other = 1 - first;
    const away = { at: 5000, kind: "storageAway", forMs: Infinity } as const;
    const atWork = simulate({ ...calm, forMs: 25_000, faults: [{ ...away, host: first }] });
    assert.deepEqual(atWork, { ...well, active: `n${other}`, starts: 2 });
    // The node that takes over hangs in its start for five minutes, which the first start may take; the other one has booted meanwhile.
    const kill = { at: 6000, host: first, kind: "kill", forMs: 4000 } as const;
    const atStart = simulate({ ...calm, forMs: 330_000, faults: [{ ...away, host: other }, kill] });
    assert.deepEqual(atStart, { ...well, active: `n${first}`, starts: 3 });
  });

  it("waits until a node without storage is fenced, and starts once that node reports that it is done", () => {
    const first = firstOf();
    const away = (forMs: number): Plan => ({
      ...calm,
      fenceMs: Infinity,
      forMs: 40_000,
      faults: [{ at: 5000, host: first, kind: "storageAway", forMs }],
    });
    const stuck = simulate(away(Infinity));
    assert.deepEqual(stuck, { ...well, active: `n${first}`, starts: 1 });
    const back = simulate(away(25_000));
    assert.deepEqual(back, { ...well, active: `n${1 - first}`, starts: 2 });
  });

  it("gives the lease to the node that a switchover asks for", () => {
    const other = 1 - firstOf();
    const after = simulate({ ...calm, faults: [{ at: 5000, host: other, kind: "switchover", forMs: 0 }] });
    assert.deepEqual(after, { ...well, active: `n${other}`, starts: 2 });
  });
});
