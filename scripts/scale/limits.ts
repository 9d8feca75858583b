import data from "./published-limits.json";

/** An AWS limit, by an account's defaults in eu-west-1. */
export interface Limit {
  key: string;
  service: string;
  what: string;
  most: number;
  /** The burst that is allowed before `most` a second applies. */
  burst?: number;
  unit: string;
  /** Whether AWS raises it on request. */
  raisable: boolean;
  /** Read on the page or on an earlier version of it; from knowledge; or assumed, because AWS does not say. */
  known: "read" | "knowledge" | "assumed";
  page: string;
}

export const LIMITS = data as Limit[];

export function limit(key: string): Limit {
  const found = LIMITS.find((one) => one.key === key);
  if (!found) throw new Error(`scripts/scale/published-limits.json has no limit ${JSON.stringify(key)}`);
  return found;
}

export const most = (key: string): number => limit(key).most;
