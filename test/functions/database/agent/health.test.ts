import { strict as assert } from "node:assert";
import { setTimeout as pause } from "node:timers/promises";
import { asSuperuser, checkpoint, health } from "../../../../functions/database/agent/health";
import { PostgresStandIn } from "./postgres-stand-in";

describe("PostgreSQL on this node", () => {
  let postgres: PostgresStandIn;
  beforeEach(() => (postgres = new PostgresStandIn()));
  afterEach(() => postgres.close());
  const socket = () => [postgres.runDir, postgres.port, "postgres"] as const;
  const ended = async (count: number) => {
    while (postgres.ended < count) await pause(5);
  };

  it("is ready when it answers, and is left again", async () => {
    await postgres.listen();
    assert.equal(await health(...socket()), "ready");
    assert.deepEqual(postgres.asked, [["postgres", "SELECT 1"]]);
    await ended(1);
  });

  it("recovers when it says that it takes nobody yet", async () => {
    await postgres.listen();
    postgres.refusal = "57P03";
    assert.equal(await health(...socket()), "recovering");
    postgres.refusal = "53300";
    assert.equal(await health(...socket()), "silent");
  });

  it("is silent when nobody listens, or nobody answers within two seconds", async () => {
    assert.equal(await health(...socket()), "silent");
    await postgres.listen();
    postgres.answer = () => "silence";
    const before = Date.now();
    assert.equal(await health(...socket()), "silent");
    assert.ok(Date.now() - before >= 1900);
  });

  it("writes what is dirty before a stop; that it does not is no failure", async () => {
    await checkpoint(...socket());
    await postgres.listen();
    await checkpoint(...socket());
    assert.deepEqual(postgres.asked, [["postgres", "CHECKPOINT"]]);
    postgres.answer = () => ({ code: "58030" });
    await checkpoint(...socket());
    await ended(2);
  });

  it("gives its superuser rows, with values and without", async () => {
    await postgres.listen();
    postgres.answer = () => ["one", null];
    const { runDir, port } = postgres;
    const rows = [{ rolpassword: "one" }, { rolpassword: null }];
    assert.deepEqual(await asSuperuser({ runDir, port, user: "root" }, "SELECT x"), rows);
    assert.deepEqual(await asSuperuser({ runDir, port, user: "root" }, "SELECT $1", ["v"]), rows);
    assert.deepEqual(postgres.asked, [
      ["root", "SELECT x"],
      ["root", "SELECT $1", "v"],
    ]);
    postgres.answer = () => ({ code: "42601" });
    await assert.rejects(asSuperuser({ runDir, port, user: "root" }, "SELEC"), { code: "42601" });
    await ended(3);
  });
});
