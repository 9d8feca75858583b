import assert from "node:assert/strict";
import { Groups } from "../../sandbox/fleet/groups";
import { Server } from "../../sandbox/fleet/runner";
import { Target } from "../../sandbox/fleet/target-group";
import { Group, Machine, View } from "../../sandbox/fleet/view";
import { standIns } from "./stand-ins";

type Asked = [string, Record<string, unknown>];

/** Auto Scaling's part, and what it asked the emulator for. */
function following(options = {}) {
  const asked: Asked[] = [];
  const notes: string[] = [];
  const hear = (call: string) => async (input: Record<string, unknown>) => void asked.push([call, input]);
  const elb = { registerTargets: hear("register"), deregisterTargets: hear("deregister") };
  const autoscaling = {
    terminateInstanceInAutoScalingGroup: hear("terminate"),
    setDesiredCapacity: hear("resize"),
  };
  const groups = new Groups(standIns({ elb, autoscaling }), (line) => void notes.push(line), options);
  return { groups, asked, notes };
}

const group = (name: string, instanceIds: string[], over: Partial<Group> = {}) =>
  ({
    name,
    instanceIds,
    healthCheckType: "ELB",
    graceSeconds: 60,
    targetGroupArns: ["shared"],
    desired: 1,
    pending: [],
    ...over,
  }) as Group;
const machine = (id: string, ageSeconds = 0, state = "running") =>
  ({ id, state, launchedAt: new Date(Date.now() - ageSeconds * 1000) }) as Machine;
const view = (groups: Group[], machines: Machine[], registered: string[] = []) =>
  ({ groups, machines, registered: new Map([["shared", registered]]) }) as unknown as View;
const server = (id: string, alive = true) => ({ id, alive, log: `logs/${id}.log` }) as Server;
const target = (id: string, health: Target["health"]) =>
  ({ id, health, reason: "its health check answered 500", group: "shared" }) as Target & { group: string };

