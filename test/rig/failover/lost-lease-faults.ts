import { setTimeout as sleep } from "node:timers/promises";
import { confirmFree } from "../../../functions/database/agent/switchover";
import { boundedByFault, Fault } from "./fault";
import type { Rig } from "./rig";

export const lostLeaseFaults: Fault[] = [
  {
    name: "lease lost, a person says that the data is free",
    goal: boundedByFault,
    strike: loseTheLease,
  },
  {
    name: "lease lost in the middle of a failover, a person says that the data is free",
    goal: boundedByFault,
    async strike(rig, active) {
      await active.kill();
      await rig.leaseMoves(active.instance);
      await loseTheLease(rig);
    },
  },
];

async function loseTheLease(rig: Rig): Promise<void> {
  const lost = await rig.aws.loseLease();
  await rig.refused();
  // Whoever took the lease just before may still have begun by it; nobody may after it has run out.
  await sleep(rig.longerThanTheLease);
  const { record, epoch } = rig.storage.used();
  if (record !== lost.record || epoch > lost.epoch)
    throw new Error(
      `PostgreSQL was started on data whose holders nobody knew: in epoch ${epoch} of ${record}, where epoch ${lost.epoch} of ${lost.record} was lost`,
    );
  await confirmFree(rig.lease, record, epoch);
}
