/** The emulators' report about a function's call: its beginning, its calls to AWS, its end. */
export interface Told {
  /** The id of the call, which its log has as well. */
  call: string;
  began?: { function: string; at: number; woken: Woken };
  asked?: { service: string; operation: string; failed: boolean };
  ended?: { ms: number; failed: boolean; answered?: number };
}

/** What triggered a function: emulators/woken.py. */
export interface Woken {
  by:
    | "request"
    | "authorizer"
    | "queue"
    | "bucket"
    | "topic"
    | "pool"
    | "rule"
    | "schedule"
    | "state"
    | "event"
    | "pipeline"
    | "caller";
  /** Which of them, by its AWS name. */
  of?: string;
  more?: string;
}

/** In words, with the program's own names if they exist. */
export function inWords({ by, of = "", more = "" }: Woken, nameOf: (physical: string) => string): string {
  const name = of && nameOf(of);
  switch (by) {
    case "request":
      return more;
    case "authorizer":
      return `whether to let in ${more}`;
    case "state":
      return `state ${more} of ${name}`;
    case "event":
      return `event ${more}`;
    case "pipeline":
      return "action of the pipeline";
    case "caller":
      return name ? `call by ${name}` : "call by the sandbox or by hand";
    default:
      return [`${by === "pool" ? "user pool" : by} ${name}`, more].filter(Boolean).join(", ");
  }
}
