/*
 * How CloudWatch Logs compares a JSON record with a filter's pattern:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax-for-Metric-Filters.html
 */

export type Condition =
  { all: Condition[] } | { any: Condition[] } | { path: string; operator: string; value: string | number };

const TOKEN = /\s*(\|\||&&|!=|>=|<=|[{}()=<>]|"(?:[^"\\]|\\.)*"|[^\s{}()=<>!&|"]+)/y;

const NEGATIVE = "NOT EXISTS";

/** Reads a pattern; throws where CloudWatch would refuse it. */
export function readPattern(text: string): Condition {
  const tokens = tokensOf(text);
  let at = 0;
  const refuse = (): never => {
    throw new Error(`${tokens[at] ?? "the end"} makes no sense in the pattern ${text}`);
  };
  const take = (wanted?: string): string => {
    const token = tokens[at];
    if (token === undefined || (wanted !== undefined && token !== wanted)) return refuse();
    at++;
    return token;
  };
  const joined = (sign: string, part: () => Condition, made: (parts: Condition[]) => Condition) => {
    const parts = [part()];
    while (tokens[at] === sign) parts.push((take(), part()));
    return parts.length === 1 ? parts[0]! : made(parts);
  };
  // `&&` binds more closely than `||`.
  const either = (): Condition => joined("||", both, (any) => ({ any }));
  const both = (): Condition => joined("&&", term, (all) => ({ all }));
  const term = (): Condition => {
    if (tokens[at] !== "(") return comparison();
    take();
    const inside = either();
    take(")");
    return inside;
  };
  const comparison = (): Condition => {
    if (!tokens[at]?.startsWith("$.")) refuse();
    const path = take();
    if (tokens[at] === "NOT") {
      take();
      take("EXISTS");
      return { path, operator: NEGATIVE, value: "" };
    }
    if (tokens[at] === "IS") {
      take();
      if (!["NULL", "TRUE", "FALSE"].includes(tokens[at]!)) refuse();
      return { path, operator: "IS", value: take() };
    }
    if (!["=", "!=", "<", ">", "<=", ">="].includes(tokens[at]!)) refuse();
    const operator = take();
    const value = valueOf(tokens[at] ?? refuse());
    if (typeof value === "string" && !["=", "!="].includes(operator)) refuse();
    take();
    return { path, operator, value };
  };
  take("{");
  const condition = either();
  take("}");
  if (at < tokens.length) refuse();
  return condition;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const rest = text.trimEnd();
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < rest.length;) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(rest);
    if (!found) throw new Error(`${rest.slice(at).trim()} makes no sense in the pattern ${text}`);
    tokens.push(found[1]!);
  }
  return tokens;
}

function valueOf(token: string): string | number {
  if (token.startsWith('"')) return token.slice(1, -1).replace(/\\(.)/g, "$1");
  if (/^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(token)) return Number(token);
  // Wildcards may stand in a text without quotation marks, too.
  if (/^[\w.*@/:$-]+$/.test(token)) return token;
  throw new Error(`${token} is no value of a filter's pattern`);
}

/** Whether a filter counts a record. */
export function counts(condition: Condition, record: object): boolean {
  if ("all" in condition) return condition.all.every((one) => counts(one, record));
  if ("any" in condition) return condition.any.some((one) => counts(one, record));
  const { path, operator, value } = condition;
  const found = at(path, record);
  switch (operator) {
    case NEGATIVE:
      return found === undefined;
    case "IS":
      return found === { NULL: null, TRUE: true, FALSE: false }[value as "NULL" | "TRUE" | "FALSE"];
    case "=":
      return equal(found, value);
    case "!=":
      // AWS does not say what this is: no pattern of ours may stand on it.
      if (found === undefined) throw new Error(`the record has no ${path}, which the pattern compares by !=`);
      return !equal(found, value);
    default:
      return typeof found === "number" && ordered(found, operator, Number(value));
  }
}

/** The names that a pattern wants of a field, by `=`. */
export function namesIn(condition: Condition, path: string): string[] {
  if ("all" in condition) return condition.all.flatMap((one) => namesIn(one, path));
  if ("any" in condition) return condition.any.flatMap((one) => namesIn(one, path));
  return condition.path === path && condition.operator === "=" ? [String(condition.value)] : [];
}

/** `$.a.b[0].c` in a record. */
function at(path: string, record: object): unknown {
  const keys = path.replace(/^\$\./, "").replace(/\[(\d+)\]/g, ".$1");
  return keys
    .split(".")
    .reduce<unknown>((inside, key) => (inside as Record<string, unknown> | null | undefined)?.[key], record);
}

/** Texts are told apart by case; a star is any text. */
function equal(found: unknown, wanted: string | number): boolean {
  if (typeof wanted === "number") return found === wanted;
  if (typeof found !== "string") return false;
  const source = wanted.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "s").test(found);
}

function ordered(found: number, operator: string, wanted: number): boolean {
  if (operator === "<") return found < wanted;
  if (operator === ">") return found > wanted;
  return operator === "<=" ? found <= wanted : found >= wanted;
}
