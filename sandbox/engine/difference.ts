import { isDeepStrictEqual } from "node:util";
import { replacements } from "../resources/replacements.json";
import { deletesFirst } from "./names";
import { Inputs } from "./types";

/** What the provider's own schema says; for types that no stack has, its documentation. */
const REPLACING: Record<string, string[] | undefined> = {
  ...replacements,
  "aws:route53/zone:Zone": ["name", "delegationSetId"],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretId", "secretString", "secretBinary"],
};

export interface Difference {
  /** The arguments that have changed. */
  changed: string[];
  /** Those of them whose change requires a replacement. */
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** The provider's verdict on a change: nothing, an update, or a replacement. */
export function difference(type: string, olds: Inputs, news: Inputs): Difference {
  const known = REPLACING[type];
  if (!known && type.startsWith("aws:"))
    throw new Error(
      `sandbox/resources/replacements.json has no ${type}: run test/engine/account/read-replacements.cjs, which says how`,
    );
  const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) => key !== "__defaults" && !isDeepStrictEqual(olds[key], news[key]),
  );
  const replaces = changed.filter((key) =>
    (known ?? []).some((one) => {
      const [first, ...rest] = one.split(".");
      return first === key && (rest.length === 0 || differsAt(rest, olds[key], news[key]));
    }),
  );
  return {
    changed,
    replaces,
    deleteBeforeReplace: replaces.length > 0 && deletesFirst(type, olds, news),
  };
}

function differsAt(steps: string[], before: unknown, after: unknown): boolean {
  return !isDeepStrictEqual(valuesAt(steps, before), valuesAt(steps, after));
}

function valuesAt([step, ...rest]: string[], value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt([step!, ...rest], one));
  if (step === undefined) return [value];
  if (typeof value !== "object" || value === null) return [];
  // Pulumi uses the plural for lists.
  const [, inner] = Object.entries(value).find(([key]) => key === step || key === `${step}s`) ?? [];
  return inner === undefined ? [] : valuesAt(rest, inner);
}
