export { percentile } from "../scripts/load/percentile";

/** One result of a benchmark, beside a peer's where there is one. */
export interface Figure {
  bench: string;
  /** What was measured, with its unit. */
  figure: string;
  ours: number;
  peer?: number | null;
  peerName?: string | null;
  /** Ours over the peer's. */
  ratio?: number | null;
  /** What we promise, such as `<= 3`, of ours or, where it says so, of the ratio. */
  goal: string;
}

/** What a folder of bench/ exports from its index.ts. */
export interface Benchmark {
  /** What it measures, in one line. */
  about: string;
  run(args: string[]): Promise<Figure[]>;
}

/** Whether a figure keeps its goal; a goal of another form has to be judged by a reader. */
export function keepsGoal({ goal, ours, ratio }: Figure): boolean | undefined {
  const [, what, relation, limit] = /^(ratio )?(<=|>=) ([\d.]+)$/.exec(goal) ?? [];
  const value = what ? ratio : ours;
  if (limit === undefined || value === undefined || value === null) return undefined;
  return relation === "<=" ? value <= Number(limit) : value >= Number(limit);
}

/** A number as short as it stays honest: three digits, and no whole one is cut. */
export const rounded = (value: number) =>
  Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
