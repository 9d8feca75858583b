import { Inputs } from "./types";

// Maps whose keys the program chooses.
const FREE_FORM = new Set([
  "tags",
  "variables",
  "parameters",
  "requestParameters",
  "responseParameters",
  "responseTemplates",
  "requestModels",
]);

/** A provider's inputs in the AWS API's spelling: `vpcId` becomes VpcId, at every level; undefined values are left out. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- shaped for whichever API takes it
export function pascal(value: unknown): any {
  if (Array.isArray(value)) return value.map(pascal);
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => [key[0]!.toUpperCase() + key.slice(1), FREE_FORM.has(key) ? one : pascal(one)]),
  );
}

/** Only the named inputs, if they are given. */
export function pick(inputs: Inputs, ...keys: string[]): Inputs {
  return Object.fromEntries(keys.filter((key) => inputs[key] !== undefined).map((key) => [key, inputs[key]]));
}

/** All inputs but the named ones, and but tags and region, which every row handles by itself. */
export function omit(inputs: Inputs, ...keys: string[]): Inputs {
  const left = new Set([...keys, "tags", "tagsAll", "region"]);
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !left.has(key)));
}

export const tagList = (tags: Record<string, string>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The tags of a list that AWS's APIs return. */
export const tagsIn = (list: { Key?: string; Value?: string }[] = []): Record<string, string> =>
  Object.fromEntries(list.map(({ Key, Value = "" }) => [Key!, Value]));

/** A policy document as the text that APIs take, in whatever form the program gave it. */
export const documentText = (document: unknown): string =>
  typeof document === "string" ? document : JSON.stringify(document);

export const asList = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
