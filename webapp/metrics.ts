export interface Gauges {
  eventLoopDelayMs: number;
  waitingNumbers: number;
  residentBytes: number;
}

export interface Report extends Gauges {
  namespace: string;
  instance: string;
  at: number;
}

// The limit of embedded metric format for one metric; CloudWatch computes percentiles from the values.
const SAMPLES = 100;

const UNITS = {
  Requests: "Count",
  ClientErrors: "Count",
  ServerErrors: "Count",
  Latency: "Milliseconds",
  EventLoopDelay: "Milliseconds",
  WaitingNumbers: "Count",
  ResidentMemory: "Bytes",
} as const;

/** Requests served since the last report. */
export class RequestMetrics {
  private requests = 0;
  private clientErrors = 0;
  private serverErrors = 0;
  private latencies: number[] = [];

  constructor(private readonly random: () => number = Math.random) {}

  count(statusCode: number, milliseconds: number): void {
    this.requests += 1;
    if (statusCode >= 500) this.serverErrors += 1;
    else if (statusCode >= 400) this.clientErrors += 1;
    // A reservoir: each request of the period has the same chance to be among the samples.
    const slot = this.requests <= SAMPLES ? this.requests - 1 : Math.floor(this.random() * this.requests);
    if (slot < SAMPLES) this.latencies[slot] = milliseconds;
  }

  /** Returns one JSON line and resets the counts. */
  take({ namespace, instance, at, ...gauges }: Report): string {
    const values = {
      Requests: this.requests,
      ClientErrors: this.clientErrors,
      ServerErrors: this.serverErrors,
      ...(this.latencies.length > 0 && { Latency: this.latencies.map(rounded) }),
      EventLoopDelay: rounded(gauges.eventLoopDelayMs),
      WaitingNumbers: gauges.waitingNumbers,
      ResidentMemory: gauges.residentBytes,
    };
    this.requests = this.clientErrors = this.serverErrors = 0;
    this.latencies = [];
    const metrics = (Object.keys(values) as (keyof typeof UNITS)[]).map((Name) => ({
      Name,
      Unit: UNITS[Name],
    }));
    return JSON.stringify({
      // One dimension for all instances together: each further dimension is billed as a separate metric.
      _aws: {
        Timestamp: at,
        CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [["Service"]], Metrics: metrics }],
      },
      Service: "web",
      Instance: instance,
      ...values,
    });
  }
}

const rounded = (milliseconds: number): number => Math.round(milliseconds * 100) / 100;
