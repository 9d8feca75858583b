import { strict as assert } from "node:assert";
import { failover, FailoverPorts, WORKING_MS } from "../../../functions/database/failover";
import type { Lease } from "../../../functions/database/lease";
import type { VirtualIpTable } from "../../../functions/database/routes";

const lease: Lease = {
  record: "lease-table/1",
  free: "",
  initialised: true,
  holder: "i-a",
  epoch: 3,
  beat: 10,
  leaseMs: 2000,
  suspects: [],
  wanted: "",
  phase: "active",
  healthy: true,
};

interface World {
  lease?: Lease;
  /** Does the holder renew while we watch? */
  beating?: boolean;
  candidates?: string[];
  tables?: VirtualIpTable[];
  /** What EC2 says to each look at a suspect. */
  off?: (boolean | Error)[];
  /** Called after each sleep. */
  passing?: (world: World, slept: number) => void;
  /** Called before a route is set. */
  meanwhile?: (world: World) => void;
}

function ports(world: World) {
  const lines: string[] = [];
  const metrics: Record<string, number> = {};
  const fenced: string[] = [];
  let slept = 0;
  const all: FailoverPorts = {
    lease: async () => world.lease && { ...world.lease },
    candidates: async () => [...(world.candidates ?? [])],
    tables: async () => (world.tables ?? []).map((table) => ({ ...table })),
    point: async ({ id }, instance) => {
      world.meanwhile?.(world);
      world.tables!.find((table) => table.id === id)!.target = instance;
    },
    fence: async (node) => {
      fenced.push(`${node} at ${slept}`);
      const answer = (world.off ?? []).length > 1 ? world.off!.shift()! : (world.off?.[0] ?? false);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    clear: async (suspect, epoch) => {
      fenced.push(`clear ${suspect} in ${epoch}`);
      const { suspects, phase } = world.lease!;
      const left = suspects.filter((one) => one !== suspect);
      world.lease = { ...world.lease!, suspects: left, phase: left.length > 0 ? phase : "starting" };
    },
    now: () => slept,
    sleep: async (ms) => {
      slept += ms;
      world.passing?.(world, slept);
      if (world.beating && world.lease) world.lease = { ...world.lease, beat: world.lease.beat + 1 };
    },
    log: (line) => lines.push(line),
    metric: (name, value) => (metrics[name] = value),
  };
  return { all, lines, metrics, fenced, slept: () => slept };
}

describe("The failover function", () => {
  it("leaves a route alone if it leads to the active node", async () => {
    const world: World = { lease, beating: true, tables: [{ id: "rtb-1", target: "i-a" }] };
    const { all, lines, metrics } = ports(world);
    assert.deepEqual(await failover(all, "10.10.10.10"), { because: "active", target: "i-a", updated: [] });
    assert.deepEqual(lines, ["Route on rtb-1 already pointing to 10.10.10.10/32 via i-a"]);
    assert.deepEqual(metrics, { DatabaseHealthy: 1 });
  });

  it("adds and replaces routes so that all lead to the active node", async () => {
    const world: World = { lease, beating: true, tables: [{ id: "rtb-1" }, { id: "rtb-2", target: "i-b" }] };
    const { all, lines } = ports(world);
    const result = await failover(all, "10.10.10.10");
    assert.deepEqual(result, { because: "active", target: "i-a", updated: ["rtb-1", "rtb-2"] });
    assert.deepEqual(lines, [
      "Updated route on rtb-1 to 10.10.10.10/32 via i-a",
      "Updated route on rtb-2 to 10.10.10.10/32 via i-a",
    ]);
  });

  it("never moves the route away from an active node, even if EC2 does not list it or it reports itself unhealthy", async () => {
    const world: World = {
      lease: { ...lease, healthy: false },
      beating: true,
      candidates: ["i-b"],
      tables: [{ id: "rtb-1", target: "i-a" }],
    };
    const { all, metrics } = ports(world);
    assert.deepEqual((await failover(all, "10.10.10.10")).updated, []);
    assert.deepEqual(metrics, { DatabaseHealthy: 0 });
  });

  it("moves the route to a node that is about to start, in any phase, but not to one that is stopping", async () => {
    for (const phase of ["fencing", "starting"] as const) {
      const world: World = {
        lease: { ...lease, phase },
        beating: true,
        tables: [{ id: "rtb-1", target: "i-b" }],
      };
      const result = await failover(ports(world).all, "10.10.10.10");
      assert.deepEqual(result, { because: "changing", target: "i-a", updated: ["rtb-1"] });
    }
    const world: World = { lease: { ...lease, phase: "stopping" }, beating: true, tables: [{ id: "rtb-1" }] };
    const result = await failover(ports(world).all, "10.10.10.10");
    assert.deepEqual(result, { because: "changing", target: "i-a", updated: [] });
  });

  const fencing: Lease = { ...lease, phase: "fencing", suspects: ["i-x"] };
  const taken = (more: Partial<World> = {}): World => ({
    lease: fencing,
    beating: true,
    tables: [{ id: "rtb-1", target: "i-a" }],
    ...more,
  });

  it("stops the suspects that a node waits for, and records in the lease when EC2 reports them as off", async () => {
    const world = taken({ off: [false, false, true] });
    const { all, fenced } = ports(world);
    const result = await failover(all, "10.10.10.10");
    // A quarter of a second until the first beat was seen, and then the time that the node itself would leave them.
    assert.deepEqual(fenced, ["i-x at 1750", "i-x at 2000", "i-x at 2250", "clear i-x in 3"]);
    assert.deepEqual(result, { because: "changing", target: "i-a", updated: [] });
  });

  it("stops no node that reports in time that it is done", async () => {
    const passing: World["passing"] = (w, slept) => {
      if (slept === 1500) w.lease = { ...w.lease!, suspects: [], phase: "starting" };
    };
    const { all, fenced } = ports(taken({ passing, off: [true] }));
    await failover(all, "10.10.10.10");
    assert.deepEqual(fenced, []);
  });

  it("gives the suspects their full time again after the record was out of reach", async () => {
    const world = taken({ off: [true] });
    const { all, fenced } = ports(world);
    const read = all.lease;
    let reads = 0;
    all.lease = async () => {
      if (++reads === 6) await all.sleep(1501);
      return read();
    };
    await failover(all, "10.10.10.10");
    assert.match(fenced[0]!, /^i-x at 4/);
  });

  it("stops no node for one that no longer renews, or that another one has succeeded", async () => {
    const dies: World["passing"] = (w, slept) => (w.beating = slept < 500);
    const dead = ports(taken({ passing: dies }));
    const gone: Lease = { ...fencing, leaseMs: 1000 };
    dead.all.lease = ((read) => async () => ({ ...(await read())!, leaseMs: gone.leaseMs }))(dead.all.lease);
    await failover(dead.all, "10.10.10.10");
    assert.deepEqual(dead.fenced, []);
    const followed: World["passing"] = (w, slept) => {
      if (slept === 1000) w.lease = { ...lease, holder: "i-b", epoch: 4 };
    };
    const other = ports(taken({ passing: followed }));
    const result = await failover(other.all, "10.10.10.10");
    assert.deepEqual(other.fenced, []);
    assert.deepEqual(result, { because: "active", target: "i-b", updated: ["rtb-1"] });
  });

  it("tries again when EC2 does not answer, and ends before its own timeout", async () => {
    const { all, fenced, lines, slept } = ports(taken({ off: [new Error("not now"), true] }));
    await failover(all, "10.10.10.10");
    assert.deepEqual(fenced.at(-1), "clear i-x in 3");
    assert.ok(lines.includes("A suspect was not fenced: not now"));
    assert.ok(slept() < WORKING_MS);
    const never = ports(taken({ off: [false] }));
    await failover(never.all, "10.10.10.10");
    assert.equal(never.slept(), WORKING_MS);
  });

  it("also corrects the route for a node that is not active yet", async () => {
    for (const phase of ["fencing", "starting"] as const) {
      const world: World = {
        lease,
        beating: true,
        tables: [{ id: "rtb-1" }],
        meanwhile: (w) => {
          w.lease = { ...lease, holder: "i-b", epoch: 4, phase };
          w.meanwhile = undefined;
        },
      };
      await failover(ports(world).all, "10.10.10.10");
      assert.deepEqual(world.tables, [{ id: "rtb-1", target: "i-b" }], phase);
    }
  });

  it("watches a silent lease for its whole length before it considers the holder gone", async () => {
    const world: World = { lease, candidates: ["i-b"], tables: [{ id: "rtb-1", target: "i-a" }] };
    const { all, slept } = ports(world);
    const result = await failover(all, "10.10.10.10");
    assert.deepEqual(result, { because: "vacant", target: "i-b", updated: ["rtb-1"] });
    assert.equal(slept(), 2500);
  });

  it("points the route at the first candidate if nobody holds the lease and no route leads to a candidate", async () => {
    const world: World = { candidates: ["i-c", "i-b"], tables: [{ id: "rtb-1" }] };
    assert.equal((await failover(ports(world).all, "10.10.10.10")).target, "i-b");
  });

  it("keeps a route to a candidate while nobody holds the lease", async () => {
    const world: World = {
      lease: { ...lease, holder: "" },
      candidates: ["i-b", "i-c"],
      tables: [{ id: "rtb-1", target: "i-c" }],
    };
    const result = await failover(ports(world).all, "10.10.10.10");
    assert.deepEqual(result, { because: "vacant", target: "i-c", updated: [] });
  });

  it("keeps the route, and reports the alarm's metric, if there is no candidate", async () => {
    const world: World = { tables: [{ id: "rtb-1", target: "i-a" }] };
    const { all, metrics } = ports(world);
    assert.deepEqual(await failover(all, "10.10.10.10"), { because: "vacant", updated: [] });
    assert.deepEqual(metrics, { DatabaseHealthy: 0, DatabaseCandidates: 0 });
    assert.deepEqual(world.tables, [{ id: "rtb-1", target: "i-a" }]);
  });

  it("corrects the route if the lease moved while it was being set", async () => {
    const world: World = {
      lease,
      beating: true,
      tables: [{ id: "rtb-1" }],
      meanwhile: (w) => {
        w.lease = { ...lease, holder: "i-b", epoch: 4 };
        w.meanwhile = undefined;
      },
    };
    const result = await failover(ports(world).all, "10.10.10.10");
    assert.deepEqual(result, { because: "active", target: "i-b", updated: ["rtb-1"] });
    assert.deepEqual(world.tables, [{ id: "rtb-1", target: "i-b" }]);
  });

  it("checks at most three times, however often the lease moves", async () => {
    let moved = 0;
    const world: World = {
      lease,
      beating: true,
      tables: [{ id: "rtb-1" }],
      meanwhile: (w) => {
        moved++;
        w.lease = { ...lease, holder: `i-${moved}`, epoch: lease.epoch + moved };
      },
    };
    const { all, lines } = ports(world);
    assert.equal((await failover(all, "10.10.10.10")).target, "i-2");
    assert.equal(moved, 3);
    assert.deepEqual(
      lines.filter((line) => line.includes("looks again")),
      ["i-1 has taken the lease meanwhile: looks again", "i-2 has taken the lease meanwhile: looks again"],
    );
  });

  it("says what it leaves alone, and why", async () => {
    const told = async (world: World) => {
      const { all, lines } = ports(world);
      await failover(all, "10.10.10.10");
      return lines;
    };
    assert.deepEqual(await told({ lease: { ...lease, phase: "stopping" }, beating: true, tables: [] }), [
      "i-a is stopping: the next holder moves the route",
    ]);
    assert.deepEqual(await told({ lease, beating: true, tables: [] }), [
      "No route table is tagged database=true: 10.10.10.10/32 leads nowhere",
    ]);
    assert.deepEqual(await told({ tables: [{ id: "rtb-1", target: "i-a" }] }), [
      "No database instance is running and in order: the routes stay as they are",
    ]);
  });

  it("keeps each route that leads to a candidate while nobody holds the lease, even if they differ", async () => {
    const world: World = {
      candidates: ["i-b", "i-c"],
      tables: [
        { id: "rtb-1", target: "i-c" },
        { id: "rtb-2", target: "i-b" },
        { id: "rtb-3", target: "i-gone" },
      ],
    };
    const result = await failover(ports(world).all, "10.10.10.10");
    assert.deepEqual(result, { because: "vacant", target: "i-c", updated: ["rtb-3"] });
  });

  /** The lease as it is read from one time to the next. */
  const reading = (world: World, ...leases: (Lease | undefined)[]) => {
    const { all, lines, slept } = ports(world);
    all.lease = async () => (leases.length > 1 ? leases.shift() : leases[0]);
    return { all, lines, slept };
  };
  const vacant = { candidates: ["i-b"], tables: [{ id: "rtb-1", target: "i-b" }] };
  const free: Lease = { ...lease, holder: "", phase: "" };
  const again = (lines: string[]) => lines.some((line) => line.includes("looks again"));

  it("notices a lease that is given up while it checks", async () => {
    for (const gone of [free, undefined]) {
      const { all, slept } = reading(vacant, lease, gone);
      assert.equal((await failover(all, "10.10.10.10")).because, "vacant");
      assert.equal(slept(), 250);
    }
  });

  it("notices a lease that another node takes while it checks, even with the same beat", async () => {
    const { all, slept } = reading({ tables: [{ id: "rtb-1" }], candidates: [] }, lease, {
      ...lease,
      holder: "i-b",
      epoch: 4,
    });
    all.point = async () => undefined;
    assert.equal((await failover(all, "10.10.10.10")).target, "i-b");
    assert.equal(slept(), 250);
  });

  it("checks again only if the lease has moved since it was read", async () => {
    const active = (epoch: number) => ({ ...lease, epoch, beat: epoch });
    const same = reading(vacant, { ...free, epoch: 3 }, active(3));
    await failover(same.all, "10.10.10.10");
    assert.equal(again(same.lines), false);
    const seenGone = reading(vacant, active(2), { ...free, epoch: 3 }, active(3));
    await failover(seenGone.all, "10.10.10.10");
    assert.equal(again(seenGone.lines), false);
    const first = reading(vacant, undefined, active(1), active(1));
    await failover(first.all, "10.10.10.10");
    assert.equal(again(first.lines), true);
  });

  it("does no harm if two run at once", async () => {
    const world: World = { lease, beating: true, tables: [{ id: "rtb-1" }, { id: "rtb-2", target: "i-b" }] };
    await Promise.all([failover(ports(world).all, "10.10.10.10"), failover(ports(world).all, "10.10.10.10")]);
    assert.deepEqual(world.tables, [
      { id: "rtb-1", target: "i-a" },
      { id: "rtb-2", target: "i-a" },
    ]);
  });
});
