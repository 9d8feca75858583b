import { sleep } from "../../sandbox/problem";

const EVERY_MS = 500;

/** Checks twice a second, from now on, whether something works, and measures how long it did not. */
export class Watch {
  private asked = 0;
  private failed = 0;
  /** Between two good answers: a request that waits long counts as well as one that fails. */
  private longestMs = 0;
  private goodAt = performance.now();
  private goodInRow = 0;
  private ended = false;
  private readonly work: Promise<void>;

  constructor(private readonly works: () => Promise<boolean>) {
    this.work = this.watch();
  }

  /** Stops, and returns what was seen in words. */
  async end(): Promise<string> {
    this.ended = true;
    await this.work;
    return `${this.failed} of ${this.asked} failed, and ${(this.longestMs / 1000).toFixed(1)} s was the longest time between two that did not`;
  }

  /** How many good answers came last, without a break. */
  get steady(): number {
    return this.goodInRow;
  }

  private async watch(): Promise<void> {
    while (!this.ended) {
      const works = await this.works().catch(() => false);
      this.asked += 1;
      this.longestMs = Math.max(this.longestMs, performance.now() - this.goodAt);
      if (works) {
        this.goodAt = performance.now();
        this.goodInRow += 1;
      } else {
        this.failed += 1;
        this.goodInRow = 0;
      }
      await sleep(EVERY_MS);
    }
  }
}
