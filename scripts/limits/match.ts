import type { Limit, LimitedType } from "../../policies/rules/aws/limit";
import { ApiModel, inside, ResourceSchemas, Shape } from "./models";
import { inJavaScript } from "./patterns";
import { Property, propertiesInside, propertiesOf } from "./properties";
import type { Counterpart } from "./types/counterpart";
import { isWrong } from "./wrong";

/** An AWS structure, and the operation or CloudFormation type that it belongs to. */
interface Place {
  from: string;
  shape: Shape;
}

/** A parameter that a property corresponds to. */
interface Part extends Place {
  /** Empty if the property is part of a parameter, or corresponds to several. */
  member: string;
}

/** Structures are nested, and a firewall's statements even contain themselves. */
const DEEPEST = 5;

/** Properties of a resource that are no parameters of AWS's. */
export function match(
  type: string,
  counterpart: Counterpart,
  api: ApiModel,
  schemas: ResourceSchemas,
): LimitedType {
  const { service, at, cloudFormation, renamed = {} } = counterpart;
  const found: LimitedType = { service, parameters: 0, own: [], properties: {} };

  const level = (
    properties: Property[],
    places: Place[],
    path: string[],
  ): Pick<Limit, "properties" | "required"> => {
    const limits: Record<string, Limit> = {};
    const required: string[] = [];
    for (const property of properties) {
      const here = [...path, property.name];
      const parts = partsOf(
        property.name,
        renamed[here.join(".")],
        places,
        path.length === 0 ? type.split(":")[2]! : "",
      );
      if (parts.length === 0) found.own.push(here.join("."));
      else {
        found.parameters++;
        const limit = limitOf(property, parts, here);
        if (saysAnything(limit)) limits[property.name] = limit;
        if (path.length > 0 && isAskedFor(property, parts, places, `${type} ${here.join(".")}`))
          required.push(property.name);
      }
    }
    return {
      ...(Object.keys(limits).length > 0 && { properties: limits }),
      ...(required.length > 0 && { required }),
    };
  };

  const limitOf = (property: Property, parts: Part[], path: string[]): Limit => {
    const limit: Limit = { from: parts[0]!.from, shape: parts[0]!.shape.name };
    for (const part of parts) {
      const isFirst = !saysAnything(limit);
      take(limit, property, part, `${type} ${path.join(".")}`);
      if (isFirst && saysAnything(limit)) Object.assign(limit, { from: part.from, shape: part.shape.name });
    }
    if (!property.inside || path.length >= DEEPEST) return limit;
    const inner = parts
      .flatMap(({ shape, from }) => [shape, structureIn(shape)].map((one) => ({ from, shape: one })))
      .filter(({ shape }) => shape.type === "structure");
    return { ...limit, ...level(propertiesInside(property.inside), inner, path) };
  };

  const places = [
    ...at.map((place) => ({ from: place.split("/")[0]!, shape: structureIn(api.at(place)) })),
    ...(cloudFormation
      ? [{ from: cloudFormation.split("/")[0]!, shape: structureIn(schemas.at(cloudFormation)) }]
      : []),
  ];
  const { properties = {} } = level(propertiesOf(type), places, []);
  return { ...found, properties };
}

const saysAnything = (limit: Limit) => Object.keys(limit).length > ["from", "shape"].length;

/** The provider itself knows the required properties of a whole resource. */
const isAskedFor = (
  { optional, hasDefault, kind }: Property,
  parts: Part[],
  places: Place[],
  where: string,
) =>
  optional &&
  !hasDefault &&
  kind !== "boolean" &&
  places.some(
    ({ from, shape }) => !isSchema(from) && parts.some(({ member }) => shape.required.includes(member)),
  ) &&
  !isWrong(where, "", "required");

const isSchema = (from: string) => from.startsWith("AWS::");
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** How AWS may spell a property; `word` is the name of the resource itself. */
function spellings(name: string, word: string): string[] {
  const one = plain(name);
  return [
    one,
    one.replace(/ies$/, "y").replace(/(ss|x|sh|ch)es$/, "$1"),
    one.replace(/s$/, ""),
    `${one}s`,
    one.replace(/y$/, "ies"),
    ...(one === "name" ? [`${plain(word)}name`] : []),
  ];
}

