import { OUTPUTS } from "./program";
import type { State } from "./state";

/** The stack's APIs, and how somebody gets the token that they ask for: a line each, by what it is. */
export function apisOf({
  outputs,
  people,
}: Pick<State, "outputs" | "people">): [name: string, value: string][] {
  const apis: [string, unknown][] = [
    ["delivery API", outputs[OUTPUTS.delivery]],
    ["projects API", outputs[OUTPUTS.provisioner]],
  ];
  const there = apis.filter((api): api is [string, string] => typeof api[1] === "string");
  const [person] = people;
  if (there.length === 0 || !person) return there;
  return [...there, ["API token", `npm run --silent token -- --stack sandbox --email ${person.email}`]];
}
