import assert from "node:assert/strict";
import { Use } from "../../sandbox/engine/clients";
import { Builds } from "../../sandbox/fleet/builds";
import { EventRules, Happening } from "../../sandbox/fleet/event-rules";
import { Stacks } from "../../sandbox/fleet/stacks";

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
    const builds = new Builds(use, rules);
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

  it("one that was over at once at the second look", async () => {
    const { use, rules, told } = listening({
      listBuilds: async () => ({ ids: ["site:2"] }),
      batchGetBuilds: async () => ({ builds: [{ id: "site:2", buildStatus: "FAILED" }] }),
    });
    const builds = new Builds(use, rules);
    await builds.follow();
    assert.equal(told.length, 0);
    await builds.follow();
    assert.equal(told.length, 1);
  });
});
