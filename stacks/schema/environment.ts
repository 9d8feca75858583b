import { z } from "zod";

export const environments = ["dev", "stag", "prod"] as const;
export type Environment = (typeof environments)[number];

/** A default for each environment: cheap in dev, highly available and protected in prod. */
export function by<T>(environment: Environment, defaults: { dev: T; stag?: T; prod: T }): T {
  if (environment === "stag") return defaults.stag ?? defaults.prod;
  return defaults[environment];
}

/** A whole number within bounds. */
export const whole = (min: number, max: number) => z.number().int().min(min).max(max);
