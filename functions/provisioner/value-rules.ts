import { GIVEN, LIMITS, VALUE_NAME } from "./fields";
import type { Given } from "./values";

/** The platform sets these itself, or they change what the platform runs instead of the program in it. */
const RESERVED = [
  ...["AWS_*", "CODEBUILD_*", "DATABASE_*", "DOCKER_*", "LD_*", "PGSSL*"],
  ...["HOME", "HOSTNAME", "NODE_ENV", "NODE_EXTRA_CA_CERTS", "PATH", "PORT", "PROJECT_URL"],
];
const reserved = new RegExp(`^(${RESERVED.map((name) => name.replace("*", ".*")).join("|")})$`, "i");

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const sizeOf = (texts: object) => JSON.stringify(texts).length;

/** What is wrong with the variables and secrets of a request; it never contains a value. */
export function problemsOf(body: { [Field in keyof Given]?: unknown }, removable: boolean): string[] {
  return GIVEN.flatMap((field) => {
    const said = body[field];
    if (said === undefined) return [];
    if (!isObject(said)) return [`${field} must be an object of names, each with its text`];
    return [
      ...Object.entries(said).flatMap(([name, value]) => problemOf(field, name, value, removable)),
      ...excessOf(field, said),
    ];
  }).concat(inBoth(body));
}

function problemOf(field: string, name: string, value: unknown, removable: boolean): string[] {
  const where = `${field}.${name.slice(0, 50)}`;
  if (!VALUE_NAME.test(name) || name.length > LIMITS.name)
    return [`${where} must be named by letters, digits and _, ${LIMITS.name} at most, and no digit first`];
  if (reserved.test(name)) return [`${where} is a reserved name, as are ${RESERVED.join(", ")}`];
  if (removable && value === null) return [];
  if (typeof value === "string" && value.length <= LIMITS.value && !value.includes("\0")) return [];
  const or = removable ? ", or null to remove it" : "";
  return [
    `${where} must be a text of up to ${LIMITS.value.toLocaleString("en")} characters, none of them NUL${or}`,
  ];
}

function excessOf(field: (typeof GIVEN)[number], said: object): string[] {
  if (Object.keys(said).length > LIMITS.count) return [`${field} must be ${LIMITS.count} at most`];
  if (sizeOf(said) <= LIMITS[field]) return [];
  return [`${field} must take up to ${LIMITS[field].toLocaleString("en")} characters together`];
}

const namesIn = (said: unknown) =>
  isObject(said) ? Object.entries(said).flatMap(([name, value]) => (value === null ? [] : [name])) : [];

/** A program has a single environment: it would be unclear which of the two counts. */
const inBoth = ({ variables, secrets }: { [Field in keyof Given]?: unknown }): string[] =>
  namesIn(variables)
    .filter((name) => namesIn(secrets).includes(name))
    .map((name) => `${name} must be a variable or a secret, got both`);
