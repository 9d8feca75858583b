import { confirmDead, switchover } from "../../../functions/database/agent/switchover";
import { sleep, until } from "../../../sandbox/problem";
import { patienceMs } from "./acks";
import { aWhileMs, boundedByFault, Fault, need } from "./fault";
import { lostLeaseFaults } from "./lost-lease-faults";
import type { Rig } from "./rig";
import { signal } from "./shell";
import { zoneStorageFaults } from "./zone-storage-faults";

/** With a lease of two seconds, the time that a former holder has to say that it is done, and an EC2 that confirms at once. */
export const boundedByLease = { median: "<= 4.5", worst: "<= 6.5" };
const asAKilledHost = boundedByLease;
const nothing = { median: "<= 0.5", worst: "<= 1.5" };

export const faults: Fault[] = [
  {
    name: "PostgreSQL killed",
    goal: { median: "<= 1.5", worst: "<= 1.5" },
    strike: (_rig, active) => signal(need(active.find("postmaster"), "PostgreSQL"), "SIGKILL"),
  },
  {
    name: "PostgreSQL hangs",
    goal: { median: "<= 15", worst: "<= 20" },
    strike: (_rig, active) => active.hangPostgres(),
  },
  {
    name: "agent killed",
    goal: { median: "<= 1.5", worst: "<= 1.5" },
    async strike(rig, active) {
      signal(need(active.find("agent"), "the agent"), "SIGKILL");
      // PostgreSQL outlives it for a lease; what comes of it belongs to this round.
      await sleep(rig.longerThanTheLease);
    },
  },
  {
    name: "guard killed",
    goal: { median: "<= 1.5", worst: "<= 1.5" },
    strike: (_rig, active) => signal(need(active.find("guard"), "the guard"), "SIGKILL"),
  },
  {
    name: "host killed",
    goal: asAKilledHost,
    strike: (_rig, active) => active.kill(),
  },
  {
    name: "host shut down",
    goal: { median: "<= 1", worst: "<= 1.5" },
    strike: (_rig, active) => active.shutdown(),
  },
  {
    name: "switchover",
    goal: { median: "<= 1", worst: "<= 1" },
    strike: (rig, _active, passive) => switchover(rig.lease, passive.instance),
  },
  {
    name: "partition, the old node lives on",
    goal: boundedByLease,
    async strike(rig, active) {
      rig.net.link(active.name, "down");
      await rig.leaseMoves(active.instance);
      await rig.ledger.until("a write on the other node", () => true);
      rig.net.link(active.name, "up");
      rig.net.route(rig.hostOf(await rig.aws.routeTarget())?.name);
    },
  },
  {
    name: "AWS out of the active node's reach",
    goal: boundedByLease,
    async strike(rig, active) {
      rig.net.outsideOf(active.name, false);
      try {
        await rig.leaseMoves(active.instance);
        await rig.ledger.until("a write on the other node", () => true);
      } finally {
        rig.net.outsideOf(active.name, true);
      }
    },
  },
  {
    name: "agent stopped for longer than the lease",
    goal: boundedByLease,
    async strike(rig, active) {
      active.hold("agent");
      await sleep(rig.longerThanTheLease);
      active.letGo("agent");
    },
  },
  {
    name: "host frozen and thawed",
    goal: boundedByLease,
    async strike(rig, active) {
      active.freeze();
      await sleep(rig.longerThanTheLease);
      active.thaw();
    },
  },
  {
    name: "host frozen and thawed while EC2 does not answer",
    goal: boundedByFault,
    async strike(rig, active) {
      rig.aws.away.add("ec2").add("ec2 of the function");
      active.freeze();
      await sleep(rig.longerThanTheLease);
      const started = rig.storage.postmasters().length;
      await sleep(500);
      if (rig.storage.postmasters().length !== started)
        throw new Error("PostgreSQL was started beside a frozen one that nobody had fenced");
      active.thaw();
      await sleep(1000);
      rig.aws.away.clear();
    },
  },
  {
    name: "both nodes killed, both start at once",
    goal: boundedByLease,
    async strike(rig, active, passive) {
      await Promise.all([active.kill(), passive.kill()]);
      await Promise.all([rig.bring(active), rig.bring(passive)]);
    },
  },
  {
    name: "failover in the middle of a failover",
    goal: { median: "two leases and a boot", worst: "two leases and a boot" },
    async strike(rig, active, passive) {
      await active.kill();
      await rig.leaseMoves(active.instance);
      await passive.kill();
      await rig.bring(active);
    },
  },
  {
    name: "DynamoDB away",
    goal: boundedByFault,
    async strike(rig) {
      rig.aws.away.add("dynamodb");
      await sleep(rig.longerThanTheLease);
      rig.aws.away.clear();
    },
  },
  {
    name: "disk full while PostgreSQL has to restart",
    goal: boundedByFault,
    async strike(rig, active) {
      rig.storage.fill();
      signal(need(active.find("postmaster"), "PostgreSQL"), "SIGKILL");
      await sleep(2000);
      rig.storage.empty();
    },
  },
  {
    name: "clocks jump by five seconds",
    goal: nothing,
    async strike(_rig, active, passive) {
      for (const [forth, back] of [
        [5000, -5000],
        [-5000, 5000],
        [0, 0],
      ]) {
        active.setClock(forth!);
        passive.setClock(back!);
        await sleep(aWhileMs / 2);
      }
    },
  },
  {
    name: "storage away",
    goal: boundedByFault,
    async strike(rig) {
      rig.storage.hang();
      await sleep(aWhileMs);
      rig.storage.goOn();
    },
  },
  {
    name: "zone away, a person confirms",
    goal: boundedByFault,
    async strike(rig, active) {
      rig.aws.unstoppable.add(active.instance);
      await active.kill();
      await rig.leaseMoves(active.instance);
      await sleep(1000);
      if ((await rig.lease.read())?.phase !== "fencing")
        throw new Error("PostgreSQL was started beside a node that nobody had seen dead");
      // Of a zone that is away EC2 still says that all runs.
      await confirmDead(rig.lease, rig.aws.instances, active.instance, true);
    },
  },
  {
    name: "host terminated, and the tag gone that lets it be stopped",
    goal: asAKilledHost,
    async strike(rig, active) {
      rig.aws.terminated.add(active.instance);
      await active.kill();
      await rig.ledger.until("a write on the other node", () => true);
    },
  },
  {
    name: "host killed, EC2 confirms after 20 s",
    goal: { median: "20 + 5", worst: "20 + 8" },
    async strike(rig, active) {
      rig.aws.confirmMs = 20_000;
      await active.kill();
      await rig.ledger.until("a write on the other node", () => true);
    },
  },
  {
    name: "host killed while no node reaches EC2",
    goal: boundedByFault,
    async strike(rig, active) {
      rig.aws.away.add("ec2");
      await active.kill();
      await rig.ledger.until("a write on the other node", () => true);
    },
  },
  {
    name: "lease table away for a moment",
    goal: { median: "<= 3", worst: "<= 5" },
    async strike(rig) {
      await stoppingNobody(rig, async () => {
        rig.aws.away.add("dynamodb");
        await sleep(1500);
        rig.aws.away.clear();
      });
    },
  },
  throttled("writes"),
  throttled("reads and writes"),
  ...lostLeaseFaults,
  {
    name: "host killed, the failover function does not run",
    goal: asAKilledHost,
    async strike(rig, active) {
      await rig.watchdog.pause();
      await active.kill();
    },
  },
  {
    name: "host killed, two failover functions at once",
    goal: asAKilledHost,
    async strike(rig, active) {
      await rig.watchdog.pause();
      const runs = Promise.allSettled([rig.watchdog.once(), rig.watchdog.once()]);
      await active.kill();
      await runs;
      await Promise.allSettled([rig.watchdog.once(), rig.watchdog.once()]);
    },
  },
  {
    name: "password changed twice, and every client sent away",
    goal: nothing,
    async strike(rig, active) {
      // Once leaves the former one valid; after the second change whoever connects anew has to read the secret again.
      for (let i = 0; i < 2; i++) {
        const before = await rig.secret.read();
        signal(need(active.find("agent"), "the agent"), "SIGHUP");
        await until(
          "The change of the password",
          async () => (await rig.secret.read()).password !== before.password,
          {
            seconds: patienceMs / 1000,
          },
        );
      }
      rig.ledger.use(await rig.secret.read());
      const client = await rig.connect();
      await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'app%'");
      await client.end();
    },
  },
];

