import { declaredBy } from "../program";
import { resourcesOf } from "../preview/declared";
import type { Resource } from "../preview/resource";
import { settingsOf } from "../preview/settings";
import type { Outcomes } from "./page";
import { type Outcome, simulate } from "./simulation/scenario";
import { SCENARIOS } from "./simulation/scenarios";

/** Runs each scenario and reports its name to `tell`. */
export async function outcomesOf(tell: (title: string) => void = () => undefined): Promise<Outcomes> {
  const outcomes: [string, Outcome][] = [];
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    tell(scenario.title);
    outcomes.push([name, await simulate(scenario)]);
  }
  return Object.fromEntries(outcomes) as Outcomes;
}

export const prodResources = async (): Promise<Resource[]> =>
  resourcesOf(await declaredBy("prod", settingsOf("prod")));
