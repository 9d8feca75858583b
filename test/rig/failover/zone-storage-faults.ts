import { setTimeout as sleep } from "node:timers/promises";
import { boundedByFault, Fault, aWhileMs, need } from "./fault";
import type { Host } from "./host";
import { signal } from "./shell";

const cutStorage = (host: Host) => host.hold("mountDaemon");
const bringStorageBack = (host: Host) => host.letGo("mountDaemon");

/**
 * The storage does not answer one of the hosts. As with a hard NFS mount its processes wait; those whose request the daemon has
 * taken cannot even be killed, which NFS's can. They need a rig with mount daemons, so they are drawn only when they are asked for.
 */
export const zoneStorageFaults: Fault[] = [
  {
    name: "storage away in one zone",
    goal: { median: "<= 22", worst: "<= 26" },
    async strike(rig, active) {
      cutStorage(active);
      await rig.leaseMoves(active.instance);
    },
  },
  {
    name: "storage away in one zone for a moment",
    goal: { median: "the fault + 1", worst: "the fault + 3" },
    async strike(_rig, active) {
      cutStorage(active);
      await sleep(aWhileMs);
      bringStorageBack(active);
    },
  },
  {
    name: "storage away in one zone while EC2 cannot stop the instance",
    goal: boundedByFault,
    async strike(rig, active) {
      rig.aws.unstoppable.add(active.instance);
      cutStorage(active);
      await rig.leaseMoves(active.instance);
      const started = rig.storage.postmasters().length;
      await sleep(1000);
      if (rig.storage.postmasters().length !== started)
        throw new Error(
          "PostgreSQL was started beside one that waited for its storage, and nobody had fenced it",
        );
      bringStorageBack(active);
    },
  },
  {
    name: "storage away in one zone while PostgreSQL has to restart",
    goal: { median: "<= 32", worst: "<= 36" },
    async strike(rig, active) {
      cutStorage(active);
      signal(need(active.find("postmaster"), "PostgreSQL"), "SIGKILL");
      await rig.leaseMoves(active.instance);
    },
  },
];
