import { UNKNOWN } from "../../from-engine";
import { list } from "../rule";
import type { Bound, Span } from "./limit";

/** A bound, including those of the value's keys and properties. */
export interface Bounds<B extends Bound> extends Bound {
  keys?: B;
  properties?: Record<string, B>;
  required?: string[];
}

/** What is wrong with a value, and the bound that it breaks. */
export interface Finding<B> {
  path: string;
  what: string;
  bound: B;
}

type Inputs = Record<string, unknown>;

/** Checks a resource's inputs against their bounds. Skips values that AWS generates itself. */
export function findings<B extends Bounds<B>>(
  inputs: Inputs,
  properties: Record<string, B>,
  computed: ReadonlySet<unknown>,
): Finding<B>[] {
  const found: Finding<B>[] = [];

  const judgeEach = (structure: Inputs, bounds: Record<string, B>, prefix: string): void => {
    for (const [name, bound] of Object.entries(bounds))
      if (isSaid(structure[name])) judge(structure[name], bound, prefix + name);
  };

  const judge = (value: unknown, bound: B, path: string): void => {
    const isEntries = isMap(value) && !bound.properties;
    if (isEntries || Array.isArray(value)) judgeCount(Object.keys(value).length, bound, path);
    if (isEntries && bound.keys)
      for (const key of Object.keys(value)) judgeScalar(key, bound.keys, `the key of ${path}`);
    for (const entry of isEntries ? Object.values(value) : list(value)) {
      if (isMap(entry)) judgeStructure(entry, bound, path);
      else if (isKnown(entry) && !computed.has(entry)) judgeScalar(entry, bound, path);
    }
  };

  const judgeStructure = (structure: Inputs, bound: B, path: string): void => {
    for (const name of bound.required ?? [])
      if (!isSaid(structure[name]))
        found.push({ path, what: `lacks ${path}.${name}, which AWS requires`, bound });
    judgeEach(structure, bound.properties ?? {}, `${path}.`);
  };

  const judgeCount = (count: number, bound: B, path: string): void => {
    if (bound.count && !within(count, bound.count))
      found.push({
        path,
        what: `has ${count} entries in ${path}, where AWS accepts ${span(bound.count)}`,
        bound,
      });
  };

  const judgeScalar = (value: string | number, bound: B, path: string): void => {
    const accepted = missed(String(value), bound);
    if (accepted)
      found.push({ path, what: `has ${path} ${shown(value, bound)}, where AWS accepts ${accepted}`, bound });
  };

  judgeEach(inputs, properties, "");
  return found;
}

/** Providers treat an empty text as no value. */
const isSaid = (value: unknown) => value !== undefined && value !== null && value !== "";

const isKnown = (value: unknown): value is string | number =>
  typeof value === "number" || (typeof value === "string" && value !== "" && !value.includes(UNKNOWN));

const isMap = (value: unknown): value is Inputs =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What AWS accepts instead, in words. Undefined if the value is within the bound. */
function missed(text: string, { values, range, length, pattern }: Bound): string | undefined {
  if (values && !values.some((one) => one.toLowerCase() === text.toLowerCase()))
    return `one of ${some(values)}`;
  if (range && !Number.isNaN(Number(text)) && !within(Number(text), range)) return span(range);
  if (length && !within([...text].length, length)) return `${span(length)} characters`;
  if (pattern && !matcher(pattern).test(text)) return `what matches ${pattern}${strange(text, pattern)}`;
  return undefined;
}

const within = (value: number, [low, high]: Span) =>
  value >= (low ?? -Infinity) && value <= (high ?? Infinity);

function span([low, high]: Span): string {
  if (low === null) return `at most ${high}`;
  if (high === null) return `at least ${low}`;
  return low === high ? `${low}` : `${low} to ${high}`;
}

/** A list short enough to read at a glance. */
const some = (values: string[]) =>
  values.length > 12 ? `${values.slice(0, 12).join(", ")} and ${values.length - 12} more` : values.join(", ");

const matchers = new Map<string, RegExp>();

/** A dot also matches a line break, because the models do not say which services mean otherwise. */
function matcher(pattern: string): RegExp {
  const known = matchers.get(pattern) ?? new RegExp(pattern, "su");
  matchers.set(pattern, known);
  return known;
}

/** The character that does not match, if most characters match by themselves. */
function strange(text: string, pattern: string): string {
  const odd = [...text].filter((character) => !matcher(pattern).test(character));
  return odd[0] !== undefined && odd.length < [...text].length ? `, not ${JSON.stringify(odd[0])}` : "";
}

/** Shortens a long text to its beginning and length, and a secret to its length alone. */
function shown(value: string | number, { secret }: Bound): string {
  const length = `(${[...String(value)].length} characters)`;
  if (secret) return length;
  return typeof value === "string" && value.length > 60
    ? `${JSON.stringify(value.slice(0, 60))}... ${length}`
    : JSON.stringify(value);
}
