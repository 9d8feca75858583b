import type { Fault } from "../../test/rig/failover/fault";
import type { Rig } from "../../test/rig/failover/rig";
import { zoneStorageFaults } from "../../test/rig/failover/zone-storage-faults";

export async function withRig<T>(rig: Rig, plan: Fault[], work: () => Promise<T>): Promise<T> {
  const stop = () => void rig.down().then(() => process.exit(130));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    await rig.up({ skewMs: 5000, mountDaemons: plan.some((fault) => zoneStorageFaults.includes(fault)) });
    return await work();
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    await rig.down();
  }
}

export const seconds = (ms: number) => Math.round(ms) / 1000;
