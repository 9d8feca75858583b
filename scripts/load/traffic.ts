import * as http from "node:http";
import * as https from "node:https";
import { sleep } from "../../sandbox/problem";

/** What the clients were answered in one second of the run. */
export interface Second {
  served: number;
  /** 429: the platform bounds what one address may ask. */
  heldBack: number;
  /** Any other answer but 200, and none at all. */
  failed: number;
  /** Of those that were served. */
  milliseconds: number[];
}

const ANSWER_MS = 60_000;
/** A refusal is answered at once: without a pause it would be all that the clients do. */
const PAUSE_MS = 1_000;

/** Clients that ask again as soon as they are answered, until they are told to stop. */
export class Traffic {
  /** By the second since the start; undefined where nobody was answered. */
  readonly seconds: (Second | undefined)[] = [];
  private readonly started = performance.now();
  private readonly agent: http.Agent;
  private readonly clients: Promise<unknown>;
  private ended = false;

  constructor(
    private readonly url: string,
    clients: number,
  ) {
    this.agent = new (url.startsWith("https:") ? https : http).Agent({ keepAlive: true });
    this.clients = Promise.all(Array.from({ length: clients }, (_, index) => this.client(index)));
  }

  /** Ends when the last answer is there. */
  async stop(): Promise<void> {
    this.ended = true;
    await this.clients;
    this.agent.destroy();
  }

  private async client(index: number): Promise<void> {
    while (!this.ended) {
      const asked = performance.now();
      const status = await this.ask(index);
      const second = this.now();
      if (status === 200) {
        second.served += 1;
        second.milliseconds.push(performance.now() - asked);
        continue;
      }
      if (status === 429) second.heldBack += 1;
      else second.failed += 1;
      await sleep(PAUSE_MS);
    }
  }

  private now(): Second {
    const index = Math.floor((performance.now() - this.started) / 1_000);
    return (this.seconds[index] ??= { served: 0, heldBack: 0, failed: 0, milliseconds: [] });
  }

  private ask(index: number): Promise<number | undefined> {
    return new Promise((resolve) => {
      const options = { agent: this.agent, localAddress: addressOf(this.url, index), timeout: ANSWER_MS };
      const request = (this.url.startsWith("https:") ? https : http).get(this.url, options, (answer) => {
        answer.resume().on("close", () => resolve(answer.complete ? answer.statusCode : undefined));
      });
      request.on("timeout", () => request.destroy()).on("error", () => resolve(undefined));
    });
  }
}

/** On this machine each client has an address of its own, where the system has so many: a server bounds what one may ask. */
const addressOf = (url: string, index: number): string | undefined =>
  process.platform === "linux" && /^http:\/\/(127\.|localhost\b)/.test(url)
    ? `127.0.${Math.floor(index / 250)}.${2 + (index % 250)}`
    : undefined;
