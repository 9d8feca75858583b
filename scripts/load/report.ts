import { percentile } from "./percentile";
import { CpuPoint, Look } from "./surroundings";
import { Second } from "./traffic";

/** A section of the run, with what the clients saw in it. */
export interface Stretch {
  /** Seconds since the start. */
  at: number;
  servedPerSecond: number;
  heldBackPerSecond: number;
  failedPerSecond: number;
  /** Absent if nobody was served. */
  p50Ms?: number;
  p99Ms?: number;
}

export interface Report {
  site: string;
  started: string;
  clients: number;
  /** How long the clients sent requests, and the length of the whole observation. */
  loadSeconds: number;
  seconds: number;
  served: number;
  heldBack: number;
  failed: number;
  stretches: Stretch[];
  /** Absent if only the site is known. */
  group?: { name: string; looks: Look[]; cpu: CpuPoint[] };
}

/** The number of points drawn per line. */
const STRETCHES = 120;

export function stretchesOf(seconds: (Second | undefined)[]): Stretch[] {
  const length = Math.max(1, Math.ceil(seconds.length / STRETCHES));
  return Array.from({ length: Math.ceil(seconds.length / length) }, (_, index) => {
    const part = seconds.slice(index * length, (index + 1) * length);
    const each = part.filter((second) => second !== undefined);
    const times = each.flatMap(({ milliseconds }) => milliseconds);
    return {
      at: index * length,
      servedPerSecond: sumOf(each, "served") / part.length,
      heldBackPerSecond: sumOf(each, "heldBack") / part.length,
      failedPerSecond: sumOf(each, "failed") / part.length,
      ...(times.length > 0 && { p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99) }),
    };
  });
}

export const sumOf = (seconds: (Second | undefined)[], what: "served" | "heldBack" | "failed"): number =>
  seconds.reduce((sum, second) => sum + (second?.[what] ?? 0), 0);

/** What a person wants to know first. */
export function summaryOf({ served, heldBack, failed, loadSeconds, stretches, group }: Report): string[] {
  const slowest = Math.max(0, ...stretches.map(({ p99Ms = 0 }) => p99Ms));
  const sizes = group?.looks.map(({ inService }) => inService) ?? [];
  const rang = new Set(
    group?.looks.flatMap(({ alarms }) => Object.keys(alarms).filter((name) => alarms[name] === "ALARM")),
  );
  return [
    `${served} answers in ${Math.round(loadSeconds)} s, ${(served / loadSeconds).toFixed(1)} a second; the slowest stretch had a p99 of ${Math.round(slowest)} ms`,
    ...(failed > 0 ? [`${failed} requests failed`] : []),
    ...(heldBack > 0
      ? [`${heldBack} requests were held back (429): the platform bounds what one address may ask`]
      : []),
    ...(sizes.length > 0
      ? [
          `servers in service: ${sizes[0]} at the start, at most ${Math.max(...sizes)}, ${sizes.at(-1)} at the end`,
        ]
      : []),
    ...(group ? [`alarms that rang: ${[...rang].join(", ") || "none"}`] : []),
  ];
}
