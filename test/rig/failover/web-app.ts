import { ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../../../functions/database/agent/config";
import bundle from "../../../webapp/bundle.cjs";
import { Acks } from "./acks";
import { Net } from "./net";

const port = 8080;
/** Requests at a time: one that waits for a dead connection must not hold up what the next one finds. */
const lanes = 2;
const pauseMs = 25;
const limitMs = 8000;

/**
 * The real web app on the web host, and visitors who add users. No name is ever asked for twice, so every one that was
 * answered with 201 is there once, and none may be refused as taken.
 */
export class WebApp extends Acks {
  private child: ChildProcess | undefined;
  private readonly agent = new http.Agent({ keepAlive: true });
  private visiting = false;
  private next = 1;
  /** Names that were refused as taken: the app had written them, and wrote again. */
  readonly repeated: number[] = [];

  constructor(private readonly net: Net) {
    super();
  }

  async start(folder: string, environment: Record<string, string>): Promise<void> {
    const file = await bundle(path.join(folder, "webapp"));
    const log = openSync(path.join(folder, "webapp.log"), "a");
    const words = ["netns", "exec", this.net.ns("web"), process.execPath, file];
    this.child = spawn("setpriv", ["--pdeathsig", "KILL", "ip", ...words], {
      stdio: ["ignore", log, log],
      env: {
        ...{ PATH: process.env.PATH, LOG_LEVEL: "warn", INSTANCE_NAME: "web" },
        ...{ HOST: "0.0.0.0", PORT: String(port), RATE_LIMIT_PER_MINUTE: "1000000000" },
        ...environment,
      },
    });
    this.visiting = true;
    for (let lane = 0; lane < lanes; lane++) void this.visit();
  }

  stop(): void {
    this.visiting = false;
    this.agent.destroy();
    this.child?.kill("SIGKILL");
  }

  private async visit(): Promise<void> {
    for (; this.visiting; await sleep(pauseMs)) {
      const id = this.next++;
      const status = await this.add(id).catch(() => 0);
      if (status === 201) this.acks.push({ id, at: monotonicMs() });
      if (status === 409) this.repeated.push(id);
    }
  }

  private add(id: number): Promise<number> {
    const body = JSON.stringify({ username: `visitor-${id}`, email: `visitor-${id}@example.com` });
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          ...{ host: this.net.address("web"), port, path: "/users", method: "POST", headers },
          ...{ agent: this.agent, timeout: limitMs },
        },
        (answer) => {
          answer.resume();
          answer.on("end", () => resolve(answer.statusCode!));
          answer.on("error", reject);
        },
      );
      request.on("timeout", () => request.destroy());
      request.on("error", reject);
      request.end(body);
    });
  }
}
