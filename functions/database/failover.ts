import type { Lease } from "./lease";
import { destinationOf, VirtualIpRoutes, VirtualIpTable } from "./routes";

export interface FailoverPorts extends VirtualIpRoutes {
  lease(): Promise<Lease | undefined>;
  /** Running database instances that EC2 finds in order. */
  candidates(): Promise<string[]>;
  sleep(ms: number): Promise<void>;
  log(line: string): void;
  metric(name: string, value: number): void;
}

export interface FailoverResult {
  /** Where the virtual IP should lead; absent when nobody could be named. */
  target?: string;
  /** Why: the holder of a living lease, a change that the nodes are in the middle of, or nobody holding it. */
  because: "active" | "changing" | "vacant";
  updated: string[];
}

const lookEveryMs = 250;
/** What a beat may be late: the network, and a busy node. */
const patienceMs = 500;
/** The lease may move while the route is being set; then it is set again. */
const rounds = 3;

/**
 * The watchdog over the virtual IP's route. The node that becomes active moves the route itself; this puts it right when that
 * failed, or when somebody changed it by hand. It believes the lease, not EC2: a route never leaves a living active node.
 */
export async function failover(ports: FailoverPorts, virtualIp: string): Promise<FailoverResult> {
  const destination = destinationOf(virtualIp);
  const updated = new Set<string>();
  for (let round = 1; ; round++) {
    const { epoch, lease } = await look(ports);
    const result = await aim(ports, lease, destination, updated);
    const now = await ports.lease();
    // Another node has become active meanwhile: the route it set may just have been overwritten.
    const overtaken = now?.phase === "active" && now.epoch !== epoch;
    if (!overtaken || round === rounds) return { ...result, updated: [...updated] };
    ports.log(`${now.holder} has taken the lease meanwhile: looks again`);
  }
}

async function aim(
  ports: FailoverPorts,
  lease: Lease | undefined,
  destination: string,
  updated: Set<string>,
): Promise<Omit<FailoverResult, "updated">> {
  ports.metric("DatabaseHealthy", lease?.phase === "active" && lease.healthy ? 1 : 0);
  if (lease && lease.phase !== "active") {
    ports.log(`${lease.holder} is ${lease.phase}: it moves the route itself`);
    return { because: "changing", target: lease.holder };
  }
  const tables = await ports.tables();
  if (tables.length === 0) ports.log(`No route table is tagged database=true: ${destination} leads nowhere`);
  const set = async (table: VirtualIpTable, target: string) => {
    if (table.target === target) {
      ports.log(`Route on ${table.id} already pointing to ${destination} via ${target}`);
      return;
    }
    await ports.point(table, target);
    updated.add(table.id);
    ports.log(`Updated route on ${table.id} to ${destination} via ${target}`);
  };
  if (lease) {
    for (const table of tables) await set(table, lease.holder);
    return { because: "active", target: lease.holder };
  }

  const candidates = (await ports.candidates()).sort();
  ports.metric("DatabaseCandidates", candidates.length);
  if (candidates.length === 0) {
    ports.log("No database instance is running and in order: the routes stay as they are");
    return { because: "vacant" };
  }
  // Nobody serves: a node that takes the lease moves the route, so a route that leads to one of them stays.
  const target =
    tables.map((table) => table.target).find((t) => t && candidates.includes(t)) ?? candidates[0]!;
  for (const table of tables)
    await set(table, table.target && candidates.includes(table.target) ? table.target : target);
  return { because: "vacant", target };
}

/** The lease, if its holder is seen to renew it, and the epoch that was seen last; no two clocks are compared. */
async function look(ports: FailoverPorts): Promise<{ epoch: number; lease?: Lease }> {
  const first = await ports.lease();
  if (!first?.holder) return { epoch: first?.epoch ?? 0 };
  for (let waited = 0; waited < first.leaseMs + patienceMs; waited += lookEveryMs) {
    await ports.sleep(lookEveryMs);
    const next = await ports.lease();
    if (!next?.holder) return { epoch: next?.epoch ?? 0 };
    if (next.epoch !== first.epoch || next.beat !== first.beat) return { epoch: next.epoch, lease: next };
  }
  return { epoch: first.epoch };
}