/** The parameters that a property corresponds to: one in the API's model, and one in CloudFormation's schema. */
function partsOf(property: string, given: string | undefined, places: Place[], word: string): Part[] {
  if (given === NONE) return [];
  if (given === HERE) return places.map((place) => ({ ...place, member: "" }));
  const found = places.flatMap(({ from, shape }) => {
    const part = given ? byPath(shape, given.split("/")) : byName(shape, property, word);
    return part ? [{ from, ...part }] : [];
  });
  return [found.find(({ from }) => !isSchema(from)), found.find(({ from }) => isSchema(from))].filter(
    (part) => part !== undefined,
  );
}

/** From the table: AWS has no such parameter. */
const NONE = "-";
/** From the table: the provider groups what AWS keeps side by side. */
const HERE = ".";

function byPath(shape: Shape, [first, ...rest]: string[]): Omit<Part, "from"> | undefined {
  const found = byName(structureIn(shape), first!, "");
  if (!found || rest.length === 0) return found;
  const deeper = byPath(found.shape, rest);
  return deeper && { ...deeper, member: "" };
}

function byName(shape: Shape, property: string, word: string): Omit<Part, "from"> | undefined {
  for (const spelling of spellings(property, word)) {
    const member = Object.keys(shape.members).find((one) => plain(one) === spelling);
    if (member) return { member, shape: inside(shape, member) };
  }
  return undefined;
}

/** The type of a list's entries, also for a list in a wrapper of the same name. */
function structureIn(shape: Shape): Shape {
  if (shape.type === "list") return structureIn(shape.member!());
  const [only, ...others] = Object.keys(shape.members).filter((name) => name !== "Quantity");
  if (shape.type !== "structure" || !only || others.length > 0) return shape;
  const inner = inside(shape, only);
  return inner.type === "list" && plain(shape.name).startsWith(plain(only).slice(0, 4))
    ? structureIn(inner)
    : shape;
}

const SCALARS = ["string", "integer", "long", "float", "double", "number"];

/** Adds what a shape says about a property to its limits, without replacing any. */
function take(limit: Limit, property: Property, { shape, from }: Place, where: string): void {
  if (shape.type === "list") {
    if (property.isList || property.kind === "map") setRange(limit, "count", shape, where);
    const entry = shape.member!();
    if (property.kind !== "map") return take(limit, property, { shape: entry, from }, where);
    // Tags and similar: a map here, a list of keys and values there.
    takeKey(limit, byName(entry, "key", "")?.shape, from, where);
    takeScalar(limit, byName(entry, "value", "")?.shape, where);
  } else if (shape.type === "map" && property.kind === "map") {
    setRange(limit, "count", shape, where);
    takeKey(limit, shape.key?.(), from, where);
    takeScalar(limit, shape.member!(), where);
  } else if (property.kind !== "object" && property.kind !== "boolean") takeScalar(limit, shape, where);
}

function takeKey(limit: Limit, shape: Shape | undefined, from: string, where: string): void {
  if (!shape) return;
  const keys = limit.keys ?? { from, shape: shape.name };
  takeScalar(keys, shape, where);
  if (saysAnything(keys)) limit.keys = keys;
}

function takeScalar(limit: Limit, shape: Shape | undefined, where: string): void {
  if (!shape || !SCALARS.includes(shape.type)) return;
  setRange(limit, shape.type === "string" ? "length" : "range", shape, where);
  if (shape.sensitive) limit.secret = true;
  if (shape.enum && !limit.values && !isWrong(where, shape.name, "values")) limit.values = shape.enum;
  if (!shape.pattern || limit.pattern || saysNothing(shape.pattern) || isWrong(where, shape.name, "pattern"))
    return;
  const pattern = inJavaScript(shape.pattern);
  if (pattern) limit.pattern = pattern;
  else limit.dropped = shape.pattern;
}

/** Any text at all. */
const saysNothing = (pattern: string) =>
  /^\^?\(?(\.\*|\.\+|\[\\s\\S\][*+]|\[\\S\\s\][*+])\)?\$?$/.test(pattern);

/** Nobody comes near 2^31, and no text has fewer than no characters. */
function setRange(
  limit: Limit,
  kind: "length" | "range" | "count",
  { name, min, max }: Shape,
  where: string,
): void {
  const low = min === undefined || min <= -(2 ** 31) || (kind !== "range" && min === 0) ? null : min;
  const high = max === undefined || max >= 2 ** 31 - 1 ? null : max;
  if (limit[kind] || (low === null && high === null) || isWrong(where, name, kind)) return;
  limit[kind] = [low, high];
}
