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
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly socket: string) {}

  listen(): Promise<void> {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      lines(socket, (line) => {
        const { id, do: what } = JSON.parse(line) as { id: number; do: string };
        this.asked.push(what);
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
function store(): AgentPorts["store"] {
  let lease: Lease | undefined;
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

  it("starts nothing when its guard comes back after the start was given up", async () => {
    const guard = new RecordingGuard(path.join(folder, "guard.sock"));
    await guard.listen();
    const agent = new Agent({ node: "i-a", runDir: folder, timing: defaultTiming } as AgentConfig, {
      store: store(),
      cloud: { acceptVirtualIp: async () => {}, route: async () => [], fence: async () => true },
      health: async () => "silent",
      checkpoint: async () => {},
      keepPassword: async () => "kept",
      tryData: async () => true,
      report: async () => {},
    });
    const left = agent.run();
    await until("The start", () => guard.asked, { wanted: (asked) => asked.includes("start"), everyMs: 10 });
    agent.leave();
    // Longer than a renewal, so that the agent is already stopping, and waits for a guard.
    await sleep(2 * defaultTiming.renewMs);
    guard.asked.length = 0;
    await guard.listen();
    await left;
    guard.die();
    // Renewals that waited for the guard come too; it ignores those of an epoch that it did not start.
    assert.deepEqual(new Set(guard.asked), new Set(["status", "stop", "extend"]));
  });
});
