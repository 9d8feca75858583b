import { strict as assert } from "node:assert";
import type { Health } from "../../../../functions/database/agent/health";
import type { Lease } from "../../../../functions/database/lease";
import { some } from "../../../some";
import { AgentRig, FREE, ME, OTHER, TAKEN } from "./agent-rig";

const SECOND = 1000;

const MINUTE = 60_000;
describe("The agent of a database node", () => {
  let rig: AgentRig;
  afterEach(() => rig.end());
  const agent = async (lease: Lease | undefined, ms: number, set?: (rig: AgentRig) => void) =>
    void (rig = await AgentRig.after(ms, lease, set));

  describe("taking the lease", () => {
    it("first makes sure its own PostgreSQL is dead, then takes a free lease, sets the route, and lets the guard start", async () => {
      await agent(FREE, 100);
      assert.deepEqual(rig.asked.slice(0, 2), [
        [0, "guard: status"],
        [0, "guard: stop", { how: "kill" }],
      ]);
      assert.deepEqual(rig.times("read"), [0]);
      const taken = { ...FREE, epoch: 5, beat: 1, holder: ME, leaseMs: 10_000, phase: "starting" };
      assert.deepEqual(rig.details("take"), [[FREE, taken]]);
      assert.deepEqual(rig.details("guard: start"), [
        [{ epoch: 5, until: 9_800, record: "lease/1", free: "", initialised: true }],
      ]);
      assert.deepEqual(rig.times("route"), [0]);
      assert.deepEqual(rig.logged, [
        { message: "leaving -> passive", after: "stopped" },
        { message: "passive -> taking", after: "read" },
        { message: "taking -> starting (epoch 5)", after: "took" },
        { message: "starting (epoch 5) -> active (epoch 5)", after: "started" },
      ]);
    });

    it("starts with the record of its own table, and tells the guard what the lease says about the data", async () => {
      const told = async (lease: Lease | undefined) => {
        await agent(lease, 100);
        const [[start]] = rig.details("guard: start") as [[Record<string, unknown>]];
        rig.end();
        return start;
      };
      const copied = await told({ ...FREE, record: "lease-copy/1", free: "lease/old 3" });
      assert.match(String(copied["record"]), /^lease\/[0-9a-f-]{36}$/);
      assert.deepEqual([copied["free"], copied["initialised"]], ["lease/old 3", true]);
      const first = await told(undefined);
      assert.match(String(first["record"]), /^lease\/[0-9a-f-]{36}$/);
      assert.deepEqual([first["epoch"], first["free"], first["initialised"]], [1, "", false]);
    });

    it("stays passive if the lease is refused or its table does not answer, and tries again", async () => {
      for (const answer of [() => "refused", () => Promise.reject(new Error("no route"))]) {
        await agent(FREE, 300, ({ answers }) => (answers["take"] = answer));
        assert.deepEqual(rig.times("take"), [0, 200]);
        assert.deepEqual(rig.roles.slice(-2), ["passive -> taking", "taking -> passive"]);
        assert.deepEqual(rig.details("guard: start"), []);
        rig.end();
      }
    });

    it("looks every 200 ms while another node holds it, and every 25 ms once it is the next", async () => {
      await agent(TAKEN, 500);
      assert.deepEqual(rig.times("read"), [0, 200, 400]);
      rig.lease = { ...TAKEN, beat: TAKEN.beat + 1, wanted: ME };
      await rig.pass(350);
      assert.deepEqual(rig.times("read").slice(3), [600, 800, 825, 850]);
    });

    it("waits for an answer before it looks again, whatever the answer", async () => {
      let answer: (lease: Promise<Lease>) => void = () => undefined;
      await agent(TAKEN, 1000, ({ answers }) => {
        answers["read"] = () => new Promise((resolve) => (answer = resolve));
      });
      assert.deepEqual(rig.times("read"), [0]);
      answer(Promise.reject(new Error("no route")));
      await rig.pass(200);
      assert.deepEqual(rig.told, [{ message: "read failed", error: "no route" }]);
      assert.deepEqual(rig.times("read"), [0, 1200]);
    });

    it("reports that its former life is over when it is suspected", async () => {
      await agent({ ...TAKEN, suspects: [ME] }, 100);
      assert.deepEqual(rig.details("clear"), [[ME, 4]]);
    });

    it("accepts the virtual IP's packets, and tries that again every two seconds", async () => {
      await agent(TAKEN, 4500, ({ answers }) => {
        let tries = 0;
        answers["acceptVirtualIp"] = () => {
          if (++tries < 3) throw new Error("denied");
        };
      });
      assert.deepEqual(rig.times("acceptVirtualIp"), [0, 2000, 4000]);
      const failed = { message: "source/dest check failed", error: "denied" };
      assert.deepEqual(rig.told, [failed, failed]);
    });
  });

  describe("fencing", () => {
    const SUSPECTED: Lease = { ...FREE, suspects: [OTHER] };
    const off = (is: boolean) => (one: AgentRig) => (one.answers["fence"] = () => is);

    it("stops a suspect after its time to report itself dead, and starts only after that", async () => {
      await agent(SUSPECTED, 2500);
      const [at] = rig.times("fence") as [number];
      assert.ok(at >= 1500, `fenced at ${at}`);
      assert.deepEqual(rig.details("fence"), [[OTHER]]);
      assert.deepEqual(rig.details("clear"), [[OTHER, 5]]);
      assert.deepEqual(rig.told, [{ message: "fenced: EC2 says it is off", suspect: OTHER }]);
      const [start] = rig.times("guard: start") as [number];
      assert.equal(start, at, "the renewal that follows is not waited for");
      assert.deepEqual(rig.details("renew")[0], [ME, 5, "fencing", false]);
    });

    it("goes on until EC2 says that it is off", async () => {
      await agent(SUSPECTED, 2500, off(false));
      assert.deepEqual(rig.times("fence"), [1800, 2200]);
      assert.deepEqual(rig.details("clear"), []);
      assert.deepEqual(some(rig.told)[0], { message: "waits until EC2 says it is off", suspect: OTHER });
      off(true)(rig);
      await rig.pass(500);
      assert.deepEqual(rig.details("clear"), [[OTHER, 5]]);
    });

    it("makes one EC2 call at a time for each suspect, and repeats it after a failure", async () => {
      let answer: (error: Error) => void = () => undefined;
      await agent({ ...FREE, suspects: ["i-1", OTHER] }, 2500, ({ answers }) => {
        answers["fence"] = (node: string) =>
          node === "i-1" ? new Promise((_, reject) => (answer = reject)) : false;
      });
      const asked = (node: string) => rig.details("fence").filter(([one]) => one === node).length;
      assert.deepEqual([asked("i-1"), asked(OTHER)], [1, 2]);
      answer(new Error("throttled"));
      await rig.pass(400);
      assert.equal(asked("i-1"), 2);
      assert.ok(rig.told.some(({ message, error }) => message === "fence failed" && error === "throttled"));
    });
  });

  describe("starting PostgreSQL", () => {
    it("asks every 20 ms whether it is ready, and reports it at once", async () => {
      await agent(FREE, 50, (one) => (one.health = "recovering"));
      assert.deepEqual(rig.times("health"), [0, 20, 40]);
      assert.deepEqual(rig.details("renew"), []);
      rig.health = "ready";
      await rig.pass(20);
      assert.deepEqual(rig.asked.slice(-2), [
        [60, "renew", ME, 5, "active", true],
        [60, "guard: extend", { epoch: 5, until: 9_860 }],
      ]);
    });

    it("gives up after five minutes of silence, and never while it recovers", async () => {
      await agent(FREE, 6 * MINUTE, (one) => (one.health = "recovering"));
      assert.deepEqual(rig.details("release"), []);
      rig.health = "silent";
      await rig.pass(4 * MINUTE);
      assert.deepEqual(rig.details("release"), []);
      await rig.pass(MINUTE + 500);
      assert.deepEqual(rig.details("release"), [[ME, 5]]);
    });

    it("tries again 200 ms after the guard failed, and gives up the lease after the third time", async () => {
      await agent(FREE, 650, ({ answers }) => {
        answers["guard: start"] = () => Promise.reject(new Error("no disk"));
      });
      assert.deepEqual(rig.times("guard: start"), [0, 200, 400]);
      assert.deepEqual(rig.told[0], { message: "PostgreSQL was not started", epoch: 5, error: "no disk" });
      assert.deepEqual(rig.details("release"), [[ME, 5]]);
      assert.deepEqual(rig.times("health"), []);
    });

    it("starts nothing if its guard comes back after the start was given up", async () => {
      let answer: (epoch: number) => void = () => undefined;
      await agent(FREE, 300, ({ answers }) => {
        const usual = [0];
        answers["guard: status"] = () => usual.shift() ?? new Promise((resolve) => (answer = resolve));
      });
      rig.agent.leave();
      await rig.pass(400);
      answer(0);
      await rig.pass(SECOND);
      assert.deepEqual(rig.details("guard: start"), []);
      assert.equal(rig.left, true);
    });

    it("starts nothing if the lease was lost before its guard answered", async () => {
      let answer: (epoch: number) => void = () => undefined;
      let stopped: (epoch: number) => void = () => undefined;
      await agent(FREE, 100, ({ answers }) => {
        const usual = [0];
        answers["guard: status"] = () => usual.shift() ?? new Promise((resolve) => (answer = resolve));
        answers["renew"] = () => "refused";
      });
      rig.answers["guard: stop"] = () => new Promise((resolve) => (stopped = resolve));
      await rig.pass(200);
      answer(0);
      await rig.pass(0);
      assert.deepEqual(rig.details("guard: start"), []);
      stopped(0);
    });

    it("starts once when its guard was gone, however many starts waited for it", async () => {
      const answers: ((epoch: number) => void)[] = [];
      await agent(FREE, 100, (one) => {
        const usual = [0];
        one.answers["guard: status"] = () => usual.shift() ?? new Promise((resolve) => answers.push(resolve));
      });
      rig.exits(undefined);
      await rig.pass(0);
      assert.equal(answers.length, 2);
      for (const answer of answers) answer(0);
      await rig.pass(0);
      assert.equal(rig.details("guard: start").length, 1);
    });

    it("does not count a failed start as the end of the next one", async () => {
      await agent(FREE, 100, (one) => {
        const usual = [Promise.reject(new Error("no disk"))];
        one.answers["guard: start"] = () => usual.shift() ?? 5;
      });
      rig.exits(undefined);
      await rig.pass(500);
      assert.deepEqual(rig.times("guard: start"), [0, 100]);
    });

    it("does not mistake an earlier PostgreSQL's answer for the new one's", async () => {
      const answers: ((health: Health) => void)[] = [];
      await agent(FREE, 10, (one) => {
        one.answers["health"] = () => new Promise((resolve) => answers.push(resolve));
      });
      rig.exits(5);
      await rig.pass(0);
      assert.equal(answers.length, 2, "the second start asks, too");
      answers[0]!("ready");
      await rig.pass(0);
      assert.deepEqual(rig.roles.slice(-1), ["taking -> starting (epoch 5)"]);
      answers[1]!("ready");
      await rig.pass(0);
      assert.deepEqual(rig.roles.slice(-1), ["starting (epoch 5) -> active (epoch 5)"]);
    });
  });
});
