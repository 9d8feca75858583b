import * as fs from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { deletesFirst } from "./names";
import type { Inputs } from "./rule";

const { replacements } = JSON.parse(fs.readFileSync(path.join(__dirname, "replacements.json"), "utf8")) as {
  replacements: Record<string, string[]>;
};

export interface Difference {
  changes: boolean;
  /** The arguments whose change takes a new resource. */
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** What the provider says of a change: nothing, an update, or a replacement. */
export function difference(type: string, olds: Inputs, news: Inputs): Difference {
  const known = replacements[type];
  if (!known && type.startsWith("aws:"))
    throw new Error(`replacements.json has no ${type}: run read-replacements.cjs, which says how`);
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
    changes: changed.length > 0,
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
  // Pulumi writes lists in the plural.
  const [, inner] = Object.entries(value).find(([key]) => key === step || key === `${step}s`) ?? [];
  return inner === undefined ? [] : valuesAt(rest, inner);
}
