import { strict as assert } from "node:assert";
import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { agentFile } from "../../../../components/database/agent-file";
import { monotonicMs } from "../../../../functions/database/agent/config";
import { GuardClient } from "../../../../functions/database/agent/guard-client";
import { newFolder } from "../../../folder";
import { missing } from "../../../rig/failover/shell";
import { skip } from "../../../skip";

/** The real guard, with a program in PostgreSQL's place. */
describe("the guard of a database node", () => {
  let guard: ChildProcess;
  let client: GuardClient;
  before(function () {
    const lack = missing();
    if (lack) skip(this, "namespaces", lack);
    const folder = newFolder("guard");
    const config = path.join(folder, "config.json");
    const texts = ["node", "region", "table", "key", "virtualIp", "vpc", "user", "secretArn"];
    const commands = { attach: ["true"], try: ["true"], start: ["sleep", "60"], detach: ["true"] };
    writeFileSync(
      config,
      JSON.stringify({
        ...Object.fromEntries(texts.map((name) => [name, "x"])),
        ...commands,
        runDir: folder,
        port: 5432,
        password: { changeMs: 1, formerMs: 1 },
      }),
    );
    guard = spawn(process.execPath, [agentFile().path, "guard", config], { stdio: "ignore" });
    client = new GuardClient(path.join(folder, "guard.sock"), () => undefined);
  });
  after(async () => {
    if (!guard) return;
    await stop();
    guard.kill("SIGKILL");
    await once(guard, "exit");
  });

  const start = (record: string, epoch: number) =>
    client.ask({ do: "start", record, epoch, until: monotonicMs() + 30_000, free: "", initialised: true });
  const stop = () => client.ask({ do: "stop", how: "kill" });

  it("starts PostgreSQL for its last epoch or a newer one", async () => {
    assert.equal(await start("lease/1", 26), 26);
    await stop();
    assert.equal(await start("lease/1", 26), 26);
    await stop();
    await assert.rejects(start("lease/1", 25), { message: "epoch must be at least 26, got 25" });
  });

  it("starts over with the record of a recreated lease, and accepts no earlier one", async () => {
    assert.equal(await start("lease/2", 2), 2);
    await stop();
    await assert.rejects(start("lease/1", 27), {
      message: "the lease's record must be lease/2 or a new one, got lease/1, which was lost",
    });
    await assert.rejects(start("lease/2", 1), { message: "epoch must be at least 2, got 1" });
    assert.equal(await start("lease/2", 3), 3);
  });

  it("refuses a second PostgreSQL beside the running one", async () => {
    await assert.rejects(start("lease/2", 5), { message: "PostgreSQL of epoch 3 is still there" });
    await assert.rejects(start("lease/3", 1), { message: "PostgreSQL of epoch 3 is still there" });
  });
});
