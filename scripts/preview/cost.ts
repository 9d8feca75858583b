import { type Item, ROWS } from "./cost-rows";
import { priceOf, pricedAs } from "./prices";
import type { Resource } from "./resource";

/** What one resource costs for one reason, in US dollars a month. */
export interface Cost {
  resource: Resource;
  what: string;
  usd: number;
  /** Whether it depends on usage of the platform, and the assumed usage. */
  assumed: boolean;
}

/** What a stack's resources cost a month, by on-demand list prices. */
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

/** Machines without a recorded price: every sum leaves them out. */
export { unpriced } from "./cost-rows";

export const sumOf = (costs: Cost[]): number => costs.reduce((sum, { usd }) => sum + usd, 0);
