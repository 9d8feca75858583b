import { setTimeout as sleep } from "node:timers/promises";
import type { Lease } from "../lease";

export interface SwitchoverPorts {
  read(): Promise<Lease | undefined>;
  want(node: string, epoch: number): Promise<Lease | "refused">;
  clear(suspect: string, epoch: number): Promise<Lease | "refused">;
}

/** Hands PostgreSQL to `node` on purpose and waits until it is active there. */
export async function switchover(ports: SwitchoverPorts, node: string, timeoutMs = 60_000): Promise<Lease> {
  const before = await ports.read();
  if (!before?.holder) throw new Error("a switchover needs an active node, and no node holds the lease");
  if (before.holder === node) throw new Error(`${node} is already the active node`);
  if (before.phase !== "active") throw new Error(`${before.holder} must be active, it is ${before.phase}`);
  if ((await ports.want(node, before.epoch)) === "refused")
    throw new Error("the lease moved while it was asked for: try again");
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(100)) {
    const lease = await ports.read();
    if (lease && lease.holder === node && lease.phase === "active") return lease;
  }
  const after = await ports.read();
  throw new Error(
    `${node} was not active after ${timeoutMs / 1000} s; the holder is ${after?.holder || "nobody"} (${after?.phase || "free"})`,
  );
}

/**
 * Says on a person's word that a former holder is off, when EC2 cannot say it (a zone that is gone).
 * Wrong, it costs the data: two PostgreSQL on one folder.
 */
export async function confirmDead(ports: SwitchoverPorts, node: string): Promise<Lease> {
  const lease = await ports.read();
  if (!lease?.suspects.includes(node))
    throw new Error(`${node} is not waited for; suspects: ${lease?.suspects.join(", ") || "none"}`);
  const after = await ports.clear(node, lease.epoch);
  if (after === "refused") throw new Error("the lease moved meanwhile: look again before you confirm");
  return after;
}
