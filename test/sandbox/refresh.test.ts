import assert from "node:assert/strict";
import { refresh } from "../../sandbox/fleet/refresh";
import { Health, Target } from "../../sandbox/fleet/target-group";
import { Group, View } from "../../sandbox/fleet/view";
import { until } from "../../sandbox/problem";
import { standIns } from "./stand-ins";

describe("the sandbox refreshes a group", () => {
  /** A group of two and its neighbour, whose new servers become healthy, and whose ended ones leave, when the test says so. */
  function standing() {
    const group = { name: "web", desired: 2, instanceIds: ["old-1", "old-2"] } as Group;
    const target = (id: string, health: Health = "healthy") => ({ id, health }) as Target;
    let targets = [target("old-1"), target("old-2"), target("other-1"), target("other-2")];
    const asked: string[] = [];
    let launched = 0;
    let fails = false;
    const autoscaling = {
      setDesiredCapacity: async (input: { AutoScalingGroupName: string; DesiredCapacity: number }) => {
        asked.push(`${input.AutoScalingGroupName} ${input.DesiredCapacity}`);
        if (input.DesiredCapacity > group.instanceIds.length) {
          group.instanceIds = [...group.instanceIds, `new-${++launched}`];
          targets.push(target(`new-${launched}`, "initial"));
        }
      },
      terminateInstanceInAutoScalingGroup: async (input: {
        InstanceId: string;
        ShouldDecrementDesiredCapacity: boolean;
      }) => {
        if (fails) throw new Error("no termination");
        asked.push(
          `end ${input.InstanceId} ${input.ShouldDecrementDesiredCapacity ? "with" : "without"} its place`,
        );
      },
    };
    const view = { groups: [{ name: "other" }, group] } as View;
    return {
      group,
      asked,
      heals: (id: string) => void (targets.find((one) => one.id === id)!.health = "healthy"),
      deregisters: (id: string) => void (targets = targets.filter((one) => one.id !== id)),
      ends: (id: string) => void (group.instanceIds = group.instanceIds.filter((one) => one !== id)),
      fail: () => void (fails = true),
      run: (name = "web") => refresh(standIns({ autoscaling }), name, () => ({ view, targets })),
    };
  }
  const reaches = (asked: string[], wanted: string) =>
    until(wanted, () => asked.at(-1), { wanted: (last) => last === wanted, everyMs: 5 });
  /** Enough for a look or two, at which nothing may have gone on. */
  const stays = async (asked: string[]) => {
    const before = [...asked];
    await new Promise((resolve) => setTimeout(resolve, 120));
    assert.deepEqual(asked, before);
  };

  it("server by server: the new one is healthy before the old one goes, and that one is gone before the next", async () => {
    const { group, asked, heals, deregisters, ends, run } = standing();
    const count = run();
    for (const n of [1, 2]) {
      await reaches(asked, "web 3");
      await stays(asked);
      heals(`new-${n}`);
      await reaches(asked, `end old-${n} with its place`);
      deregisters(`old-${n}`);
      await stays(asked);
      ends(`old-${n}`);
    }
    assert.equal(await count, 2);
    assert.deepEqual(group.instanceIds, ["new-1", "new-2"]);
    assert.deepEqual(asked, [
      "web 3",
      "end old-1 with its place",
      "web 3",
      "end old-2 with its place",
      "web 2",
    ]);
  });

  it("and waits for an old one's requests, though the group has let it go", async () => {
    const { asked, heals, deregisters, ends, run } = standing();
    const count = run();
    await reaches(asked, "web 3");
    heals("new-1");
    await reaches(asked, "end old-1 with its place");
    ends("old-1");
    await stays(asked);
    deregisters("old-1");
    await reaches(asked, "web 3");
    heals("new-2");
    await reaches(asked, "end old-2 with its place");
    ends("old-2");
    deregisters("old-2");
    assert.equal(await count, 2);
  });

  it("and gives it its own size back when it fails", async () => {
    const { asked, heals, fail, run } = standing();
    fail();
    const count = run();
    await reaches(asked, "web 3");
    heals("new-1");
    await assert.rejects(count, /^Error: no termination$/);
    assert.deepEqual(asked, ["web 3", "web 2"]);
  });

  it("refuses one that is not there", async () => {
    const { asked, run } = standing();
    await assert.rejects(run("nobody"), /^Error: There is no group nobody to refresh\.$/);
    assert.deepEqual(asked, []);
  });
});
