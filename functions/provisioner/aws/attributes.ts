import type { AttributeValue } from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;

/** A plain value in DynamoDB's format; undefined values are left out. */
export function attribute(value: unknown): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(attribute) };
  return { M: item(value as object) };
}

export const item = (object: object): Item =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, attribute(value)]),
  );

function value(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.L) return attribute.L.map(value);
  return attribute.M ? object(attribute.M) : null;
}

export const object = <T>(item: Item): T =>
  Object.fromEntries(Object.entries(item).map(([key, one]) => [key, value(one)])) as T;

/** The parts of an update, by paths such as `stages.create`; every name becomes a placeholder, since DynamoDB reserves hundreds of words. */
export function updateOf(
  set: Record<string, unknown>,
  remove: string[] = [],
  condition = "",
  values: object = {},
) {
  const names: Record<string, string> = {};
  const written = (path: string) =>
    path
      .split(".")
      .map((part) => {
        const name = `#${part.replace(/\W/g, "_")}`;
        names[name] = part;
        return name;
      })
      .join(".");
  const entries = Object.entries(set).filter(([, one]) => one !== undefined);
  const sets = entries.map(([path], index) => `${written(path)} = :v${index}`);
  const expression = [
    sets.length ? `SET ${sets.join(", ")}` : "",
    remove.length ? `REMOVE ${remove.map(written).join(", ")}` : "",
  ];
  const conditions = condition.replace(/#(\w+)/g, (_, name: string) => written(name));
  const given = { ...Object.fromEntries(entries.map(([, one], index) => [`:v${index}`, one])), ...values };
  return {
    UpdateExpression: expression.filter(Boolean).join(" "),
    ...(conditions && { ConditionExpression: conditions }),
    ExpressionAttributeNames: names,
    ...(Object.keys(given).length && { ExpressionAttributeValues: item(given) }),
  };
}

export type Update = ReturnType<typeof updateOf>;
