import { strict as assert } from "node:assert";
import type { Lease } from "../../../../functions/database/lease";
import { some } from "../../../some";
import { AgentRig, FREE, TAKEN } from "./agent-rig";

const SECOND = 1000;
const HOUR = 60 * 60_000;

const MINUTE = 60_000;
describe("The agent of a database node, as the hours pass", () => {
  let rig: AgentRig;
  afterEach(() => rig.end());
  const agent = async (lease: Lease | undefined, ms: number, set?: (rig: AgentRig) => void) =>
    void (rig = await AgentRig.after(ms, lease, set));

  describe("reporting", () => {
    it("tests the data at once if it serves nothing, and again every ten minutes", async () => {
      await agent(TAKEN, 10 * MINUTE - 1);
      rig.lease = { ...TAKEN, beat: 99 };
      assert.deepEqual(rig.times("tryData"), [0]);
      assert.deepEqual(rig.times("report").slice(0, 3), [0, 15_000, 30_000]);
      assert.ok(some(rig.details("report")).every(([ready]) => ready === true));
    }).timeout(20_000);

    it("tests every 15 seconds while the data is out of reach, and reports it", async () => {
      let reached = false;
      await agent(TAKEN, 100, (one) => {
        one.answers["read"] = () => ({ ...TAKEN, beat: one.asked.length });
        one.answers["tryData"] = () => reached;
      });
      await rig.pass(15 * SECOND);
      assert.deepEqual(rig.details("report"), [[false], [false]]);
      const unreached = { message: "the data is out of reach" };
      assert.deepEqual(rig.told, [unreached, unreached]);
      reached = true;
      await rig.pass(30 * SECOND);
      assert.deepEqual(rig.details("report").slice(2), [[true], [true]]);
      assert.deepEqual(rig.times("tryData"), [0, 15_000, 30_000]);
      await rig.pass(10 * MINUTE);
      assert.deepEqual(rig.times("tryData").slice(3), [30_000 + 10 * MINUTE]);
    }).timeout(20_000);

    it("reports PostgreSQL's answer if it serves, without testing the data", async () => {
      await agent(FREE, 16 * SECOND);
      rig.health = "recovering";
      await rig.pass(15 * SECOND);
      assert.deepEqual(rig.details("report").slice(1), [[true], [false]]);
      assert.deepEqual(rig.times("tryData"), [0]);
    });

    it("stays ready while it recovers what another node left, because it has reached the data", async () => {
      await agent(FREE, 16 * SECOND, (one) => (one.health = "recovering"));
      assert.deepEqual(rig.details("report"), [[true], [true]]);
      assert.deepEqual(rig.times("tryData"), [0]);
    });

    it("goes on if nothing can be reported", async () => {
      await agent(FREE, 16 * SECOND, ({ answers }) => {
        answers["report"] = () => Promise.reject(new Error("no route"));
      });
      const failed = { message: "nothing was reported", error: "no route" };
      assert.deepEqual(rig.told, [failed, failed]);
    });
  });

  describe("managing the password", () => {
    it("begins half a minute after the start, and goes on every hour", async () => {
      await agent(FREE, 30 * SECOND + HOUR);
      assert.deepEqual(rig.times("keepPassword"), [30_000, 30_000 + HOUR]);
      assert.deepEqual(rig.details("keepPassword")[0], [false]);
      assert.deepEqual(rig.told[0], { message: "the password is kept" });
    }).timeout(30_000);

    it("ends with its PostgreSQL", async () => {
      await agent(FREE, 10 * SECOND);
      rig.exits(5);
      await rig.pass(25 * SECOND);
      assert.deepEqual(rig.times("keepPassword"), []);
      await rig.pass(5 * SECOND);
      assert.deepEqual(rig.times("keepPassword"), [40_000]);
    });

    it("changes nothing before it has asked its guard what runs", async () => {
      rig = new AgentRig(FREE);
      rig.agent.changePassword();
      await rig.pass(0);
      assert.deepEqual(rig.details("keepPassword"), []);
    });

    it("changes it at once for a person, one change after the other, if PostgreSQL answers", async () => {
      const answers: ((done: Promise<string>) => void)[] = [];
      await agent(TAKEN, 100, (one) => {
        one.answers["keepPassword"] = () => new Promise((resolve) => answers.push(resolve));
      });
      rig.agent.changePassword();
      await rig.pass(0);
      assert.deepEqual(rig.details("keepPassword"), []);
      rig.lease = { ...FREE, beat: 99 };
      await rig.pass(SECOND);
      rig.agent.changePassword();
      rig.agent.changePassword();
      await rig.pass(0);
      assert.deepEqual(rig.details("keepPassword"), [[true]]);
      answers[0]!(Promise.reject(new Error("no secret")));
      await rig.pass(0);
      assert.deepEqual(rig.details("keepPassword"), [[true], [true]]);
      answers[1]!(Promise.resolve("changed"));
      await rig.pass(0);
      assert.deepEqual(rig.told, [
        { message: "the password was not looked after", error: "no secret" },
        { message: "the password is changed" },
      ]);
    });
  });
});
