/** How many seconds are kept. */
export const SECONDS = 60;

/** Counts answers, and failed ones among them, for each of the last seconds and since the start. */
export class Traffic {
  answered = 0;
  failed = 0;
  private readonly seconds = new Map<number, { answered: number; failed: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  count(ok: boolean): void {
    const second = Math.floor(this.now() / 1000);
    const one = this.seconds.get(second) ?? { answered: 0, failed: 0 };
    this.seconds.set(second, one);
    one.answered++;
    this.answered++;
    if (!ok) {
      one.failed++;
      this.failed++;
    }
    for (const known of this.seconds.keys()) {
      if (known > second - 2 * SECONDS) break;
      this.seconds.delete(known);
    }
  }

  /** The last whole seconds, oldest first. */
  get last(): { answered: number[]; failed: number[] } {
    const end = Math.floor(this.now() / 1000);
    const seconds = Array.from({ length: SECONDS }, (_, index) => this.seconds.get(end - SECONDS + index));
    return {
      answered: seconds.map((one) => one?.answered ?? 0),
      failed: seconds.map((one) => one?.failed ?? 0),
    };
  }
}
