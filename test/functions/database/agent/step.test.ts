// The protocol's every transition by itself; that they hold together under faults is proved by protocol.test.ts.
import { strict as assert } from "node:assert";
import type { Lease } from "../../../../functions/database/lease";
import { Event, Node, initial } from "../../../../functions/database/agent/protocol";
import {
  ME,
  OTHER,
  NOW,
  MINUTE,
  KILL,
  READ,
  LIFE,
  CONFESS,
  lease,
  holder,
  passive,
  leaving,
  adopting,
  after,
  stays,
  ignores,
} from "./steps";

describe("a passive node", () => {
  it("is every node's first state, without a reason to hold back", () => {
    assert.deepEqual(initial(), { role: "passive", shyUntil: 0 });
  });

  it("reads the lease, and ignores everything else", () => {
    assert.deepEqual(after(passive(), { kind: "tick" }), { node: passive(), effects: [READ] });
    ignores(passive(), "tick", "read");
  });

  const reads = (node: Node, seen: Lease | undefined, now = NOW) =>
    after(node, { kind: "read", lease: seen }, now);
  const takes = (node: Node, seen: Lease | undefined, now = NOW) => {
    const { node: next, effects } = reads(node, seen, now);
    assert.equal(next.role, "taking");
    assert.equal(effects.length, 1);
    return { next, effect: effects[0]! };
  };
  const waits = (node: Node, seen: Lease, now = NOW) => {
    const { node: next, effects } = reads(node, seen, now);
    assert.equal(next.role, "passive");
    assert.deepEqual(effects, []);
    return next;
  };

  it("takes a lease that does not exist yet, as the first epoch", () => {
    const first = { ...lease({ epoch: 1, beat: 1, holder: ME, phase: "starting" }) };
    const { next, effect } = takes(passive({ shyUntil: NOW + 1 }), undefined);
    assert.deepEqual(effect, { do: "take", expect: undefined, lease: first });
    assert.deepEqual(next, { role: "taking", lease: first, shyUntil: NOW + 1 });
  });

  it("notes when it first saw a beat, and keeps that time while the beat does not change", () => {
    const seen = waits(passive(), lease());
    assert.deepEqual(seen, passive({ seen: { lease: lease(), at: NOW } }));
    assert.deepEqual(waits(seen, lease(), NOW + 2199), seen);
    const beaten = waits(seen, lease({ beat: 10 }), NOW + 100);
    assert.deepEqual(beaten, passive({ seen: { lease: lease({ beat: 10 }), at: NOW + 100 } }));
    const passed = waits(seen, lease({ epoch: 5 }), NOW + 100);
    assert.deepEqual(passed, passive({ seen: { lease: lease({ epoch: 5 }), at: NOW + 100 } }));
  });

  it("takes the lease once its beat has not changed for a lease and the margin, and suspects its holder", () => {
    const seen = passive({ seen: { lease: lease(), at: NOW } });
    const next = lease({ epoch: 5, beat: 1, holder: ME, suspects: [OTHER], phase: "fencing" });
    assert.deepEqual(takes(seen, lease(), NOW + 2200).effect, { do: "take", expect: lease(), lease: next });
  });

  it("waits as long as the holder's own lease lasts, if that is longer", () => {
    const long = lease({ leaseMs: 10_000 });
    const seen = passive({ seen: { lease: long, at: NOW } });
    waits(seen, long, NOW + 10_199);
    takes(seen, long, NOW + 10_200);
    const short = lease({ leaseMs: 10 });
    waits(passive({ seen: { lease: short, at: NOW } }), short, NOW + 2199);
  });

  it("takes a lease under its own name at once: that was a former life", () => {
    const { effect } = takes(passive({ shyUntil: NOW + 1 }), lease({ holder: ME }));
    assert.deepEqual(effect, {
      do: "take",
      expect: lease({ holder: ME }),
      lease: lease({ epoch: 5, beat: 1, holder: ME, phase: "starting" }),
    });
  });

  it("takes a free lease once it no longer holds back", () => {
    const free = lease({ holder: "", phase: "" });
    takes(passive(), free);
    takes(passive({ shyUntil: NOW }), free);
    waits(passive({ shyUntil: NOW + 1 }), free);
  });

  it("takes a free lease that it was asked to take, even while it holds back", () => {
    takes(passive({ shyUntil: NOW + 1 }), lease({ holder: "", wanted: ME }));
  });

  it("leaves a free lease to the node that was asked, for two seconds", () => {
    const asked = lease({ holder: "", wanted: OTHER });
    const seen = waits(passive(), asked);
    waits(seen, asked, NOW + 1999);
    takes(seen, asked, NOW + 2000);
  });

  it("reports that it is done when it is suspected", () => {
    const suspected = lease({ suspects: ["i-a", ME] });
    assert.deepEqual(reads(passive(), suspected), {
      node: passive({ seen: { lease: suspected, at: NOW } }),
      effects: [{ do: "confess", epoch: 4 }],
    });
    assert.deepEqual(reads(passive(), lease({ suspects: ["i-a"] })).effects, []);
  });

  it("takes over a suspect's list, without itself", () => {
    const { effect } = takes(passive(), lease({ holder: "", suspects: ["i-z", "i-a", ME] }));
    assert.deepEqual(effect, {
      do: "take",
      expect: lease({ holder: "", suspects: ["i-z", "i-a", ME] }),
      lease: lease({ epoch: 5, beat: 1, holder: ME, suspects: ["i-a", "i-z"], phase: "fencing" }),
    });
  });
});

