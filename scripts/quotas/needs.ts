// What a stack needs of AWS's quotas, counted on what its program declares with the settings of its own file.
import { declaredBy } from "../program";
import { QUOTAS, Quota, usedBy } from "./quotas";

export interface Need {
  quota: Quota;
  needs: number;
}

/** What Service Quotas can be asked for and the stack needs any of. Nothing is made; throws what the program throws. */
export async function needsOf(stack: string, config: Record<string, unknown>): Promise<Need[]> {
  const resources = await declaredBy(stack, config);
  const view = { stack, keepData: false, resources };
  return QUOTAS.filter(({ code }) => code !== undefined)
    .map((quota) => ({ quota, needs: usedBy(quota, view) }))
    .filter(({ needs }) => needs > 0);
}
