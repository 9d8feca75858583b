import { strict as assert } from "node:assert";
import { Lease, timingOf } from "../../../../functions/database/lease";
import { Event, Holder, Node, step } from "../../../../functions/database/agent/protocol";

export const ME = "i-me";
export const OTHER = "i-other";
export const NOW = 1_000_000;
export const MINUTE = 60_000;
export const KILL = { do: "stop", how: "kill" };
export const CLEAN = { do: "stop", how: "clean" };
export const READ = { do: "read" };
/** PostgreSQL must be dead that long after a renewal was sent. */
export const LIFE = 1800;
/** Suspects are left alone for that long. */
export const CONFESS = 1500;

export const timing = timingOf(2000);

export const lease = (more: Partial<Lease> = {}): Lease => ({
  record: "",
  free: "",
  initialised: false,
  epoch: 4,
  beat: 9,
  holder: OTHER,
  suspects: [],
  leaseMs: 2000,
  phase: "active",
  wanted: "",
  healthy: false,
  ...more,
});
export const holder = (more: Partial<Holder> = {}): Holder => ({
  role: "holder",
  epoch: 5,
  claim: { record: "", free: "", initialised: false },
  until: NOW + 500,
  phase: "active",
  crashes: [],
  limit: Infinity,
  fenceFrom: 0,
  ...more,
});
export const passive = (more: object = {}): Node => ({ role: "passive", shyUntil: 0, ...more });
export const leaving: Node = { role: "leaving" };
export const adopting: Node = { role: "adopting", epoch: 5 };
export const after = (node: Node, event: Event, now = NOW) => step(ME, timing, node, event, now);
export const stays = (node: Node, event: Event, now = NOW) =>
  assert.deepEqual(after(node, event, now), { node, effects: [] });

/** Every event there is, so that each role can be shown to ignore what does not concern it. */
export const EVENTS: Event[] = [
  { kind: "tick" },
  { kind: "read", lease: undefined },
  { kind: "took", lease: lease({ holder: ME, epoch: 5 }), sentAt: NOW },
  { kind: "notTaken" },
  { kind: "renewed", lease: lease({ holder: ME, epoch: 5 }), sentAt: NOW },
  { kind: "renewRefused" },
  { kind: "started" },
  { kind: "recovering" },
  { kind: "hung" },
  { kind: "exited" },
  { kind: "stopped" },
  { kind: "leave" },
];
export const ignores = (node: Node, ...but: Event["kind"][]) => {
  const others = EVENTS.filter(({ kind }) => !but.includes(kind));
  assert.ok(others.length > 0);
  for (const event of others) stays(node, event);
};
