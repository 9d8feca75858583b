/** Between two looks while something moves, and when nothing has for CALM_AFTER_MS: each look costs the emulators processor time. */
const SOON_MS = 500;
const CALM_MS = 1_500;
const CALM_AFTER_MS = 10_000;

/** How long to wait until the next look, by what the looks have seen. */
export class Pace {
  private readonly seen = new Map<string, string>();
  private movedAt: number;

  constructor(private readonly now: () => number = Date.now) {
    this.movedAt = now();
  }

  /** Takes what a look has seen; looks of the same kind are compared. */
  saw(kind: string, what: unknown): void {
    const text = JSON.stringify(what);
    if (this.seen.get(kind) !== text) this.movedAt = this.now();
    this.seen.set(kind, text);
  }

  get waitMs(): number {
    return this.now() - this.movedAt < CALM_AFTER_MS ? SOON_MS : CALM_MS;
  }
}
