import { strict as assert } from "node:assert";
import { asSuperuser, checkpoint, health } from "../../../../functions/database/agent/health";
import { until } from "../../../../sandbox/problem";
import { soon } from "../../waits";
import { PostgresStandIn } from "./postgres-stand-in";

describe("PostgreSQL on this node", () => {
  let postgres: PostgresStandIn;
  beforeEach(() => (postgres = new PostgresStandIn()));
  afterEach(() => postgres.close());
  const socket = () => [postgres.runDir, postgres.port, "postgres"] as const;
  const ended = (count: number) =>
    until("The end of the connection", () => postgres.ended >= count, { seconds: 5, everyMs: 5 });

  it("is ready when it answers, and the connection is closed", async () => {
    await postgres.listen();
    assert.equal(await soon(health(...socket())), "ready");
    assert.deepEqual(postgres.asked, [["postgres", "SELECT 1"]]);
    await ended(1);
  });

  it("is recovering when it says that it accepts nobody yet", async () => {
    await postgres.listen();
    postgres.refusal = "57P03";
    assert.equal(await soon(health(...socket())), "recovering");
    postgres.refusal = "53300";
    assert.equal(await soon(health(...socket())), "silent");
  });

  it("is silent when nobody listens, or nobody answers within two seconds", async () => {
    assert.equal(await soon(health(...socket())), "silent");
    await postgres.listen();
    postgres.answer = () => "silence";
    const before = Date.now();
    assert.equal(await soon(health(...socket())), "silent");
    assert.ok(Date.now() - before >= 1900);
  });

  it("writes dirty data before a stop, without failing if that fails", async () => {
    await soon(checkpoint(...socket()));
    await postgres.listen();
    await soon(checkpoint(...socket()));
    assert.deepEqual(postgres.asked, [["postgres", "CHECKPOINT"]]);
    postgres.answer = () => ({ code: "58030" });
    await soon(checkpoint(...socket()));
    await ended(2);
  });

  it("gives its superuser rows, with values and without", async () => {
    await postgres.listen();
    postgres.answer = () => ["one", null];
    const { runDir, port } = postgres;
    const rows = [{ rolpassword: "one" }, { rolpassword: null }];
    assert.deepEqual(await soon(asSuperuser({ runDir, port, user: "root" }, "SELECT x")), rows);
    assert.deepEqual(await soon(asSuperuser({ runDir, port, user: "root" }, "SELECT $1", ["v"])), rows);
    assert.deepEqual(postgres.asked, [
      ["root", "SELECT x"],
      ["root", "SELECT $1", "v"],
    ]);
    postgres.answer = () => ({ code: "42601" });
    await assert.rejects(soon(asSuperuser({ runDir, port, user: "root" }, "SELEC")), { code: "42601" });
    await ended(3);
  });
});
