import { strict as assert } from "node:assert";
import { Rig } from "../rig/failover/rig";
import { play, Rounds } from "../rig/failover/rounds";
import { missing, missingForMountDaemons } from "../rig/failover/shell";
import { zoneStorageFaults } from "../rig/failover/zone-storage-faults";
import { skipWithoutEmulators } from "../emulated";
import { skip } from "../skip";

const asked = Number(process.env.FAILOVER_ROUNDS ?? 0) > 0;

describe("The database on hosts that can lose their storage", function () {
  this.timeout(900_000);
  const rig = new Rig();
  let outcome: Rounds;

  before(async function () {
    if (!asked) skip(this, "asked for", "two minutes that only FAILOVER_ROUNDS=1 or more asks for");
    const reason = missing() ?? missingForMountDaemons();
    if (reason) skip(this, "namespaces", reason);
    await skipWithoutEmulators(this);
    await rig.up({ mountDaemons: true });
    outcome = await play(rig, zoneStorageFaults, 1);
  });

  after(() => rig.down());

  it("serves again after every fault, loses and repeats no write, and never has two PostgreSQL servers", () => {
    const { rounds, lost, twice, overlaps } = outcome;
    assert.deepEqual(
      { rounds: rounds.length, lost, twice, overlaps },
      { rounds: 4, lost: 0, twice: 0, overlaps: 0 },
    );
  });

  it("moves to the other node unless the storage is back before the node gives PostgreSQL up", () => {
    const starts = rig.storage.postmasters();
    assert.deepEqual(
      starts.map(({ node }, i) => i === 0 || node !== starts[i - 1]!.node),
      [true, true, true, true],
    );
  });
});
