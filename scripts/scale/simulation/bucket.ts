/** How AWS limits calls: a token bucket, which refills by this many a second. */
export class Bucket {
  private tokens: number;
  private at = 0;

  constructor(
    private readonly size: number,
    private readonly perSecond: number,
  ) {
    this.tokens = size;
  }

  /** Whether a call is allowed at this moment. */
  take(now: number): boolean {
    this.tokens = Math.min(this.size, this.tokens + ((now - this.at) / 1000) * this.perSecond);
    this.at = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}
