import assert from "node:assert/strict";
import { Service } from "../../sandbox/engine/clients";
import { Builds } from "../../sandbox/fleet/builds";
import { EventRules, Happening } from "../../sandbox/fleet/event-rules";
import { StateChanges } from "../../sandbox/fleet/state-changes";
import { Stacks } from "../../sandbox/fleet/stacks";
import { Machine, View } from "../../sandbox/fleet/view";
import { standIns } from "./stand-ins";

/** A service as the emulator shows it, and what the rules hear of it, where they ask for a source. */
function listening(clients: Partial<Record<Service, object>>, source?: string) {
  const told: Happening["detail"][] = [];
  const heads: Omit<Happening, "detail">[] = [];
  const rules = {
    ask: async (about: string) => about === source,
    tell: async ({ detail, ...head }: Happening) => {
      told.push(detail);
      heads.push(head);
    },
  };
  return { use: standIns(clients), rules: rules as unknown as EventRules, told, heads };
}

describe("the sandbox tells of stacks", () => {
  const stack = (StackStatus: string, updated?: number) => ({
    StackId: "one",
    StackStatus,
    LastUpdatedTime: updated === undefined ? undefined : new Date(updated),
  });
  let present: object[] = [];
  const cloudformation = { describeStacks: async () => ({ Stacks: present }) };
  const status = (status: string) => ({
    "stack-id": "one",
    "status-details": { status, "status-reason": "" },
  });

  it("each change once, a second update as well, and the end of one that is gone", async () => {
    const { use, rules, told, heads } = listening({ cloudformation }, "aws.cloudformation");
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
      assert.deepEqual(stacks.current, now);
    }
    assert.deepEqual(heads[0], {
      source: "aws.cloudformation",
      "detail-type": "CloudFormation Stack Status Change",
      resources: ["one"],
    });
    assert.deepEqual(
      told,
      ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"].map(status),
    );
  });

  it("why, where CloudFormation says it, and of one beside another", async () => {
    const { use, rules, told } = listening({ cloudformation }, "aws.cloudformation");
    const stacks = new Stacks(use, rules);
    const other = { ...stack("CREATE_COMPLETE"), StackId: "other" };
    present = [other];
    await stacks.follow();
    present = [other, { ...stack("CREATE_FAILED"), StackStatusReason: "no room" }];
    await stacks.follow();
    assert.deepEqual(told.slice(1), [
      { "stack-id": "one", "status-details": { status: "CREATE_FAILED", "status-reason": "no room" } },
    ]);
    present = [other];
    await stacks.follow();
    assert.deepEqual(told.slice(2), [status("DELETE_COMPLETE")]);
  });

  it("nothing where no rule asks for it", async () => {
    const { use, rules, told } = listening({}, "aws.ec2");
    present = [stack("CREATE_COMPLETE")];
    await new Stacks(use, rules).follow();
    assert.deepEqual(told, []);
  });
});

