import type { Host } from "./host";
import type { Rig } from "./rig";

export interface Fault {
  name: string;
  /** What is aimed at for the time without writes, in seconds. */
  goal: { median: string; worst: string };
  /** Strikes, and resolves when the fault itself is over; the rig is healed afterwards. */
  strike(rig: Rig, active: Host, passive: Host): Promise<unknown> | void;
}

/** What clients wait out. */
export const aWhileMs = 4000;
export const boundedByFault = { median: "the fault + 3", worst: "the fault + 5" };

export function need(pid: number | undefined, what: string): number {
  if (!pid) throw new Error(`${what} does not run`);
  return pid;
}
