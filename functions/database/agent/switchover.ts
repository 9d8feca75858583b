import { setTimeout as sleep } from "node:timers/promises";
import type { Lease } from "../lease";

export interface SwitchoverPorts {
  read(): Promise<Lease | undefined>;
  want(node: string, epoch: number): Promise<Lease | "refused">;
  clear(suspect: string, epoch: number): Promise<Lease | "refused">;
}

export interface InstancePorts {
  /** EC2's state of an instance; throws if EC2 cannot be asked. */
  state(node: string): Promise<string>;
  /** Stops it by force; returns whether EC2 reports it as off. */
  fence(node: string): Promise<boolean>;
}

/** Hands PostgreSQL to `node` as planned, and waits until it is active there. */
export async function switchover(ports: SwitchoverPorts, node: string, timeoutMs = 60_000): Promise<Lease> {
  const before = await ports.read();
  if (!before?.holder) throw new Error("a switchover needs an active node, and no node holds the lease");
  if (before.holder === node) throw new Error(`${node} is already the active node`);
  if (before.phase !== "active") throw new Error(`${before.holder} must be active, it is ${before.phase}`);
  if ((await ports.want(node, before.epoch)) === "refused")
    throw new Error("the lease moved meanwhile: try again");
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
 * Declares a former holder off: on EC2's word if EC2 can be asked, on a person's if not (a lost zone). A wrong answer costs
 * the data: two PostgreSQL on one folder.
 */
export async function confirmDead(
  ports: SwitchoverPorts,
  instances: InstancePorts,
  node: string,
  althoughItRuns = false,
): Promise<Lease> {
  const lease = await ports.read();
  if (!lease?.suspects.includes(node))
    throw new Error(`${node} is not waited for; suspects: ${lease?.suspects.join(", ") || "none"}`);
  const state = await instances.state(node).catch(() => undefined);
  const off = await instances.fence(node).catch(() => false);
  if (state && !off && !althoughItRuns)
    throw new Error(
      `EC2 says that ${node} is ${state}, and has been asked to stop it: try again in a minute, or add although-it-runs if you know better`,
    );
  const after = await ports.clear(node, lease.epoch);
  if (after === "refused") throw new Error("the lease moved meanwhile: look again before you confirm");
  return after;
}

/**
 * Declares, on a person's word, that no node uses data which the lease's record does not know: the table was lost, or data
 * from another one was brought here. A wrong answer costs the data.
 */
export async function confirmFree(
  ports: { free(record: string, epoch: number): Promise<Lease | "refused"> },
  record: string,
  epoch: number,
): Promise<Lease> {
  const after = await ports.free(record, epoch);
  if (after === "refused") throw new Error("a node must have made the lease first, and there is none");
  return after;
}
