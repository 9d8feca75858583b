/** The role of a moment in the story of a failure. */
export type Stage = "failure" | "detection" | "alarm" | "replacement" | "recovery";

export interface Moment {
  stage: Stage;
  /** In milliseconds since 1970. */
  at: number;
  words: string;
}

export interface Incident {
  /** What was done, or what was seen first. */
  title: string;
  began: number;
  moments: Moment[];
  /** When all was well again. */
  over?: number;
}

/** Reports what just happened. */
export type Tell = (stage: Stage, words: string, at?: number) => void;

export interface Answers {
  answered: number;
  failed: number;
}

const KEPT = 10;
const MOST_MOMENTS = 60;

/** Failures and their outcome: an incident begins with a failure, and every report belongs to it until all is well. */
export class Timeline {
  private readonly incidents: Incident[] = [];
  private readonly holds = new Set<symbol>();
  private before: Answers = { answered: 0, failed: 0 };

  constructor(
    /** The load balancer's answers since its start. */
    private readonly answers: () => Answers,
    private readonly now: () => number = Date.now,
  ) {}

  /** The newest first. */
  get all(): Incident[] {
    return [...this.incidents].reverse();
  }

  get open(): Incident | undefined {
    const last = this.incidents.at(-1);
    return last?.over === undefined ? last : undefined;
  }

  /** Somebody does something to the stack: an open incident continues, and includes it. */
  readonly begin = (title: string): void => {
    if (this.open) return this.tell("failure", title);
    this.incidents.push({ title, began: this.now(), moments: [] });
    const { answered, failed } = this.answers();
    this.before = { answered, failed };
    if (this.incidents.length > KEPT) this.incidents.shift();
  };

  /** An unintended failure begins an incident; anything else is reported only during one. */
  readonly tell: Tell = (stage, words, at = this.now()) => {
    if (!this.open) {
      if (stage !== "failure") return;
      this.begin(words.charAt(0).toUpperCase() + words.slice(1));
    }
    const { moments } = this.open!;
    const isKnown = moments.some((one) => one.stage === stage && one.words === words);
    if (!isKnown && moments.length < MOST_MOMENTS) moments.push({ stage, words, at });
  };

  /** Keeps the incident open, whatever the stack's state; returns a function that lets it end. */
  hold(): () => void {
    const hold = Symbol();
    this.holds.add(hold);
    return () => void this.holds.delete(hold);
  }

  /** Takes in what the stack lacks: an incident is over when that is nothing more. */
  look(lacks: string | undefined): void {
    const { open } = this;
    if (!open || lacks !== undefined || this.holds.size > 0 || open.moments.length === 0) return;
    open.over = this.now();
    open.moments.push({ stage: "recovery", at: open.over, words: `all is well again: ${this.meanwhile()}` });
  }

  private meanwhile(): string {
    const { answered, failed } = this.answers();
    const [all, bad] = [answered - this.before.answered, failed - this.before.failed];
    if (all === 0) return "nobody asked the site meanwhile";
    return `${bad === 0 ? "none" : bad} of ${all} request${all === 1 ? "" : "s"} failed meanwhile`;
  }
}
