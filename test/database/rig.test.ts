import { strict as assert } from "node:assert";
import type { Fault } from "../rig/failover/fault";
import { faults } from "../rig/failover/faults";
import { Rig } from "../rig/failover/rig";
import { draw, play, Rounds } from "../rig/failover/rounds";
import { startSecondPostmaster } from "../rig/failover/second-postmaster";
import { missing } from "../rig/failover/shell";
import { skipWithoutEmulators } from "../emulated";
import { leftToAll } from "../left-to-all";
import { skip } from "../skip";
import { some } from "../some";

const always = [
  "PostgreSQL killed",
  "host killed",
  "partition, the old node lives on",
  "host frozen and thawed",
  "switchover",
  "both nodes killed, both start at once",
  "clocks jump by five seconds",
  "lease table throttled for 12 s, writes",
];
/** Each is a further way to an end that one of the others has. */
const further = [
  "guard killed",
  "zone away, a person confirms",
  "host terminated, and the tag gone that lets it be stopped",
  "host killed while no node reaches EC2",
  "lease table away for a moment",
  "lease lost, a person says that the data is free",
  "lease lost in the middle of a failover, a person says that the data is free",
  "password changed twice, and every client sent away",
];
const planned = process.env.GROUNDWORK_SHORT ? always : [...always, ...further];
const long = Number(process.env.FAILOVER_ROUNDS ?? 0);
const seed = Number(process.env.FAILOVER_SEED ?? Date.now() % 1_000_000);

describe("The database on real hosts", function () {
  const limitMs = long > 0 ? 120_000 + long * 60_000 : 400_000;
  this.timeout(limitMs);
  const rig = new Rig();
  let outcome: Rounds;

  before(async function () {
    const reason = missing();
    if (reason) skip(this, "namespaces", reason);
    await skipWithoutEmulators(this);
    this.timeout(limitMs);
    await rig.up({ skewMs: 5000 });
    const plan: Fault[] = planned.map((name) => faults.find((fault) => fault.name === name)!);
    outcome = await play(rig, long > 0 ? draw(long, seed) : plan, seed);
  });

  after(() => rig.down());

  it("serves again after every fault, even if one node's clock is wrong by five seconds", () => {
    assert.equal(outcome.rounds.length, long > 0 ? long : planned.length);
  });

  if (long === 0)
    for (const name of some(further))
      it(`serves again after this one, too: ${name}`, function () {
        leftToAll(this);
        assert.ok(outcome.rounds.some(({ fault }) => fault === name));
      });

  it("loses no write that PostgreSQL or the web app acknowledged, and repeats none", () => {
    assert.deepEqual({ lost: outcome.lost, twice: outcome.twice }, { lost: 0, twice: 0 });
    assert.ok(outcome.acknowledged > 0);
    assert.ok(outcome.acknowledgedByWeb > 0);
  });

  it("never has two PostgreSQL servers on the data, by their own record", () => {
    assert.equal(outcome.overlaps, 0);
    assert.ok(outcome.postmasters > outcome.rounds.length / 2, `${outcome.postmasters} started`);
  });

  it("runs the failover function without errors throughout, and in agreement with the nodes", async () => {
    assert.deepEqual(rig.watchdog.failures, []);
    const { active } = await rig.sides();
    assert.deepEqual(await rig.watchdog.once(), { because: "active", target: active.instance, updated: [] });
    assert.equal(await rig.aws.routeTarget(), active.instance);
  });

  it("stops no host by force that can report that it is done", () => {
    assert.equal(outcome.healthyStopped, 0);
  });

  it("would have noticed such a stop", async () => {
    const { passive } = await rig.sides();
    await rig.aws.instances.fence(passive.instance);
    assert.deepEqual(rig.healthyStopped, [passive.instance]);
  });

  it("would have noticed a second PostgreSQL server", () => {
    startSecondPostmaster(rig);
    const { node, alone } = rig.storage.postmasters().at(-1)!;
    assert.deepEqual({ node, alone }, { node: "intruder", alone: false });
  });
});
