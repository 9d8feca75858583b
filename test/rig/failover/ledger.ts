import { ChildProcess, spawn } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { Ack, Acks } from "./acks";
import { Net, virtualIp } from "./net";

export interface Secret {
  username: string;
  password: string;
  dbname: string;
  /** Whom to trust; without it there is no TLS. */
  ca?: string;
}

/** A writer in the web host's namespace that speaks to PostgreSQL itself, and what it was told. */
export class Ledger extends Acks {
  private child: ChildProcess | undefined;
  private secretFile = "";

  constructor(private readonly net: Net) {
    super();
  }

  start(folder: string, secret: Secret, pauseMs = 10): void {
    this.secretFile = path.join(folder, "ledger.json");
    this.use(secret);
    const script = path.join(__dirname, "writer.ts");
    const words = [
      "netns",
      "exec",
      this.net.ns("web"),
      process.execPath,
      "-r",
      "ts-node/register/transpile-only",
    ];
    words.push(script, virtualIp, this.secretFile, "1", String(pauseMs));
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

  /** From the next connection on. */
  use(secret: Secret): void {
    writeFileSync(`${this.secretFile}.new`, JSON.stringify(secret));
    renameSync(`${this.secretFile}.new`, this.secretFile);
  }

  stop(): void {
    this.child?.kill("SIGKILL");
  }
}
