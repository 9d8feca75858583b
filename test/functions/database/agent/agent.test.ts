import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, Server, Socket } from "node:net";
import * as path from "node:path";
import { Agent, AgentPorts } from "../../../../functions/database/agent/agent";
import type { AgentConfig } from "../../../../functions/database/agent/config";
import { lines } from "../../../../functions/database/agent/lines";
import { defaultTiming, Lease } from "../../../../functions/database/lease";
import { sleep, until } from "../../../../sandbox/problem";

/** Stands in for the guard: writes down what it is asked, says that it is done, and dies of a start. */
class RecordingGuard {
  readonly asked: string[] = [];
  /** What the last start was told. */
  told: Record<string, unknown> = {};
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly socket: string) {}

  listen(): Promise<void> {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      lines(socket, (line) => {
        const { id, do: what, ...more } = JSON.parse(line) as { id: number; do: string };
        this.asked.push(what);
        if (what === "start") this.told = more;
        if (what === "start") this.die();
        else socket.write(`${JSON.stringify({ id, epoch: 0 })}\n`);
      });
    });
    return new Promise((resolve) => this.server!.listen(this.socket, resolve));
  }

  die(): void {
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }
}

/** A lease that every node gets at once. */
function store(lease?: Lease): AgentPorts["store"] {
  const changed = async (change: Partial<Lease>) => (lease = { ...lease!, ...change, beat: lease!.beat + 1 });
  return {
    read: async () => lease,
    take: async (_expect, next) => (lease = next),
    renew: () => changed({}),
    release: () => changed({ holder: "" }),
    clear: () => changed({ suspects: [] }),
  };
}

describe("The agent of a database node", () => {
  let folder: string;
  before(() => {
    const parent = path.resolve(__dirname, "../../../../.test");
    mkdirSync(parent, { recursive: true });
    folder = mkdtempSync(path.join(parent, "agent-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const agentOn = (name: string, ports: Partial<AgentPorts>) =>
    new Agent(
      { node: "i-a", table: "lease", runDir: path.join(folder, name), timing: defaultTiming } as AgentConfig,
      {
        store: store(),
        cloud: { acceptVirtualIp: async () => {}, route: async () => [], fence: async () => true },
        health: async () => "silent",
        checkpoint: async () => {},
        keepPassword: async () => "kept",
        tryData: async () => true,
        report: async () => {},
        ...ports,
      },
    );

  async function gone(agent: Agent, guard: RecordingGuard, left: Promise<void>) {
    agent.leave();
    // Longer than a renewal, so that the agent is already stopping, and waits for a guard.
    await sleep(2 * defaultTiming.renewMs);
    guard.asked.length = 0;
    await guard.listen();
    await left;
    guard.die();
  }

  it("has its guard start with what the lease says of the data, under a record that is its own table's", async () => {
    const before: Lease = {
      ...{ record: "", free: "lease/old 3", initialised: true, epoch: 6, beat: 1, holder: "", suspects: [] },
      ...{ leaseMs: 2000, phase: "", wanted: "", healthy: false },
    };
    const start = async (name: string, lease: Lease | undefined) => {
      mkdirSync(path.join(folder, name));
      const guard = new RecordingGuard(path.join(folder, name, "guard.sock"));
      await guard.listen();
      const agent = agentOn(name, { store: store(lease) });
      const left = agent.run();
      await until("The start", () => guard.asked, {
        wanted: (asked) => asked.includes("start"),
        everyMs: 10,
      });
      await gone(agent, guard, left);
      const { epoch, record, free, initialised } = guard.told;
      return { epoch, record: String(record), free, initialised };
    };
    const same = { epoch: 7, free: "lease/old 3", initialised: true };
    const own = await start("own", { ...before, record: "lease/1" });
    assert.deepEqual(own, { ...same, record: "lease/1" });
    // A table that was restored under another name, and one that is empty.
    const copied = await start("copied", { ...before, record: "lease-copy/1" });
    assert.match(copied.record, /^lease\/[0-9a-f-]{36}$/);
    const first = await start("first", undefined);
    assert.match(first.record, /^lease\/[0-9a-f-]{36}$/);
    assert.deepEqual({ ...first, record: "" }, { epoch: 1, record: "", free: "", initialised: false });
  });

  it("says whether it reaches the data, at once", async () => {
    for (const reached of [true, false]) {
      const name = `report-${reached}`;
      mkdirSync(path.join(folder, name));
      const guard = new RecordingGuard(path.join(folder, name, "guard.sock"));
      await guard.listen();
      const reports: boolean[] = [];
      const agent = agentOn(name, {
        store: { ...store(), take: async () => "refused" },
        tryData: async () => reached,
        report: async (ready) => void reports.push(ready),
      });
      const left = agent.run();
      await until("A report", () => reports.length > 0, { everyMs: 10 });
      agent.leave();
      await left;
      guard.die();
      assert.deepEqual(reports, [reached]);
    }
  });

  it("starts nothing when its guard comes back after the start was given up", async () => {
    const guard = new RecordingGuard(path.join(folder, "guard.sock"));
    await guard.listen();
    const agent = agentOn("", {});
    const left = agent.run();
    await until("The start", () => guard.asked, { wanted: (asked) => asked.includes("start"), everyMs: 10 });
    await gone(agent, guard, left);
    // Renewals that waited for the guard come too; it ignores those of an epoch that it did not start.
    assert.deepEqual(new Set(guard.asked), new Set(["status", "stop", "extend"]));
  });
});
