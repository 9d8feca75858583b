import { z } from "zod";

export const environments = ["dev", "stag", "prod"] as const;
export type Environment = (typeof environments)[number];

/** A default for each environment: cheap in dev, highly available and protected in prod. */
export function by<T>(environment: Environment, defaults: { dev: T; stag?: T; prod: T }): T {
  if (environment === "stag") return defaults.stag ?? defaults.prod;
  return defaults[environment];
}

/** Whether a stack that does not say so keeps its data. */
export const KEEPS_DATA = { dev: false, prod: true };

/** A whole number within bounds. */
export const whole = (min: number, max: number) => z.number().int().min(min).max(max);

/** A text of a given form; the rule tells people what is accepted. */
export const matching = (pattern: RegExp, rule: string) =>
  z.string().refine((text) => pattern.test(text), rule);

/** How long logs are kept. */
export const logDays = (environment: Environment) =>
  whole(1, 3_653).default(by(environment, { dev: 7, stag: 30, prod: 365 }));

/** When a rule between settings can be judged: they are there, and none of them is of a wrong kind. Other mistakes are told beside it. */
export const comparing =
  (...names: string[]) =>
  ({ issues }: z.core.ParsePayload): boolean =>
    issues.every(({ code, path: [name, ...inside] = [] }) => {
      if (code === "unrecognized_keys" || inside.length > 0) return true;
      return name !== undefined && !names.includes(String(name));
    });
