import { defaultTiming, fenceFrom, Lease } from "./lease";
import { destinationOf, VirtualIpRoutes, VirtualIpTable } from "./routes";

export interface FailoverPorts extends VirtualIpRoutes {
  lease(): Promise<Lease | undefined>;
  /** Running database instances that pass EC2's status checks. */
  candidates(): Promise<string[]>;
  /** Stops an instance by force; returns whether EC2 reports it as off. */
  fence(node: string): Promise<boolean>;
  /** Removes a suspect from the lease's list, in this epoch only. */
  clear(suspect: string, epoch: number): Promise<unknown>;
  sleep(ms: number): Promise<void>;
  /** Milliseconds of a clock that never jumps. */
  now(): number;
  log(line: string): void;
  metric(name: string, value: number): void;
}

export interface FailoverResult {
  /** Where the virtual IP should lead; absent if no node qualifies. */
  target?: string;
  /** The reason: the holder of a live lease, a change that the nodes are in the middle of, or no holder. */
  because: "active" | "changing" | "vacant";
  updated: string[];
}

const lookEveryMs = 250;
/** How late a beat may be: the network, and a busy node. */
const patienceMs = 500;
/** The lease may move while the route is being set; then the route is set again. */
const rounds = 3;
/** The function returns before its timeout; the next run does what is left. */
export const WORKING_MS = 40_000;

/**
 * The watchdog over the virtual IP's route and over a takeover. The node that becomes active moves the route itself and stops its
 * suspects; this function repairs what the node could not do, and what somebody changed by hand, and needs nothing in the VPC for
 * it. It trusts the lease, not EC2: a route never leaves a live active node.
 */
export async function failover(ports: FailoverPorts, virtualIp: string): Promise<FailoverResult> {
  const destination = destinationOf(virtualIp);
  const updated = new Set<string>();
  const end = ports.now() + WORKING_MS;
  for (let round = 1; ; round++) {
    const { epoch, lease } = await look(ports);
    const result = await aim(ports, lease, destination, updated);
    if (lease?.phase === "fencing") await fenceFor(ports, lease, end);
    const now = await ports.lease();
    // Another node has become the holder meanwhile: this run may have just overwritten its route.
    const overtaken = now !== undefined && now.holder !== "" && now.epoch !== epoch;
    if (!overtaken || round === rounds || ports.now() >= end) return { ...result, updated: [...updated] };
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
  if (lease?.phase === "stopping") {
    ports.log(`${lease.holder} is stopping: the next holder moves the route`);
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
    // Also to a node that is not active yet: the takeover then waits neither for a route nor for a node that cannot set it.
    for (const table of tables) await set(table, lease.holder);
    return { because: lease.phase === "active" ? "active" : "changing", target: lease.holder };
  }

  const candidates = (await ports.candidates()).sort();
  ports.metric("DatabaseCandidates", candidates.length);
  if (candidates.length === 0) {
    ports.log("No database instance is running and in order: the routes stay as they are");
    return { because: "vacant" };
  }
  // No node serves: the node that takes the lease moves the route, so a route that leads to one of them stays.
  const target =
    tables.map((table) => table.target).find((t) => t && candidates.includes(t)) ?? candidates[0]!;
  for (const table of tables)
    await set(table, table.target && candidates.includes(table.target) ? table.target : target);
  return { because: "vacant", target };
}

/** The lease, if its holder is seen to renew it, and the last epoch seen; no two clocks are compared. */
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

/**
 * Stops the suspects of a holder that renews its lease, by the holder's own rules, and records in the lease when EC2 reports them
 * off: the holder may be unable to reach EC2. Ends when the holder starts, when the lease moves, or when time is up.
 */
async function fenceFor(ports: FailoverPorts, { epoch, holder, leaseMs }: Lease, end: number): Promise<void> {
  let answered = ports.now();
  let from = answered + defaultTiming.confessMs;
  let beat: { is: number; at: number } | undefined;
  while (ports.now() < end) {
    await ports.sleep(lookEveryMs);
    const lease = await ports.lease();
    const now = ports.now();
    if (lease?.epoch !== epoch || lease.phase !== "fencing") return;
    if (lease.beat !== beat?.is) beat = { is: lease.beat, at: now };
    // Nobody fences for a holder that is gone: its successor has its own suspects.
    if (now - beat.at > leaseMs) return;
    from = fenceFrom(defaultTiming, from, now - answered - lookEveryMs, now);
    answered = now;
    if (now < from) continue;
    const see = async (suspect: string) => {
      const off = await ports.fence(suspect);
      ports.log(`${suspect} is ${off ? "off" : "told to stop"}, for ${holder}`);
      if (off) await ports.clear(suspect, epoch);
    };
    for (const { reason } of (await Promise.allSettled(lease.suspects.map(see))).filter(failed))
      ports.log(`A suspect was not fenced: ${(reason as Error).message}`);
    answered = ports.now();
  }
}

const failed = (result: PromiseSettledResult<void>): result is PromiseRejectedResult =>
  result.status === "rejected";
