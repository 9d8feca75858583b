import { strict as assert } from "node:assert";
import type { Health } from "../../../../functions/database/agent/health";
import type { Lease } from "../../../../functions/database/lease";
import { AgentRig, FREE, ME, OTHER, TAKEN } from "./agent-rig";

const SECOND = 1000;

describe("The agent of the database node that holds the lease", () => {
  let rig: AgentRig;
  afterEach(() => rig.end());
  const agent = async (lease: Lease | undefined, ms: number, set?: (rig: AgentRig) => void) =>
    void (rig = await AgentRig.after(ms, lease, set));

  describe("holding the lease", () => {
    it("renews it every 400 ms and gives the guard the new deadline", async () => {
      await agent(FREE, 1100);
      assert.deepEqual(rig.times("renew"), [0, 200, 600, 1000]);
      assert.deepEqual(rig.details("guard: extend").slice(-2), [
        [{ epoch: 5, until: 10_400 }],
        [{ epoch: 5, until: 10_800 }],
      ]);
    });

    it("says with each renewal whether PostgreSQL answered its last query", async () => {
      await agent(FREE, 900);
      rig.health = "recovering";
      await rig.pass(500);
      assert.deepEqual(rig.details("renew").at(-1), [ME, 5, "active", false]);
      rig.health = "ready";
      await rig.pass(SECOND);
      assert.deepEqual(rig.details("renew").at(-1), [ME, 5, "active", true]);
      assert.deepEqual(rig.times("health").slice(1), [1000, 2000]);
    });

    it("goes on while a renewal fails, and kills PostgreSQL when one is refused", async () => {
      await agent(FREE, 300);
      rig.answers["renew"] = () => Promise.reject(new Error("no route"));
      await rig.pass(400);
      assert.deepEqual(rig.told, [{ message: "renew failed", error: "no route" }]);
      rig.answers["renew"] = () => "refused";
      await rig.pass(400);
      assert.deepEqual(rig.details("guard: stop").slice(1), [[{ how: "kill" }]]);
      assert.deepEqual(rig.details("checkpoint"), [], "a kill waits for nothing");
      assert.deepEqual(rig.logged.slice(-2), [
        { message: "active (epoch 5) -> leaving", after: "renewRefused" },
        { message: "leaving -> passive", after: "stopped" },
      ]);
    });

    it("keeps what the newest lease says of the data for the next start", async () => {
      await agent(FREE, 100);
      rig.lease = { ...rig.lease!, free: "lease/0 5", initialised: false };
      await rig.pass(200);
      rig.answers["renew"] = () => Promise.reject(new Error("no route"));
      rig.exits(5);
      await rig.pass(0);
      const { record, free, initialised } = rig.details("guard: start").at(-1)![0] as Lease;
      assert.deepEqual([record, free, initialised], ["lease/1", "lease/0 5", false]);
    });

    it("sets the route again every five seconds, and 200 ms after a failure", async () => {
      await agent(FREE, 5300, ({ answers }) => {
        let tries = 0;
        answers["route"] = () => {
          if (++tries === 1) throw new Error("denied");
          return [];
        };
      });
      assert.deepEqual(rig.times("route"), [0, 200, 5200]);
      assert.deepEqual(rig.told, [{ message: "the route was not moved", error: "denied" }]);
    });

    it("restarts PostgreSQL when it ends, twice in a minute, and gives up the lease the third time", async () => {
      await agent(FREE, SECOND);
      rig.exits(5);
      await rig.pass(SECOND);
      rig.exits(undefined);
      await rig.pass(SECOND);
      assert.equal(rig.details("guard: start").length, 3);
      assert.deepEqual(rig.told, [
        { message: "PostgreSQL is gone", epoch: 5 },
        { message: "the guard is gone" },
      ]);
      rig.exits(5);
      await rig.pass(0);
      assert.deepEqual(rig.details("release"), [[ME, 5]]);
    });

    it("stops every task of an earlier PostgreSQL: one watch, one route", async () => {
      await agent(FREE, 500);
      rig.exits(5);
      await rig.pass(20 * SECOND);
      const late = (what: string) => rig.times(what).filter((at) => at > 6 * SECOND);
      assert.deepEqual(late("route"), [10_500, 15_500, 20_500]);
      assert.equal(late("health").length, 15);
    });

    it("stops every task of the PostgreSQL that it had before it lost the lease", async () => {
      await agent(FREE, 500);
      rig.answers["renew"] = () => "refused";
      await rig.pass(400);
      delete rig.answers["renew"];
      rig.lease = { ...FREE, beat: 99 };
      await rig.pass(SECOND);
      assert.equal(rig.details("guard: start").length, 2);
      await rig.pass(10 * SECOND);
      assert.deepEqual(rig.times("route"), [0, 1000, 6000, 11_000]);
    });

    it("reports itself unhealthy once PostgreSQL has ended", async () => {
      await agent(FREE, 500);
      rig.health = "silent";
      rig.exits(5);
      await rig.pass(400);
      assert.deepEqual(rig.details("renew").at(-1), [ME, 5, "starting", false]);
    });

    it("ignores an end that it waited for, or that no longer concerns it", async () => {
      await agent(TAKEN, 300);
      rig.exits(3);
      await rig.pass(300);
      assert.deepEqual(rig.told, []);
      assert.deepEqual(rig.roles, ["leaving -> passive"]);
    });

    it("gives the lease up when PostgreSQL has not answered for ten seconds, but not while it recovers", async () => {
      await agent(FREE, SECOND);
      rig.health = "recovering";
      await rig.pass(20 * SECOND);
      assert.deepEqual(rig.details("release"), []);
      rig.health = "silent";
      await rig.pass(9 * SECOND);
      assert.deepEqual(rig.details("release"), []);
      await rig.pass(SECOND);
      assert.deepEqual(rig.told.at(-1), { message: "PostgreSQL does not answer: given up" });
      assert.deepEqual(rig.details("guard: stop").at(-1), [{ how: "kill" }]);
      assert.deepEqual(rig.details("release"), [[ME, 5]]);
    });

    it("does not count a late answer of an earlier PostgreSQL as health", async () => {
      await agent(FREE, 900);
      let answer: (health: Health) => void = () => undefined;
      rig.answers["health"] = () => new Promise((resolve) => (answer = resolve));
      await rig.pass(200);
      const late = answer;
      rig.answers["health"] = () => "silent";
      rig.exits(5);
      await rig.pass(100);
      late("ready");
      await rig.pass(400);
      assert.deepEqual(rig.details("renew").at(-1), [ME, 5, "starting", false]);
    });
  });

  describe("when it leaves", () => {
    it("writes dirty data, stops PostgreSQL cleanly, gives the lease up, and ends", async () => {
      await agent(FREE, 500);
      rig.agent.leave();
      await rig.pass(600);
      const last = rig.asked
        .map(([, what]) => what)
        .filter((what) => /checkpoint|guard: stop|release/.test(what));
      assert.deepEqual(last, ["guard: stop", "checkpoint", "guard: stop", "release"]);
      assert.deepEqual(rig.details("guard: stop").at(-1), [{ how: "clean" }]);
      assert.deepEqual(rig.details("release"), [[ME, 5]]);
      assert.equal(rig.left, true);
      const asked = rig.asked.length;
      await rig.pass(300);
      assert.equal(rig.asked.length, asked, "nothing is asked any more");
    });

    it("ends at once if it serves nothing", async () => {
      await agent(TAKEN, 300);
      rig.agent.leave();
      await rig.pass(100);
      assert.equal(rig.left, true);
      assert.deepEqual(rig.times("read"), [0, 200]);
    });

    it("hands the lease to the wanted node, and serves nobody meanwhile", async () => {
      await agent(FREE, 500);
      rig.lease = { ...rig.lease!, wanted: OTHER };
      await rig.pass(200);
      assert.deepEqual(rig.details("checkpoint"), [[]]);
      assert.deepEqual(rig.details("release"), [[ME, 5]]);
      assert.equal(rig.left, false);
    });

    it("writes nothing if PostgreSQL does not answer", async () => {
      await agent(FREE, 500, (one) => (one.health = "silent"));
      rig.agent.leave();
      await rig.pass(600);
      assert.deepEqual(rig.details("checkpoint"), []);
      assert.equal(rig.left, true);
    });

    it("asks its guard every 100 ms until PostgreSQL is dead", async () => {
      await agent(FREE, 500);
      let tries = 0;
      rig.answers["guard: stop"] = () => {
        if (++tries < 3) throw new Error("it hangs");
        return 0;
      };
      rig.agent.leave();
      await rig.pass(290);
      assert.deepEqual(rig.times("guard: stop"), [0, 600, 700]);
      assert.deepEqual(rig.told.at(-1), { message: "stop failed", error: "it hangs" });
      assert.deepEqual(rig.details("release"), []);
      await rig.pass(10);
      assert.deepEqual(rig.details("release"), [[ME, 5]]);
    });

    it("waits for the table's answer before it ends, and tries five times", async () => {
      await agent(FREE, 500);
      let fail: (error: Error) => void = () => undefined;
      rig.answers["release"] = () => new Promise((_, reject) => (fail = reject));
      rig.agent.leave();
      for (let tries = 1; tries <= 5; tries++) {
        await rig.pass(SECOND);
        assert.equal(rig.details("release").length, tries);
        assert.equal(rig.left, false);
        assert.deepEqual(rig.times("read"), [0], "it would find its own name, and take the lease again");
        fail(new Error("no route"));
      }
      await rig.pass(SECOND);
      assert.deepEqual(rig.told, Array(5).fill({ message: "release failed", error: "no route" }));
      assert.equal(rig.details("release").length, 5);
      assert.equal(rig.left, true);
    });
  });

  describe("restarted while PostgreSQL runs", () => {
    const MINE: Lease = { ...FREE, epoch: 7, holder: ME, phase: "active" };
    const running = (one: AgentRig) => (one.running = 7);

    it("goes on with it if it still holds the lease, and starts and stops nothing", async () => {
      await agent(MINE, 1100, running);
      assert.deepEqual(rig.details("renew")[0], [ME, 7, "active", true]);
      assert.deepEqual(rig.details("guard: extend")[0], [{ epoch: 7, until: 9_800 }]);
      assert.deepEqual(rig.roles, ["adopting -> active (epoch 7)"]);
      assert.deepEqual([...rig.details("guard: stop"), ...rig.details("guard: start")], []);
      assert.deepEqual(rig.times("health"), [1000]);
      await rig.pass(30 * SECOND);
      assert.deepEqual(rig.details("keepPassword"), [[false]]);
    });

    it("waits for the lease's answer before it leaves, and then stops cleanly", async () => {
      let answer: () => void = () => undefined;
      await agent(MINE, 100, (one) => {
        running(one);
        one.answers["renew"] = () => new Promise((resolve) => (answer = () => resolve(MINE)));
      });
      rig.agent.leave();
      await rig.pass(SECOND);
      assert.deepEqual(rig.details("guard: stop"), []);
      answer();
      await rig.pass(500);
      assert.deepEqual(rig.details("guard: stop"), [[{ how: "clean" }]]);
    });

    it("kills it if another node holds the lease by now", async () => {
      await agent(MINE, 100, (one) => {
        running(one);
        one.answers["renew"] = () => "refused";
      });
      assert.deepEqual(rig.details("guard: stop"), [[{ how: "kill" }]]);
      assert.deepEqual(rig.roles, ["adopting -> leaving", "leaving -> passive"]);
    });

    it("reports it if PostgreSQL ends before the lease has answered", async () => {
      await agent(MINE, 100, (one) => {
        running(one);
        one.answers["renew"] = () => new Promise(() => undefined);
      });
      rig.exits(7);
      assert.deepEqual(rig.told, [{ message: "PostgreSQL is gone", epoch: 7 }]);
    });
  });
});