describe("the sandbox's groups", () => {
  const judged = async (ageSeconds: number, health: Target["health"], alive = true) => {
    const { groups, asked, notes } = following();
    const now = view([group("web", ["i-1"])], [machine("i-1", ageSeconds)], ["i-1"]);
    await groups.follow(now, [server("i-1", alive)], [target("i-1", health)]);
    return { calls: asked.map(([call]) => call), notes };
  };

  it("replace an instance whose checks fail after its grace period, and name its log", async () => {
    const { calls, notes } = await judged(61, "unhealthy");
    assert.deepEqual(calls, ["terminate", "resize"]);
    assert.deepEqual(notes, [
      "web: i-1 is replaced, because its health check answered 500 (see logs/i-1.log)",
    ]);
  });

  it("leave a server that stands at a breakpoint, and replace one that is gone", async () => {
    for (const [alive, calls] of [
      [true, []],
      [false, ["terminate", "resize"]],
    ] as const) {
      const { groups, asked } = following({ patient: true });
      const now = view([group("web", ["i-1"])], [machine("i-1", 61)], ["i-1"]);
      const servers = [server("i-9", !alive), server("i-1", alive)];
      await groups.follow(now, servers, [target("i-1", "unhealthy")]);
      assert.deepEqual(
        asked.map(([call]) => call),
        calls,
      );
    }
  });

  it("wait for one that still starts, and not for one whose machine died", async () => {
    assert.deepEqual((await judged(59, "unhealthy")).calls, []);
    assert.deepEqual((await judged(59, "unhealthy", false)).calls, ["terminate", "resize"]);
    assert.deepEqual((await judged(3600, "healthy")).calls, []);
  });

  it("know of each instance by itself how old it is, and whether it was stopped", async () => {
    const { groups, asked } = following();
    const machines = [machine("i-1", 3600, "stopped"), machine("i-2", 3600), machine("i-3", 59)];
    const now = view([group("web", ["i-2", "i-3"])], machines, ["i-2", "i-3"]);
    await groups.follow(now, [], [target("i-2", "healthy"), target("i-3", "unhealthy")]);
    assert.deepEqual(asked, []);
  });

  it("replace what was stopped, and say so; what was stopped has no grace", async () => {
    for (const state of ["stopping", "stopped"]) {
      const told: string[] = [];
      const tell = (kind: string, words: string) => void told.push(`${kind}: ${words}`);
      const { groups, asked, notes } = following({ tell });
      await groups.follow(view([group("web", ["i-1"], { desired: 3 })], [machine("i-1", 0, state)]), [], []);
      assert.deepEqual(asked, [
        ["terminate", { InstanceId: "i-1", ShouldDecrementDesiredCapacity: false }],
        ["resize", { AutoScalingGroupName: "web", DesiredCapacity: 3 }],
      ]);
      assert.deepEqual(notes, ["web: i-1 is replaced, because it was stopped"]);
      assert.deepEqual(told, ["replacement: the group web replaces i-1"]);
    }
  });

  it("replace by the load balancer's checks only behind one, and otherwise only a machine that died", async () => {
    for (const [over, alive, calls] of [
      [{ healthCheckType: "EC2" }, true, []],
      [{ healthCheckType: "EC2" }, false, ["terminate", "resize"]],
      [{ targetGroupArns: [] }, true, []],
      [{ targetGroupArns: [] }, false, ["terminate", "resize"]],
      [{}, true, ["terminate", "resize"]],
    ] as const) {
      const { groups, asked, notes } = following();
      const own = group("web", ["i-1"], { ...over } as Partial<Group>);
      const now = view([own], [machine("i-1", 61)], ["i-1"]);
      await groups.follow(now, [server("i-9", !alive), server("i-1", alive)], [target("i-1", "unhealthy")]);
      assert.deepEqual([JSON.stringify(over), asked.map(([call]) => call)], [JSON.stringify(over), calls]);
      if (!alive) assert.match(notes[0]!, /because its machine died \(see logs\/i-1\.log\)$/);
    }
  });

  it("replace only the unhealthy one of several, and one of whose launch nothing is known", async () => {
    const { groups, asked } = following();
    const both = [machine("i-1", 61), machine("i-2", 61)];
    const targets = [target("i-1", "healthy"), target("i-2", "unhealthy")];
    await groups.follow(view([group("web", ["i-1", "i-2"])], both, ["i-1", "i-2"]), [], targets);
    const ended = () =>
      asked.filter(([call]) => call === "terminate").map(([, input]) => input["InstanceId"]);
    assert.deepEqual(ended(), ["i-2"]);
    await groups.follow(view([group("web", ["i-3"])], []), [], [target("i-3", "unhealthy")]);
    assert.deepEqual(ended(), ["i-2", "i-3"]);
  });

  it("leave what a deployment works on: neither registered nor replaced", async () => {
    const { groups, asked } = following({ held: new Set(["i-1"]) });
    const both = [machine("i-1", 61), machine("i-2", 61)];
    await groups.follow(view([group("web", ["i-1", "i-2"])], both), [], [target("i-1", "unhealthy")]);
    assert.deepEqual(asked, [["register", { TargetGroupArn: "shared", Targets: [{ Id: "i-2" }] }]]);
  });

  it("register with a target group of which nothing is known, and nobody who does not run", async () => {
    const { groups, asked } = following();
    const machines = [machine("i-1"), machine("i-2", 0, "pending"), machine("i-static")];
    const now = view([group("web", ["i-1", "i-2"], { targetGroupArns: ["new"] })], machines);
    await groups.follow(now, [], []);
    assert.deepEqual(asked, [["register", { TargetGroupArn: "new", Targets: [{ Id: "i-1" }] }]]);
  });

  it("register their own running instances, and take nobody else's out of a target group", async () => {
    const { groups, asked } = following();
    const machines = ["i-1", "i-2", "i-static"].map((id) => machine(id));
    const both = [group("blue", ["i-1"]), group("green", ["i-2"])];
    await groups.follow(view(both, machines, ["i-2", "i-static", "i-elsewhere"]), [], []);
    assert.deepEqual(asked, [["register", { TargetGroupArn: "shared", Targets: [{ Id: "i-1" }] }]]);
  });

  it("register nobody who still waits for a launch hook", async () => {
    const { groups, asked } = following();
    const both = ["i-1", "i-2"].map((id) => machine(id));
    await groups.follow(view([group("web", ["i-1", "i-2"], { pending: ["i-2"] })], both), [], []);
    assert.deepEqual(asked, [["register", { TargetGroupArn: "shared", Targets: [{ Id: "i-1" }] }]]);
  });

  it("take their own out when they have gone", async () => {
    const { groups, asked } = following();
    const registered = ["i-1", "i-2", "i-static"];
    await groups.follow(
      view(
        [group("blue", ["i-1", "i-2"])],
        registered.map((id) => machine(id)),
        registered,
      ),
      [],
      [],
    );
    assert.deepEqual(asked, []);
    const left = [machine("i-1", 0, "shutting-down"), machine("i-static"), machine("i-3")];
    await groups.follow(view([group("blue", ["i-1", "i-3"])], left, [...registered, "i-3"]), [], []);
    assert.deepEqual(asked, [
      ["deregister", { TargetGroupArn: "shared", Targets: [{ Id: "i-1" }, { Id: "i-2" }] }],
    ]);
  });
});
