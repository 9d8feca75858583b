import type { Declared, StackView } from "../../declared";
import { UNKNOWN } from "../../from-engine";
import { label, list, Rules } from "../rule";
import type { Limit, LimitedType, Span } from "./limit";
import published from "./published.json";

interface Published {
  /** The version of the provider's library whose properties were looked up. */
  provider: string;
  /** What the limits were read from, as pip names it. */
  sources: string[];
  /** The day of CloudFormation's schemas. */
  cloudFormation: string;
  services: Record<string, { version: string; page: string }>;
  types: Record<string, LimitedType>;
}

/** What AWS says itself of the parameters of its API, made by `npm run limits`. */
export const PUBLISHED = published as unknown as Published;

export const valueRules: Rules = {
  "gives each parameter a value that AWS takes": (view) => {
    const computed = computedIn(view);
    return view.resources.flatMap((resource) =>
      refused(resource, computed).map((problem) => `${label(resource)} ${problem}`),
    );
  },
};

/** What AWS makes up itself; the tests stand in for it by words of their own. */
const computedIn = ({ resources }: StackView): Set<unknown> =>
  new Set(resources.flatMap(({ name, outputs }) => [`${name}-id`, outputs.id, outputs.arn]));

/** What AWS would refuse of a resource, in words. */
export function refused(
  { type, inputs }: Pick<Declared, "type" | "inputs">,
  computed = new Set<unknown>(),
): string[] {
  const known = PUBLISHED.types[type];
  if (!known) return [];
  const told: string[] = [];
  judgeEach(
    inputs,
    known.properties,
    "",
    (what, { from }) => told.push(`${what} (${pageOf(known.service, from)})`),
    computed,
  );
  return told;
}

type Tell = (what: string, limit: Limit) => void;

function judgeEach(
  inputs: Record<string, unknown>,
  properties: Record<string, Limit>,
  path: string,
  tell: Tell,
  computed: Set<unknown>,
): void {
  for (const [name, limit] of Object.entries(properties))
    if (isSaid(inputs[name])) judge(inputs[name], limit, path + name, tell, computed);
}

/** Providers take an empty text for none. */
const isSaid = (value: unknown) => value !== undefined && value !== null && value !== "";

function judge(value: unknown, limit: Limit, path: string, tell: Tell, computed: Set<unknown>): void {
  if (isMap(value) && !limit.properties) {
    judgeCount(Object.keys(value).length, limit, path, tell);
    if (limit.keys)
      for (const key of Object.keys(value)) judgeScalar(key, limit.keys, `the key of ${path}`, tell);
  } else if (Array.isArray(value)) judgeCount(value.length, limit, path, tell);

  for (const entry of isMap(value) && !limit.properties ? Object.values(value) : list(value)) {
    if (isMap(entry)) judgeStructure(entry, limit, path, tell, computed);
    else if (isKnown(entry) && !computed.has(entry)) judgeScalar(entry, limit, path, tell);
  }
}

function judgeStructure(
  structure: Record<string, unknown>,
  limit: Limit,
  path: string,
  tell: Tell,
  computed: Set<unknown>,
): void {
  for (const name of limit.required ?? [])
    if (!isSaid(structure[name])) tell(`lacks ${path}.${name}, which AWS asks for`, limit);
  judgeEach(structure, limit.properties ?? {}, `${path}.`, tell, computed);
}

function judgeCount(count: number, limit: Limit, path: string, tell: Tell): void {
  if (limit.count && !within(count, limit.count))
    tell(`has ${count} entries in ${path}, where AWS takes ${span(limit.count)}`, limit);
}

function judgeScalar(value: string | number, limit: Limit, path: string, tell: Tell): void {
  const takes = missed(String(value), limit);
  if (takes) tell(`has ${path} ${shown(value)}, where AWS takes ${takes}`, limit);
}

/** What AWS takes instead, in words; undefined where the value is one of them. */
function missed(text: string, { values, range, length, pattern }: Limit): string | undefined {
  if (values && !values.some((one) => one.toLowerCase() === text.toLowerCase()))
    return `one of ${some(values)}`;
  if (range && !Number.isNaN(Number(text)) && !within(Number(text), range)) return span(range);
  if (length && !within([...text].length, length)) return `${span(length)} characters`;
  if (pattern && !matcher(pattern).test(text)) return `what fits ${pattern}`;
  return undefined;
}

const isKnown = (value: unknown): value is string | number =>
  typeof value === "number" || (typeof value === "string" && value !== "" && !value.includes(UNKNOWN));

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const within = (value: number, [low, high]: Span) =>
  value >= (low ?? -Infinity) && value <= (high ?? Infinity);

function span([low, high]: Span): string {
  if (low === null) return `at most ${high}`;
  if (high === null) return `at least ${low}`;
  return low === high ? `${low}` : `${low} to ${high}`;
}

/** A list that can be read at one glance. */
const some = (values: string[]) =>
  values.length > 12 ? `${values.slice(0, 12).join(", ")} and ${values.length - 12} more` : values.join(", ");

const matchers = new Map<string, RegExp>();

/** A dot stands for a line's end as well: which services mean it so, their models do not say. */
function matcher(pattern: string): RegExp {
  const known = matchers.get(pattern) ?? new RegExp(pattern, "su");
  matchers.set(pattern, known);
  return known;
}

/** A long text by its beginning and its length. */
const shown = (value: string | number) =>
  typeof value === "string" && value.length > 60
    ? `${JSON.stringify(value.slice(0, 60))}... (${[...value].length} characters)`
    : JSON.stringify(value);

/** The page of AWS's that says it. */
export const pageOf = (service: string, from: string): string =>
  from.startsWith("AWS::")
    ? `https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-${from.slice("AWS::".length).replace("::", "-").toLowerCase()}.html`
    : `${PUBLISHED.services[service]!.page}${from}.html`;
