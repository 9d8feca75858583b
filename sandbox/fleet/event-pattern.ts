import * as net from "node:net";

/* How EventBridge compares: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
/** A pattern, or an event: JSON with fields. */
export type Fields = { [key: string]: Json };

/** Whether an event matches a rule's pattern: every field must match one of the values that the pattern lists. */
export function takes(pattern: Fields, event: Fields): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === "$or" && Array.isArray(wanted)) return wanted.some((one) => takes(one as Fields, event));
    const found = event[key];
    if (Array.isArray(wanted)) return leavesOf(found).some((leaf) => wanted.some((one) => fits(one, leaf)));
    const inside = Array.isArray(found) ? found : [found];
    return inside.some((one) => takes(wanted as Fields, isFields(one) ? one : {}));
  });
}

/** Whether a pattern can match anything from a source. */
export function asksFor({ source: wanted }: Fields, source: string): boolean {
  return wanted === undefined || takes({ source: wanted }, { source });
}

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Each entry of an array counts by itself; a missing field, or one that contains fields, is no value at all. */
function leavesOf(found: Json | undefined): (Json | undefined)[] {
  if (Array.isArray(found) && found.length > 0) return found.flatMap(leavesOf);
  return [isFields(found) || Array.isArray(found) ? undefined : found];
}

type Compare = (operand: Json, value: Json) => boolean;

const text =
  (test: (value: string, operand: string) => boolean): Compare =>
  (operand, value) => {
    if (typeof value !== "string") return false;
    const ignoring = isFields(operand) ? operand["equals-ignore-case"] : undefined;
    return typeof ignoring === "string"
      ? test(value.toLowerCase(), ignoring.toLowerCase())
      : test(value, String(operand));
  };

const OPERATORS: Record<string, Compare> = {
  prefix: text((value, operand) => value.startsWith(operand)),
  suffix: text((value, operand) => value.endsWith(operand)),
  "equals-ignore-case": text((value, operand) => value.toLowerCase() === operand.toLowerCase()),
  wildcard: text((value, operand) => wildcard(operand).test(value)),
  "anything-but": (operand, value) => {
    const [[name, inner] = []] = isFields(operand) ? Object.entries(operand) : [];
    const refused = [inner ?? operand].flat();
    return !refused.some((one) => fits(name ? { [name]: one } : one, value));
  },
  numeric: (operand, value) => typeof value === "number" && inRange(operand as (string | number)[], value),
  cidr: (operand, value) => typeof value === "string" && inNetwork(String(operand), value),
};

/** Whether a value matches one that a pattern lists; undefined is a missing field. */
function fits(wanted: Json, value: Json | undefined): boolean {
  if (!isFields(wanted)) return wanted === value;
  const [operator = "", operand = null] = Object.entries(wanted)[0] ?? [];
  if (operator === "exists") return operand === (value !== undefined);
  const compare = OPERATORS[operator];
  if (!compare) throw new Error(`EventBridge has no comparison "${operator}"`);
  return value !== undefined && compare(operand, value);
}

/** A star matches any text; after a backslash it stands for itself. */
function wildcard(text: string): RegExp {
  const parts = text.match(/\\[\\*]|[^]/g) ?? [];
  const source = parts.map((part) => {
    if (part === "*") return ".*";
    return part.at(-1)!.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, "s");
}

function inRange(bounds: (string | number)[], value: number): boolean {
  for (let i = 0; i < bounds.length; i += 2) {
    const bound = Number(bounds[i + 1]);
    const holds = {
      "=": value === bound,
      "<": value < bound,
      "<=": value <= bound,
      ">": value > bound,
      ">=": value >= bound,
    };
    if (!holds[bounds[i] as keyof typeof holds]) return false;
  }
  return true;
}

function inNetwork(network: string, address: string): boolean {
  const [base = "", bits] = network.split("/");
  const family = (one: string) => (net.isIPv6(one) ? "ipv6" : "ipv4");
  const list = new net.BlockList();
  list.addSubnet(base, Number(bits), family(base));
  return list.check(address, family(address));
}
