import { z } from "zod";
import { ENVIRONMENTS } from "../../stacks/environments";
import { schema } from "../../stacks/schema";

type Json = Record<string, unknown>;

const jsonOf = (environment: (typeof ENVIRONMENTS)[number]) =>
  z.toJSONSchema(schema(environment), { io: "input", unrepresentable: "any" }) as Json & {
    properties: Json;
    required: string[];
  };

/** stacks/settings.schema.json: what an editor checks and completes in a Pulumi.<stack>.yaml. */
export function settingsSchema(): string {
  const [dev, ...others] = ENVIRONMENTS.map(jsonOf);
  const areas = Object.entries(dev!.properties).map(([area, settings]) => [
    `groundwork:${area}`,
    common(
      settings,
      others.map((json) => json.properties[area]),
    ),
  ]);
  return (
    JSON.stringify(
      {
        $schema: "http://json-schema.org/draft-07/schema#",
        title: "The settings of a stack of Groundwork",
        type: "object",
        properties: {
          config: {
            type: "object",
            properties: Object.fromEntries(areas) as Json,
            required: dev!.required.map((area) => `groundwork:${area}`),
            // What other packages configure, such as aws:region.
            patternProperties: { "^(?!groundwork:)": {} },
            additionalProperties: false,
          },
        },
      },
      undefined,
      2,
    ) + "\n"
  );
}

/** Defaults that differ by environment are none here: docs/settings.md has them. */
function common(one: unknown, others: unknown[]): unknown {
  if (typeof one !== "object" || one === null) return one;
  if (Array.isArray(one))
    return one.map((item, i) =>
      common(
        item,
        others.map((other) => (other as unknown[])[i]),
      ),
    );
  const entries = Object.entries(one).flatMap(([key, value]) => {
    const same = others.map((other) => (other as Json)[key]);
    const differs = same.some((other) => JSON.stringify(other) !== JSON.stringify(value));
    // zod's own word; the pattern beside it says the same.
    const unknown = key === "format" && value === "starts_with";
    return unknown || (key === "default" && differs) ? [] : [[key, common(value, same)]];
  });
  return Object.fromEntries(entries) as Json;
}