/** The lease table has no capacity left for twelve seconds: longer than the default lease. */
function throttled(what: "writes" | "reads and writes"): Fault {
  return {
    name: `lease table throttled for 12 s, ${what}`,
    goal: boundedByFault,
    strike: (rig) =>
      stoppingNobody(rig, async () => {
        rig.aws.throttled = what;
        await sleep(12_000);
        rig.aws.throttled = "nothing";
      }),
  };
}

async function stoppingNobody(rig: Rig, trouble: () => Promise<void>): Promise<void> {
  const before = rig.aws.stops.length;
  await trouble();
  await rig.ledger.until("a write", () => true);
  await rig.sides();
  if (rig.aws.stops.length > before) throw new Error("a healthy host was stopped");
}

/** Those that are drawn, and those that have to be asked for. */
export const knownFaults = [...faults, ...zoneStorageFaults];

/** The faults of these names; a word that is no whole name stands for all whose names begin with it. */
export function faultsNamed(words: string[]): Fault[] {
  const names = knownFaults.map(({ name }) => name);
  const matches = (word: string) =>
    names.includes(word) ? [word] : names.filter((name) => name.startsWith(word));
  const unknown = words.filter((word) => matches(word).length === 0);
  if (unknown.length > 0)
    throw new Error(
      `--faults must name faults or their beginnings, got ${unknown.join(", ")}; there are: ${names.join("; ")}`,
    );
  const chosen = words.flatMap(matches);
  return knownFaults.filter(({ name }) => chosen.includes(name));
}
