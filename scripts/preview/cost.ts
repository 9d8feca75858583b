import { type Item, ROWS } from "./cost-rows";
import { priceOf, pricedAs } from "./prices";
import type { Resource } from "./resource";

/** What one resource costs for one reason, in US dollars a month. */
export interface Cost {
  resource: Resource;
  what: string;
  usd: number;
  /** Whether it depends on how much the platform is used, and how much that is taken to be. */
  assumed: boolean;
}

/** What a stack's resources cost a month, by list prices and on demand. */
export function costsOf(resources: Resource[], region: string): Cost[] {
  const prices = pricedAs(region);
  return resources.flatMap((resource) =>
    (ROWS[resource.type]?.(resource, resources) ?? []).map(({ price, times, usage }: Item) => ({
      resource,
      what: price,
      usd: priceOf(price, prices) * times,
      assumed: usage === true,
    })),
  );
}

/** Machines whose price nobody wrote down: their sum is missing from every other. */
export { unpriced } from "./cost-rows";

export const sumOf = (costs: Cost[]): number => costs.reduce((sum, { usd }) => sum + usd, 0);
