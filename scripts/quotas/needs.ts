// How much of AWS's quotas a stack needs, counted from what its program declares with its own file's settings.
import { declaredBy } from "../program";
import { QUOTAS, Quota, usedBy } from "./quotas";

export interface Need {
  quota: Quota;
  needs: number;
}

/** The quotas that Service Quotas knows and the stack uses. Creates nothing; throws whatever the program throws. */
export async function needsOf(stack: string, config: Record<string, unknown>): Promise<Need[]> {
  const resources = await declaredBy(stack, config);
  const view = { stack, keepData: false, resources };
  return QUOTAS.filter(({ code }) => code !== undefined)
    .map((quota) => ({ quota, needs: usedBy(quota, view) }))
    .filter(({ needs }) => needs > 0);
}
