import { connect, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { GuardCommand, GuardMessage } from "./guard";
import { lines } from "./lines";

/** The agent's end of the guard's socket. When the guard dies, PostgreSQL dies with it: reported as `exited`. */
export class GuardClient {
  private connecting: Promise<Socket> | undefined;
  private nextId = 1;
  private readonly waiting = new Map<
    number,
    { resolve: (epoch: number) => void; reject: (error: Error) => void }
  >();

  constructor(
    private readonly path: string,
    private readonly onExit: (epoch: number | undefined) => void,
  ) {}

  /** The epoch whose PostgreSQL runs after the command; 0 if none runs. */
  async ask(command: GuardCommand): Promise<number> {
    const socket = await this.connected();
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      socket.write(`${JSON.stringify({ id, ...command })}\n`);
    });
  }

  /** One connection at a time, however many callers ask for it: the guard takes a second one for a restarted agent. */
  private connected(): Promise<Socket> {
    this.connecting ??= this.connect();
    return this.connecting;
  }

  private async connect(): Promise<Socket> {
    for (;;) {
      const socket = connect(this.path);
      const opened = await new Promise<boolean>((resolve) => {
        socket.once("connect", () => resolve(true));
        socket.once("error", () => resolve(false));
      });
      if (opened) return this.adopt(socket);
      socket.destroy();
      await sleep(20);
    }
  }

  private adopt(socket: Socket): Socket {
    lines(socket, (line) => this.receive(JSON.parse(line) as GuardMessage));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.connecting = undefined;
      const lost = [...this.waiting.values()];
      this.waiting.clear();
      for (const { reject } of lost) reject(new Error("the guard is gone"));
      this.onExit(undefined);
    });
    return socket;
  }

  private receive(message: GuardMessage): void {
    if ("event" in message) return this.onExit(message.epoch);
    const asked = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error) asked?.reject(new Error(message.error));
    else asked?.resolve(message.epoch);
  }
}