describe("a node that takes the lease", () => {
  const taking: Node = { role: "taking", lease: lease({ holder: ME }), shyUntil: 7 };
  const claim = { record: "lease/1", free: "lease/0 4", initialised: true };
  const took = (suspects: string[], sentAt: number): Event => ({
    kind: "took",
    lease: lease({ epoch: 5, holder: ME, suspects, ...claim }),
    sentAt,
  });

  it("is passive again if another node was faster", () => {
    assert.deepEqual(after(taking, { kind: "notTaken" }), { node: passive({ shyUntil: 7 }), effects: [] });
  });

  it("starts PostgreSQL, for five minutes at most", () => {
    assert.deepEqual(after(taking, took([], NOW - 100)), {
      node: holder({
        claim,
        until: NOW - 100 + LIFE,
        phase: "starting",
        limit: NOW + 5 * MINUTE,
        fenceFrom: NOW + CONFESS,
      }),
      effects: [{ do: "start", epoch: 5 }],
    });
  });

  it("gives the suspects a moment to report that they are done, and starts nothing before", () => {
    assert.deepEqual(after(taking, took([OTHER], NOW)), {
      node: holder({ claim, until: NOW + LIFE, phase: "fencing", fenceFrom: NOW + CONFESS }),
      effects: [],
    });
  });

  it("kills any PostgreSQL of its own if the answer came too late", () => {
    assert.deepEqual(after(taking, took([], NOW - LIFE)), { node: leaving, effects: [KILL] });
    assert.equal(after(taking, took([], NOW - LIFE + 1)).node.role, "holder");
  });

  it("minds nothing else", () => ignores(taking, "took", "notTaken"));
});

describe("a node whose agent was restarted", () => {
  it("renews its lease, and holds it again when that succeeds", () => {
    const effects = [{ do: "renew", epoch: 5, phase: "active" }];
    assert.deepEqual(after(adopting, { kind: "tick" }), { node: adopting, effects });
    const until = NOW - 100 + LIFE;
    const claim = { record: "lease/1", free: "lease/0 4", initialised: true };
    const renewed: Event = { kind: "renewed", lease: lease({ epoch: 5, ...claim }), sentAt: NOW - 100 };
    assert.deepEqual(after(adopting, renewed), {
      node: holder({ claim, until }),
      effects: [{ do: "extend", epoch: 5, until }],
    });
  });

  it("waits for another answer if one came too late", () => {
    stays(adopting, { kind: "renewed", lease: lease(), sentAt: NOW - LIFE });
    const { node } = after(adopting, { kind: "renewed", lease: lease(), sentAt: NOW - LIFE + 1 });
    assert.equal(node.role, "holder");
  });

  for (const kind of ["renewRefused", "exited", "hung", "leave"] as const)
    it(`kills PostgreSQL at ${kind}`, () => {
      assert.deepEqual(after(adopting, { kind }), { node: leaving, effects: [KILL] });
    });

  it("minds nothing else", () =>
    ignores(adopting, "tick", "renewed", "renewRefused", "exited", "hung", "leave"));
});

describe("a node that lost the lease", () => {
  it("is passive once PostgreSQL is dead, and minds nothing before", () => {
    assert.deepEqual(after(leaving, { kind: "stopped" }), { node: passive(), effects: [] });
    ignores(leaving, "stopped");
  });
});
