import type { Promised } from "./promised";
import type { Stage } from "./stage";

/** What a run will do, reported before any check. */
export function planOf(stage: Stage, promises: Promised[]): string[] {
  const { target, stack, url } = stage;
  const able = promises.filter((promise) => !promise.missing(stage));
  const seconds = able.reduce((sum, { takes }) => sum + takes[target], 0);
  const usd = able.reduce((sum, one) => sum + one.usd, 0);
  const long = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  const cost = usd < 0.01 ? "less than a cent" : `about ${usd.toFixed(2)} USD`;
  const noticed = able.filter(({ notice }) => notice !== undefined);
  return [
    `Stack ${stack} at ${url}, ${target === "AWS" ? "on AWS" : "in the sandbox"}. These promises:`,
    ...promises.map((promise) => {
      const missing = promise.missing(stage);
      return `  ${promise.name}${missing ? ` (not asked: ${missing})` : ""}`;
    }),
    `It takes about ${long}${target === "AWS" ? `, and costs ${cost} (estimated, not measured)` : ""}. Ctrl-C ends it early; what was created is removed.`,
    ...(noticed.length > 0
      ? ["OTHERS NOTICE:", ...noticed.map(({ name, notice }) => `  ${name}: ${notice}`)]
      : []),
  ];
}
