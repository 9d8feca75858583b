import assert from "node:assert/strict";
import { Use } from "../../sandbox/engine/clients";
import { Builds } from "../../sandbox/fleet/builds";
import { EventRules, Happening } from "../../sandbox/fleet/event-rules";
import { StateChanges } from "../../sandbox/fleet/state-changes";
import { Stacks } from "../../sandbox/fleet/stacks";
import { Machine, View } from "../../sandbox/fleet/view";

/** A service as the emulator shows it, and what the rules hear of it. */
function listening(client: object, asked = true) {
  const told: Happening["detail"][] = [];
  const rules = { ask: async () => asked, tell: async (one: Happening) => void told.push(one.detail) };
  return { use: (async () => client) as unknown as Use, rules: rules as unknown as EventRules, told };
}

describe("the sandbox tells of stacks", () => {
  const stack = (StackStatus: string, updated?: number) => ({
    StackId: "one",
    StackStatus,
    LastUpdatedTime: updated === undefined ? undefined : new Date(updated),
  });
  let present: object[] = [];
  const client = { describeStacks: async () => ({ Stacks: present }) };
  const status = (status: string) => ({
    "stack-id": "one",
    "status-details": { status, "status-reason": "" },
  });

  it("each change once, a second update as well, and the end of one that is gone", async () => {
    const { use, rules, told } = listening(client);
    const stacks = new Stacks(use, rules);
    for (const now of [
      [stack("CREATE_COMPLETE")],
      [stack("CREATE_COMPLETE")],
      [stack("UPDATE_COMPLETE", 1)],
      [stack("UPDATE_COMPLETE", 2)],
      [],
      [],
    ]) {
      present = now;
      await stacks.follow();
    }
    assert.deepEqual(
      told,
      ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"].map(status),
    );
  });

  it("nothing where no rule asks for it", async () => {
    const { use, rules, told } = listening(client, false);
    present = [stack("CREATE_COMPLETE")];
    await new Stacks(use, rules).follow();
    assert.deepEqual(told, []);
  });
});

describe("the sandbox tells of builds", () => {
  it("the end, once, and not before the look after the one that found it", async () => {
    let buildStatus = "IN_PROGRESS";
    const build = (id: string) => ({ id, arn: `arn:${id}`, projectName: "site", buildStatus });
    const { use, rules, told } = listening({
      listBuilds: async () => ({ ids: ["site:1"] }),
      batchGetBuilds: async ({ ids }: { ids: string[] }) => ({ builds: ids.map(build) }),
    });
    const builds = new Builds({ list: use, ask: use }, rules);
    const counts: number[] = [];
    const look = async () => {
      await builds.follow();
      counts.push(told.length);
    };
    await look();
    await look();
    buildStatus = "SUCCEEDED";
    await look();
    await look();
    assert.deepEqual(counts, [0, 0, 1, 1]);
    assert.deepEqual(told, [
      { "build-status": "SUCCEEDED", "project-name": "site", "build-id": "arn:site:1" },
    ]);
  });

  it("all of them, and asks for a hundred at once, as CodeBuild answers for no more", async () => {
    const all = Array.from({ length: 150 }, (_, i) => `site:${i}`);
    const asked: number[] = [];
    const { use, rules, told } = listening({
      listBuilds: async () => ({ ids: all }),
      batchGetBuilds: async ({ ids }: { ids: string[] }) => {
        asked.push(ids.length);
        return { builds: ids.map((id) => ({ id, buildStatus: "SUCCEEDED" })) };
      },
    });
    const builds = new Builds({ list: use, ask: use }, rules);
    await builds.follow();
    await builds.follow();
    assert.deepEqual([asked, told.length], [[100, 50], 150]);
  });

  it("one that was over at once at the second look", async () => {
    const { use, rules, told } = listening({
      listBuilds: async () => ({ ids: ["site:2"] }),
      batchGetBuilds: async () => ({ builds: [{ id: "site:2", buildStatus: "FAILED" }] }),
    });
    const builds = new Builds({ list: use, ask: use }, rules);
    await builds.follow();
    assert.equal(told.length, 0);
    await builds.follow();
    assert.equal(told.length, 1);
  });
});

describe("the sandbox tells of machines", () => {
  const machine = (id: string, state: string, group?: string) => ({ id, state, group }) as Machine;
  /** @param pending those that wait for a launch hook */
  const at = (machines: Machine[], pending: string[] = []) => {
    const members = machines.filter(({ group }) => group).map(({ id }) => id);
    return { machines, groups: [{ name: "web", instanceIds: members, pending }] } as unknown as View;
  };

  it("each state, and a launch once, only by a group and only after the first look", async () => {
    const { rules, told } = listening({});
    const changes = new StateChanges(rules, { region: "eu-west-1", account: "123456789012" });
    await changes.follow(at([machine("old", "running", "web")]));
    await changes.follow(at([machine("old", "stopped", "web"), machine("new", "running", "web")]));
    await changes.follow(at([machine("old", "running", "web"), machine("own", "running")]));
    const states = (id: string, ...all: string[]) => all.map((state) => ({ "instance-id": id, state }));
    assert.deepEqual(told, [
      ...states("old", "stopping", "stopped"),
      ...states("new", "pending", "running"),
      { AutoScalingGroupName: "web", EC2InstanceId: "new" },
      ...states("old", "pending", "running"),
      ...states("own", "pending", "running"),
      ...states("new", "shutting-down", "terminated"),
    ]);
  });

  it("a launch when its hook lets the instance in, or gives it up", async () => {
    const { rules, told } = listening({});
    const kinds: string[] = [];
    const kept = { tell: (one: Happening) => (kinds.push(one["detail-type"]), rules.tell(one)) };
    const changes = new StateChanges(kept as EventRules, { region: "eu-west-1", account: "123456789012" });
    const [good, bad] = [machine("good", "running", "web"), machine("bad", "running", "web")];
    await changes.follow(at([]));
    await changes.follow(at([good, bad], ["good", "bad"]));
    assert.equal(
      kinds.some((kind) => /Launch/.test(kind)),
      false,
    );
    await changes.follow(at([good, bad], ["bad"]));
    await changes.follow(at([good]));
    assert.deepEqual(
      told.filter((one) => "EC2InstanceId" in one).map((one) => one["EC2InstanceId"]),
      ["good", "bad"],
    );
    assert.deepEqual(
      kinds.filter((kind) => /Launch/.test(kind)),
      ["EC2 Instance Launch Successful", "EC2 Instance Launch Unsuccessful"],
    );
  });
});