describe("the sandbox tells of builds", () => {
  it("the end, once, and not before the look after the one that found it", async () => {
    let buildStatus = "IN_PROGRESS";
    const build = (id: string) => ({ id, arn: `arn:${id}`, projectName: "site", buildStatus });
    const codebuild = {
      listBuilds: async () => ({ ids: ["site:1"] }),
      batchGetBuilds: async ({ ids }: { ids: string[] }) => ({ builds: ids.map(build) }),
    };
    const { use, rules, told, heads } = listening({ codebuild }, "aws.codebuild");
    const builds = new Builds({ list: use, ask: use }, rules);
    const counts: number[] = [];
    const look = async () => {
      await builds.follow();
      counts.push(told.length);
    };
    await look();
    await look();
    buildStatus = "SUCCEEDED";
    assert.deepEqual(builds.open, ["site:1"]);
    await look();
    assert.deepEqual(builds.open, []);
    await look();
    await look();
    assert.deepEqual(counts, [0, 0, 1, 1, 1]);
    assert.deepEqual(heads, [
      {
        source: "aws.codebuild",
        "detail-type": "CodeBuild Build State Change",
        resources: ["arn:site:1"],
      },
    ]);
    assert.deepEqual(told, [
      { "build-status": "SUCCEEDED", "project-name": "site", "build-id": "arn:site:1" },
    ]);
  });

  it("all of them, and asks for a hundred at once, as CodeBuild answers for no more", async () => {
    const all = Array.from({ length: 150 }, (_, i) => `site:${i}`);
    const asked: number[] = [];
    const codebuild = {
      listBuilds: async () => ({ ids: all }),
      batchGetBuilds: async ({ ids }: { ids: string[] }) => {
        asked.push(ids.length);
        return { builds: ids.map((id) => ({ id, buildStatus: "SUCCEEDED" })) };
      },
    };
    const { use, rules, told } = listening({ codebuild }, "aws.codebuild");
    const builds = new Builds({ list: use, ask: use }, rules);
    await builds.follow();
    await builds.follow();
    assert.deepEqual([asked, told.length], [[100, 50], 150]);
  });

  it("one that was over at once at the second look", async () => {
    const codebuild = {
      listBuilds: async () => ({ ids: ["site:2"] }),
      batchGetBuilds: async () => ({ builds: [{ id: "site:2", buildStatus: "FAILED" }] }),
    };
    const { use, rules, told } = listening({ codebuild }, "aws.codebuild");
    const builds = new Builds({ list: use, ask: use }, rules);
    await builds.follow();
    assert.equal(told.length, 0);
    await builds.follow();
    assert.equal(told.length, 1);
  });

  it("nothing of one that CodeBuild no longer knows, and nothing where no rule asks for it", async () => {
    const codebuild = { listBuilds: async () => ({ ids: ["site:3"] }), batchGetBuilds: async () => ({}) };
    const { use, rules, told } = listening({ codebuild }, "aws.codebuild");
    const builds = new Builds({ list: use, ask: use }, rules);
    await builds.follow();
    await builds.follow();
    const unasked = listening({});
    await new Builds({ list: unasked.use, ask: unasked.use }, unasked.rules).follow();
    assert.deepEqual([told, unasked.told], [[], []]);
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
    const { rules, told, heads } = listening({});
    const changes = new StateChanges(rules, { region: "eu-west-1", account: "123456789012" });
    await changes.follow(at([machine("old", "running", "web")]));
    await changes.follow(at([machine("old", "stopped", "web"), machine("new", "running", "web")]));
    await changes.follow(at([machine("old", "running", "web"), machine("own", "running")]));
    await changes.follow(at([machine("old", "running", "web"), machine("own", "terminated")]));
    await changes.follow(at([machine("old", "rebooting", "web")]));
    const notices = heads.map(({ resources, ...head }) => [
      head.source,
      head["detail-type"],
      resources.join(),
    ]);
    const arn = (id: string) => `arn:aws:ec2:eu-west-1:123456789012:instance/${id}`;
    assert.deepEqual(notices[0], ["aws.ec2", "EC2 Instance State-change Notification", arn("old")]);
    assert.deepEqual(notices[4], ["aws.autoscaling", "EC2 Instance Launch Successful", arn("new")]);
    const states = (id: string, ...all: string[]) => all.map((state) => ({ "instance-id": id, state }));
    assert.deepEqual(told, [
      ...states("old", "stopping", "stopped"),
      ...states("new", "pending", "running"),
      { AutoScalingGroupName: "web", EC2InstanceId: "new" },
      ...states("old", "pending", "running"),
      ...states("own", "pending", "running"),
      ...states("new", "shutting-down", "terminated"),
      ...states("own", "shutting-down", "terminated"),
      ...states("old", "rebooting"),
    ]);
  });

  it("the end of a launch that was under way when the fleet began, and of none whose group is gone", async () => {
    const { rules, heads } = listening({});
    const changes = new StateChanges(rules, { region: "eu-west-1", account: "123456789012" });
    const machines = ["one", "two"].map((id) => machine(id, "running", "web"));
    await changes.follow(at(machines, ["one", "two"]));
    await changes.follow(at(machines, ["two"]));
    const types = () => heads.map((one) => one["detail-type"]);
    assert.deepEqual(types(), ["EC2 Instance Launch Successful"]);
    await changes.follow({ machines, groups: [] } as unknown as View);
    await changes.follow(at(machines));
    assert.deepEqual(types(), ["EC2 Instance Launch Successful"]);
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
