import { OUTPUTS } from "./program";
import type { State } from "./state";

/** The stack's APIs, and how to get the token for each: one line per kind. */
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
