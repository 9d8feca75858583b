import { strict as assert } from "node:assert";
import { rmSync } from "node:fs";
import { createServer, Server, Socket } from "node:net";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { GuardCommand } from "../../../../functions/database/agent/guard";
import { GuardClient } from "../../../../functions/database/agent/guard-client";
import { lines } from "../../../../functions/database/agent/lines";
import { until } from "../../../../sandbox/problem";
import { soon } from "../../waits";
import { newFolder } from "../../../folder";

type Asked = { id: number; do: string };

/** A guard that answers as it is told to. */
class StandIn {
  readonly folder = newFolder("guard");
  readonly path = path.join(this.folder, "socket");
  readonly sockets: Socket[] = [];
  readonly asked: Asked[] = [];
  answer: (asked: Asked) => object | undefined = ({ id }) => ({ id, epoch: 4 });
  private server?: Server;

  async listen(): Promise<void> {
    this.server = createServer((socket) => {
      this.sockets.push(socket);
      lines(socket, (line) => {
        const asked = JSON.parse(line) as Asked;
        this.asked.push(asked);
        const answer = this.answer(asked);
        if (answer) this.say(answer);
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(this.path, resolve));
  }

  say(message: object): void {
    this.sockets.at(-1)!.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe("the agent's end of the guard's socket", () => {
  let guard: StandIn;
  let exits: (number | undefined)[];
  let client: GuardClient;
  beforeEach(() => {
    guard = new StandIn();
    exits = [];
    client = new GuardClient(guard.path, (epoch) => void exits.push(epoch));
  });
  afterEach(() => guard.close());
  const ask = (command: GuardCommand) => soon(client.ask(command));

  it("waits for a guard that is not up yet, and uses one connection", async () => {
    const start = { do: "start", epoch: 4, until: 9, record: "t/1", free: "", initialised: true } as const;
    const early = Promise.all([ask({ do: "status" }), ask({ do: "stop", how: "clean" })]);
    await pause(50);
    await guard.listen();
    assert.deepEqual(await early, [4, 4]);
    assert.equal(await ask(start), 4);
    assert.equal(guard.sockets.length, 1);
    assert.deepEqual(guard.asked, [
      { id: 1, do: "status" },
      { id: 2, do: "stop", how: "clean" },
      { id: 3, ...start },
    ]);
  });

  it("gives each command its own answer, in any order", async () => {
    await guard.listen();
    guard.answer = () => undefined;
    const both = Promise.all([ask({ do: "status" }), ask({ do: "status" })]);
    await until("A question", () => guard.asked.length === 2, { seconds: 5, everyMs: 5 });
    guard.say({ id: 2, epoch: 20 });
    guard.say({ id: 99, epoch: 7 });
    guard.say({ id: 1, epoch: 10 });
    assert.deepEqual(await both, [10, 20]);
  });

  it("fails a command with the guard's own words", async () => {
    await guard.listen();
    guard.answer = ({ id }) => ({ id, epoch: 0, error: "still there" });
    await assert.rejects(ask({ do: "status" }), { message: "still there" });
    guard.say({ id: 99, epoch: 0, error: "nobody asked" });
    guard.answer = ({ id }) => ({ id, epoch: 3 });
    assert.equal(await ask({ do: "status" }), 3);
  });

  it("reports that PostgreSQL has ended, and which one", async () => {
    await guard.listen();
    await ask({ do: "status" });
    guard.say({ event: "exited", epoch: 6 });
    await until("An end", () => exits.length > 0, { seconds: 5, everyMs: 5 });
    assert.deepEqual(exits, [6]);
  });

  it("treats a lost guard as the end of PostgreSQL, fails pending commands, and reconnects", async () => {
    await guard.listen();
    guard.answer = () => undefined;
    const lost = assert.rejects(ask({ do: "status" }), { message: "the guard is gone" });
    await until("A question", () => guard.asked.length === 1, { seconds: 5, everyMs: 5 });
    guard.sockets[0]!.destroy();
    await lost;
    assert.deepEqual(exits, [undefined]);
    guard.answer = ({ id }) => ({ id, epoch: 5 });
    assert.equal(await ask({ do: "status" }), 5);
    assert.equal(guard.sockets.length, 2);
  });
});
