import * as http from "node:http";
import * as https from "node:https";
import { sleep } from "../../sandbox/problem";

/** The clients' answers in one second of the run. */
export interface Second {
  served: number;
  /** 429: the platform limits the requests of one address. */
  heldBack: number;
  /** Any other answer but 200, and none at all. */
  failed: number;
  /** Of the successful ones. */
  milliseconds: number[];
}

const ANSWER_MS = 60_000;
/** A refusal comes at once: without a pause the clients would do nothing else. */
const PAUSE_MS = 1_000;

/** Clients that send the next request as soon as they have an answer, until they are told to stop. */
export class Traffic {
  /** By second since the start; undefined if nobody was answered. */
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

  /** Ends with the last answer. */
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

/** On this machine each client has its own address, if the system has enough: a server limits the requests of one address. */
const addressOf = (url: string, index: number): string | undefined =>
  process.platform === "linux" && /^http:\/\/(127\.|localhost\b)/.test(url)
    ? `127.0.${Math.floor(index / 250)}.${2 + (index % 250)}`
    : undefined;
