// The protocol's every transition by itself; that they hold together under faults is proved by protocol.test.ts.
import { strict as assert } from "node:assert";
import type { Lease } from "../../../../functions/database/lease";
import { Event, Holder } from "../../../../functions/database/agent/protocol";
import {
  ME,
  OTHER,
  NOW,
  MINUTE,
  KILL,
  CLEAN,
  LIFE,
  CONFESS,
  lease,
  holder,
  passive,
  leaving,
  after,
  stays,
  EVENTS,
} from "./steps";
import { some } from "../../../some";

describe("the holder of the lease", () => {
  const phases = ["fencing", "starting", "active", "stopping"] as const;

  it("kills PostgreSQL at its deadline, whatever else happens then", () => {
    for (const event of some(EVENTS.filter(({ kind }) => kind !== "stopped")))
      assert.deepEqual(after(holder({ until: NOW }), event), { node: leaving, effects: [KILL] });
    assert.equal(after(holder({ until: NOW + 1 }), { kind: "tick" }).node.role, "holder");
  });

  it("gives the lease up if it learns after its deadline that PostgreSQL is dead", () => {
    const { node, effects } = after(holder({ until: NOW, phase: "stopping" }), { kind: "stopped" });
    assert.deepEqual(node, passive({ shyUntil: NOW + 2000 }));
    assert.deepEqual(effects, [{ do: "release", epoch: 5 }]);
  });

  it("renews with its current phase, up to the phase's limit", () => {
    for (const phase of phases) {
      const node = holder({ phase, limit: NOW + 1 });
      assert.deepEqual(after(node, { kind: "tick" }), { node, effects: [{ do: "renew", epoch: 5, phase }] });
    }
  });

  it("gives up a start at its limit, and lets the lease expire during a stop", () => {
    const starting = holder({ phase: "starting", limit: NOW });
    const stopping = { ...starting, phase: "stopping", limit: NOW + 5000 };
    assert.deepEqual(after(starting, { kind: "tick" }), { node: stopping, effects: [KILL] });
    stays(holder({ phase: "stopping", limit: NOW }), { kind: "tick" });
  });

  it("kills PostgreSQL when its renewal is refused", () => {
    for (const phase of phases)
      assert.deepEqual(after(holder({ phase }), { kind: "renewRefused" }), {
        node: leaving,
        effects: [KILL],
      });
  });

  const renewed = (more: Partial<Lease> = {}, sentAt = NOW): Event => ({
    kind: "renewed",
    lease: lease({ holder: ME, epoch: 5, ...more }),
    sentAt,
  });

  it("moves its deadline with each renewal, and never back", () => {
    for (const phase of ["starting", "active", "stopping"] as const) {
      const until = NOW + LIFE;
      const node = holder({ phase, until });
      const effects = [{ do: "extend", epoch: 5, until }];
      assert.deepEqual(after(holder({ phase }), renewed()), { node, effects });
      assert.deepEqual(after(holder({ phase, until }), renewed({}, NOW - 1000)), { node, effects });
    }
  });

  it("keeps what each answer says of the data", () => {
    const { node } = after(holder(), renewed({ free: "lease/0 4", initialised: true }));
    assert.deepEqual((node as Holder).claim, { record: "", free: "lease/0 4", initialised: true });
  });

  it("minds no answer of an earlier lease of its own, or of one that was lost since", () => {
    for (const phase of phases) {
      stays(holder({ phase }), renewed({ epoch: 4 }));
      stays(holder({ phase }), renewed({ record: "lease/0" }));
    }
  });

  it("goes on fencing while there are suspects, and starts then", () => {
    const node = holder({ phase: "fencing", until: NOW + LIFE });
    const recent = { phase: "fencing", until: NOW + LIFE - 400 } as const;
    assert.deepEqual(after(holder(recent), renewed({ suspects: [OTHER] })), {
      node,
      effects: [{ do: "fence", epoch: 5, suspects: [OTHER] }],
    });
    assert.deepEqual(after(holder({ phase: "fencing" }), renewed()), {
      node: { ...node, phase: "starting", limit: NOW + 5 * MINUTE },
      effects: [{ do: "start", epoch: 5 }],
    });
  });

  it("fences nobody before its time, which starts over if the record was out of reach", () => {
    const suspected = renewed({ suspects: [OTHER] });
    const at = (fenceFrom: number, silent = 800) =>
      after(holder({ phase: "fencing", fenceFrom, until: NOW + LIFE - silent }), suspected);
    assert.deepEqual(at(NOW + 1).effects, []);
    assert.equal(at(NOW).effects[0]?.do, "fence");
    const waits = holder({ phase: "fencing", fenceFrom: NOW + CONFESS, until: NOW + LIFE });
    assert.deepEqual(at(NOW, 801), { node: waits, effects: [] });
    const late = renewed({ suspects: [OTHER] }, NOW - 801);
    const stoodStill = after(holder({ phase: "fencing", until: NOW + LIFE - 801 }), late);
    assert.deepEqual(stoodStill, {
      node: holder({ phase: "fencing", fenceFrom: NOW + CONFESS, until: NOW + LIFE - 801 }),
      effects: [],
    });
  });

  it("hands over to the node that is asked for, once it is active", () => {
    const until = NOW + LIFE;
    const extend = { do: "extend", epoch: 5, until };
    assert.deepEqual(after(holder(), renewed({ wanted: OTHER })), {
      node: holder({ phase: "stopping", until, limit: NOW + 30_000 }),
      effects: [extend, CLEAN],
    });
    for (const phase of ["starting", "stopping"] as const)
      assert.deepEqual(after(holder({ phase }), renewed({ wanted: OTHER })).effects, [extend]);
    assert.deepEqual(after(holder(), renewed({ wanted: ME })).effects, [extend]);
  });

  it("is active when PostgreSQL has started, and records it at once", () => {
    const starting = holder({ phase: "starting", limit: NOW + 1 });
    assert.deepEqual(after(starting, { kind: "started" }), {
      node: holder(),
      effects: [{ do: "renew", epoch: 5, phase: "active" }],
    });
    for (const phase of ["fencing", "active", "stopping"] as const)
      stays(holder({ phase, limit: NOW + 1 }), { kind: "started" });
  });

  it("gives a start with signs of life five more minutes", () => {
    assert.deepEqual(after(holder({ phase: "starting", limit: NOW + 1 }), { kind: "recovering" }), {
      node: holder({ phase: "starting", limit: NOW + 5 * MINUTE }),
      effects: [],
    });
    for (const phase of ["fencing", "active", "stopping"] as const)
      stays(holder({ phase }), { kind: "recovering" });
  });

  it("kills a PostgreSQL that hangs", () => {
    assert.deepEqual(after(holder(), { kind: "hung" }), {
      node: holder({ phase: "stopping", limit: NOW + 5000 }),
      effects: [KILL],
    });
    for (const phase of ["fencing", "starting", "stopping"] as const)
      stays(holder({ phase }), { kind: "hung" });
  });

  it("restarts a PostgreSQL that ended by itself, twice within a minute", () => {
    for (const phase of ["starting", "active"] as const)
      assert.deepEqual(
        after(holder({ phase, crashes: [NOW - MINUTE, NOW - MINUTE + 1] }), { kind: "exited" }),
        {
          node: holder({ phase: "starting", limit: NOW + 5 * MINUTE, crashes: [NOW - MINUTE + 1, NOW] }),
          effects: [{ do: "start", epoch: 5 }],
        },
      );
    for (const phase of ["fencing", "stopping"] as const) stays(holder({ phase }), { kind: "exited" });
  });

  it("gives the lease up at the third crash within a minute", () => {
    const crashes = [NOW - MINUTE + 1, NOW - 1];
    assert.deepEqual(after(holder({ crashes }), { kind: "exited" }), {
      node: holder({ phase: "stopping", limit: NOW + 5000, crashes }),
      effects: [KILL],
    });
  });

  it("stops cleanly when it is told to leave, within half a minute, and only once", () => {
    for (const phase of ["fencing", "starting", "active"] as const)
      assert.deepEqual(after(holder({ phase }), { kind: "leave" }), {
        node: holder({ phase: "stopping", limit: NOW + 30_000 }),
        effects: [CLEAN],
      });
    stays(holder({ phase: "stopping" }), { kind: "leave" });
  });

  it("gives the lease up once PostgreSQL has stopped, and holds back for two seconds", () => {
    assert.deepEqual(after(holder({ phase: "stopping" }), { kind: "stopped" }), {
      node: passive({ shyUntil: NOW + 2000 }),
      effects: [{ do: "release", epoch: 5 }],
    });
    for (const phase of ["fencing", "starting", "active"] as const)
      stays(holder({ phase }), { kind: "stopped" });
  });

  it("ignores everything that is for others", () => {
    for (const phase of phases)
      for (const event of EVENTS.filter(({ kind }) => ["read", "took", "notTaken"].includes(kind)))
        stays(holder({ phase }), event);
  });
});
