import type { Client } from "pg";
import { until } from "../../../sandbox/problem";
import type { Site } from "./site";

/** A writer that notes what PostgreSQL has acknowledged, and when. */
export class Load {
  readonly acknowledged: { id: number; at: number; ms: number }[] = [];
  private client?: Client;
  private writing?: Promise<void>;
  private on = false;
  private next = 1;

  constructor(
    private readonly site: Site,
    private readonly payload = 200,
  ) {}

  async start(): Promise<void> {
    await this.site.query("CREATE TABLE ledger (id bigint PRIMARY KEY, payload text)");
    this.client = this.site.client();
    await this.client.connect();
    this.go();
    await this.more(1);
  }

  go(): void {
    this.on = true;
    this.writing = this.write();
  }

  /** Ends when nothing is under way any more. */
  async pause(): Promise<void> {
    this.on = false;
    await this.writing;
  }

  async more(count: number): Promise<void> {
    const wanted = this.acknowledged.length + count;
    await until("the acknowledgement of more writes", () => this.acknowledged.length >= wanted || undefined, {
      seconds: 60,
      everyMs: 5,
    });
  }

  async stop(): Promise<void> {
    await this.pause();
    await this.client?.end();
    this.client = undefined;
  }

  private async write(): Promise<void> {
    while (this.on) {
      const id = this.next++;
      const began = performance.now();
      await this.client!.query("INSERT INTO ledger VALUES ($1, $2)", [id, "x".repeat(this.payload)]);
      this.acknowledged.push({ id, at: Date.now(), ms: performance.now() - began });
    }
  }
}
