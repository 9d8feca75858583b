import { ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Net, virtualIp } from "./net";
import { Secret } from "./storage";

export interface Ack {
  id: number;
  /** Of the machine's monotonic clock. */
  at: number;
  /** The postmaster that acknowledged it. */
  by: string;
}

/** A writer in the web host's namespace, and what it was told. */
export class Ledger {
  readonly acks: Ack[] = [];
  private child: ChildProcess | undefined;

  constructor(private readonly net: Net) {}

  start(secret: Secret, pauseMs = 10): void {
    const script = path.join(__dirname, "writer.ts");
    const words = [
      "netns",
      "exec",
      this.net.ns("web"),
      process.execPath,
      "-r",
      "ts-node/register/transpile-only",
    ];
    words.push(script, virtualIp, JSON.stringify(secret), "1", String(pauseMs));
    this.child = spawn("setpriv", ["--pdeathsig", "KILL", "ip", ...words], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let rest = "";
    this.child.stdout!.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.acks.push(JSON.parse(line) as Ack);
    });
  }

  /** Waits for an acknowledged write from now on that satisfies the condition. */
  async until(what: string, condition: (ack: Ack) => boolean, limitMs = 60_000): Promise<Ack> {
    for (let from = this.acks.length, waited = 0; waited < limitMs; waited += 5) {
      for (; from < this.acks.length; from++) if (condition(this.acks[from]!)) return this.acks[from]!;
      await sleep(5);
    }
    throw new Error(`${what} was not seen within ${limitMs / 1000} s`);
  }

  /** The longest time without an acknowledged write between two moments. */
  gap(from: number, to: number): number {
    const first = this.acks.findLastIndex((ack) => ack.at <= from);
    let longest = 0;
    for (let i = Math.max(first, 0) + 1; i < this.acks.length; i++) {
      if (this.acks[i - 1]!.at > to) break;
      longest = Math.max(longest, this.acks[i]!.at - this.acks[i - 1]!.at);
    }
    return longest;
  }

  last(): Ack {
    const ack = this.acks.at(-1);
    if (!ack) throw new Error("nothing was acknowledged yet");
    return ack;
  }

  stop(): void {
    this.child?.kill("SIGKILL");
  }
}
