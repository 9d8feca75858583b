import { costsOf, sumOf } from "../../preview/cost";
import { resourcesOf } from "../../preview/declared";
import { askedOf } from "../../preview/settings";
import { declaredBy } from "../../program";

/** What the stack costs a month by the previews' price list, and its region. */
export async function monthlyUsd(
  stack: string,
  config: Record<string, unknown>,
): Promise<{ region: string; monthly: number }> {
  const { region } = askedOf(stack, config);
  return { region, monthly: sumOf(costsOf(resourcesOf(await declaredBy(stack, config)), region)) };
}
