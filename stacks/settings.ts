import { z } from "zod";
import { problemsOf } from "../components/shared/refusals";
import { acrossAreas } from "./across-areas";
import { ENVIRONMENTS } from "./environments";
import { schema, type Settings } from "./schema";

export type { Settings };

/** All problems with a stack's settings, in one error. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";

  constructor(
    stack: string,
    readonly problems: string[],
  ) {
    super(
      `Pulumi.${stack}.yaml has ${problems.length} wrong setting${problems.length > 1 ? "s" : ""}:\n${problems.map((p) => `  ${p}`).join("\n")}`,
    );
  }
}

/** Reads the `groundwork:` part of a stack's configuration: texts, booleans, and JSON for structured values. */
export function readSettings(stack: string, config: Record<string, string>): Settings {
  const raw = unpack(config);
  const known = z.enum(ENVIRONMENTS).safeParse(raw.environment);
  // Without an environment there are no defaults, but the rest of the file is checked all the same.
  const whole = schema(known.data ?? "dev");
  const result = whole.safeParse(raw);
  const problems = result.success
    ? []
    : problemsOf(result.error, raw, "groundwork:").map((one) => one.reason);
  problems.push(
    ...acrossAreas(result.data ?? rightAreas(whole, raw), Object.keys(raw), config["aws:region"]),
  );
  if (!result.success || problems.length > 0) throw new SettingsError(stack, problems);
  return result.data;
}

/** The areas that are valid by themselves. Only these take part in the checks across areas. */
function rightAreas(whole: ReturnType<typeof schema>, raw: Record<string, unknown>): Partial<Settings> {
  const read = Object.entries(whole.shape).map(([name, area]) => [name, area.safeParse(raw[name]).data]);
  return Object.fromEntries(read) as Partial<Settings>;
}

function unpack(config: Record<string, string>): Record<string, unknown> {
  const own = Object.entries(config).filter(([key]) => key.startsWith("groundwork:"));
  return Object.fromEntries(own.map(([key, text]) => [key.slice("groundwork:".length), parse(text)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a plain text, as YAML writes it
  }
}
