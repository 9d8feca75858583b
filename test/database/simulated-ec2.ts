/** What EC2 does to a host. */
export interface Effects {
  /** A stop was accepted. */
  accepted(name: string): void;
  /** Its power is gone: some time before EC2 says so. */
  off(name: string): void;
  on(name: string): void;
}

/** An instance that was stopped is started again after this long, as a replacement would be. */
const replacedMs = 3000;

/** EC2 as it stops instances by force: at once accepted, off at some moment, confirmed later. */
export class Ec2 {
  private readonly states = new Map<string, "stopping" | "stopped">();

  constructor(
    private readonly confirmMs: number,
    private readonly random: () => number,
    private readonly later: (ms: number, run: () => void) => void,
    private readonly effects: Effects,
  ) {}

  runs(name: string): boolean {
    return !this.states.has(name);
  }

  /** A stop, a look `lookMs` later, and what was seen after as long again. */
  fence(name: string, lookMs: number, seenOff: () => void): void {
    if (this.confirmMs === Infinity) return;
    if (this.runs(name)) this.stop(name);
    this.later(lookMs, () => {
      if (this.states.get(name) === "stopped") this.later(lookMs, seenOff);
    });
  }

  private stop(name: string): void {
    this.states.set(name, "stopping");
    this.effects.accepted(name);
    this.later(this.random() * this.confirmMs, () => this.effects.off(name));
    this.later(this.confirmMs, () => {
      this.effects.off(name);
      this.states.set(name, "stopped");
      this.later(replacedMs, () => {
        this.states.delete(name);
        this.effects.on(name);
      });
    });
  }
}
