import data from "./price-list.json";

export type PriceName = keyof typeof data.prices;
/** What depends on usage of the platform, and the assumed usage in a month. */
export type Usage = keyof typeof data.assumed;

export const REGIONS = ["us-east-1", "eu-west-1"] as const;
export type Region = (typeof REGIONS)[number];
const ELSEWHERE: Region = "eu-west-1";

/** The region whose prices stand in for another one's. */
export const pricedAs = (region: string): Region =>
  (REGIONS as readonly string[]).includes(region) ? (region as Region) : ELSEWHERE;

export const priceOf = (name: PriceName, region: Region): number => data.prices[name][region];
export const isPriced = (name: string): name is PriceName => name in data.prices;
export const ASSUMED: Record<Usage, number> = data.assumed;
export const { read, sources } = data;
