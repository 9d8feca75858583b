// The grammar of DynamoDB's conditions and updates, as much of it as the provisioner writes.
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type Item = Record<string, AttributeValue>;
export interface Expression {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
}

const invalid = (message: string) => Object.assign(new Error(message), { name: "ValidationException" });

const partsOf = (path: string, { ExpressionAttributeNames: names = {} }: Expression) =>
  path.split(".").map((part) => {
    if (!part.startsWith("#")) return part;
    if (names[part] === undefined) throw invalid(`${part} is no name`);
    return names[part];
  });

const at = (item: Item, parts: string[]): AttributeValue | undefined =>
  parts.reduce<AttributeValue | undefined>((value, part) => value?.M?.[part], { M: item });

/** A value to compare; DynamoDB compares none with one of another type. */
const plain = (value: AttributeValue | undefined) =>
  value?.S ?? (value?.N === undefined ? (value?.BOOL ?? undefined) : Number(value.N));

/** Whether an item meets a condition: OR binds less than AND, AND less than NOT. */
export function accepts(condition: string, expression: Expression, item: Item): boolean {
  const tokens = condition.match(/<=?|[=(),]|[#:\w.]+/g) ?? [];
  const take = (wanted?: string) => {
    const token = tokens.shift();
    if (token === undefined || (wanted !== undefined && token !== wanted))
      throw invalid(`expected ${wanted ?? "more"} in ${condition}, got ${token ?? "its end"}`);
    return token;
  };
  const operand = () => {
    const token = take();
    if (!token.startsWith(":")) return at(item, partsOf(token, expression));
    const value = expression.ExpressionAttributeValues?.[token];
    if (!value) throw invalid(`${token} is no value`);
    return value;
  };
  const either = (): boolean => {
    let result = both();
    for (; tokens[0] === "OR";) result = [take("OR"), both()][1] === true || result;
    return result;
  };
  const both = (): boolean => {
    let result = one();
    for (; tokens[0] === "AND";) result = [take("AND"), one()][1] === true && result;
    return result;
  };
  const call = (name: string) => {
    take("(");
    const first = operand();
    const second = name === "begins_with" ? [take(","), operand()][1] : undefined;
    take(")");
    if (name === "begins_with") return first?.S?.startsWith((second as AttributeValue).S!) ?? false;
    return (first !== undefined) === (name === "attribute_exists");
  };
  const one = (): boolean => {
    if (tokens[0] === "NOT") {
      take("NOT");
      return !one();
    }
    if (tokens[0] === "(") {
      take("(");
      const inner = either();
      take(")");
      return inner;
    }
    if (/^(attribute_exists|attribute_not_exists|begins_with)$/.test(tokens[0] ?? "")) return call(take());
    const left = plain(operand());
    const operator = take();
    if (operator === "=") return plain(operand()) === left && left !== undefined;
    if (operator === "<=" || operator === "<") {
      const right = plain(operand());
      if (left === undefined || typeof left !== typeof right) return false;
      return left < right! || (operator === "<=" && left === right);
    }
    if (operator !== "IN") throw invalid(`${operator} is no operator`);
    const options = [];
    for (let next = take("("); next !== ")"; next = take()) options.push(plain(operand()));
    return options.includes(left);
  };
  const result = either();
  if (tokens.length > 0) throw invalid(`${condition} goes on with ${tokens.join(" ")}`);
  return result;
}

/** An item after an update; a path's parents must be there. */
export function updated(update: string, expression: Expression, before: Item): Item {
  const item = structuredClone(before);
  const valueOf = (token: string) => expression.ExpressionAttributeValues?.[token];
  const change = (path: string, next: (old: AttributeValue | undefined) => AttributeValue | undefined) => {
    const parts = partsOf(path, expression);
    const parent = at(item, parts.slice(0, -1))?.M;
    if (!parent) throw invalid(`there is nothing at ${parts.slice(0, -1).join(".")}`);
    const last = parts.at(-1)!;
    const value = next(parent[last]);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  };
  const sections = update.split(/\b(SET|REMOVE|ADD)\b/).map((text) => text.trim());
  if (sections[0] !== "" || sections.length < 3) throw invalid(`${update} is no update`);
  for (let i = 1; i < sections.length; i += 2)
    for (const action of sections[i + 1]!.split(/,\s*/)) {
      const [path, ...rest] = action.split(/\s+/);
      const value = valueOf(rest.at(-1) ?? "");
      if (sections[i] === "REMOVE" ? rest.length > 0 : !value) throw invalid(`${action} in ${update}`);
      change(path!, (old) => {
        if (sections[i] === "REMOVE") return undefined;
        return sections[i] === "SET" ? value : { N: String(Number(old?.N ?? 0) + Number(value!.N)) };
      });
    }
  return item;
}

/** DynamoDB refuses names and values that no expression uses. */
export function used(expression: Expression, texts: (string | undefined)[]): void {
  const words: string[] = texts.join(" ").match(/[#:]\w+/g) ?? [];
  const given = [
    ...Object.keys(expression.ExpressionAttributeNames ?? {}),
    ...Object.keys(expression.ExpressionAttributeValues ?? {}),
  ];
  const idle = given.filter((one) => !words.includes(one));
  if (idle.length > 0) throw invalid(`nothing uses ${idle.join(", ")}`);
}
