import { only } from "../shared/pick";
import { priceList } from "./about";
import { Body, shown } from "./body";
import { Environment, ENVIRONMENTS, kindOf, kinds } from "./catalogue";
import { addressOf, CHANGES, fields, FLAGS, GIVEN, OPTIONAL, PORTS, SECRETS } from "./fields";
import { Change, Secrets, SWITCHES, Wish } from "./project";
import { problemsOf } from "./value-rules";

export type Judged<T> = { ok: true; value: T } | { ok: false; problems: string[]; accepted?: object };

/** Whether an address lies below one that the platform trusts, and holds nothing that git would misread. */
const isTrusted = (address: string, trusted: string[]) =>
  trusted.some((start) => address.startsWith(start) && /^[\w./~-]+$/.test(address.slice(start.length)));

/** Never shows the value itself if it might be a secret. */
function judge(body: Body, names: string[], optional: string[], trusted: string[]): string[] {
  return names.flatMap((name) => {
    const value = body[name];
    const { rule, longest, says } = fields[name]!;
    if (value === undefined || value === "")
      return optional.includes(name) ? [] : [`${name} must be ${says}, got nothing`];
    if (typeof value === "string" && value.length <= longest && rule.test(value)) return [];
    if (name === "repository" && typeof value === "string" && isTrusted(value, trusted)) return [];
    const hidden = SECRETS.includes(name) || name === "repository";
    return [`${name} must be ${says}, got ${hidden ? "something else" : shown(value)}`];
  });
}

/** A refusal must stay readable. */
const MOST_UNKNOWN = 10;

export const unknown = (body: Body, known: string[]) =>
  Object.keys(body)
    .filter((key) => !known.includes(key))
    .slice(0, MOST_UNKNOWN)
    .map((key) => `${key.slice(0, 50)} is not a field; accepted are ${known.join(", ")}`);

export const secretsOf = (body: Body): Secrets => ({
  accessToken: (body["accessToken"] as string | undefined) ?? "",
  privateKey: (body["privateKey"] as string | undefined) ?? "",
});

export const NO_SITE = "folder is for kinds that publish files; this one runs a server";
const noServer = (field: string) => `${field} is for kinds that run a server; this one publishes files`;
const NO_SECRETS =
  "secrets are for the kinds that run a server: a site's build values can be read in its files";

/** Fields of a request that do not apply to its kind. */
export const misplaced = (body: Body, template?: "static" | "server"): string[] => [
  ...(template === "server" && body["folder"] ? [NO_SITE] : []),
  ...(template === "static" && body["port"] !== undefined ? [noServer("port")] : []),
  ...(template === "static" && body["releaseCommand"] ? [noServer("releaseCommand")] : []),
  ...(template === "static" && body["secrets"] !== undefined ? [NO_SECRETS] : []),
  ...(template === "static" && body["previewSecrets"] !== undefined ? [noServer("previewSecrets")] : []),
];

/** Fields that its kind requires and does not find. */
export function missing({ type, framework }: Pick<Wish, "type" | "framework">, secrets: unknown): string[] {
  const needs = kindOf(type, framework)?.needs;
  if (!needs || (secrets && Object.hasOwn(secrets, needs.secret))) return [];
  return [`secrets.${needs.secret} must be given for ${framework}: ${needs.because}`];
}

function portProblems({ port }: Body): string[] {
  const { lowest, highest } = PORTS;
  const number = Number.isInteger(port) ? (port as number) : 0;
  if (port === undefined || (number >= lowest && number <= highest)) return [];
  return [`port must be a whole number from ${lowest} to ${highest}, got ${shown(port)}`];
}

const switchProblems = (body: Body) =>
  SWITCHES.filter((name) => body[name] !== undefined && typeof body[name] !== "boolean").map(
    (name) => `${name} must be true or false, got ${shown(body[name])}`,
  );

/** The switches that were given, each with a valid value. */
const switchesIn = (body: Pick<Change, (typeof SWITCHES)[number]>) => only(body, SWITCHES);

const mustBeOneOf = (name: string, accepted: readonly string[], body: Body) =>
  `${name} must be one of ${accepted.join(", ")}, got ${shown(body[name])}`;

/** Which of the two fields that name a kind is wrong. */
const unknownKind = (body: Body, type: string) =>
  Object.hasOwn(kinds, type)
    ? `${mustBeOneOf("stack", Object.keys(kinds[type]!), body)} for ${type}`
    : mustBeOneOf("type", Object.keys(kinds), body);

const TEXTS = Object.keys(fields);
const WISH = ["environment", "type", "stack", ...TEXTS, ...GIVEN, ...SWITCHES, "port"];

/** Everything that is wrong with a request for a project, or the wish itself without its secrets. */
export function wishOf(body: Body, trusted: string[] = []): Judged<Wish> {
  const environment = body["environment"] as Environment;
  const type = String(body["type"] ?? "");
  const framework = String(body["stack"] ?? (type === "static" ? "html" : ""));
  const problems = [
    ...unknown(body, WISH),
    ...judge(body, TEXTS, OPTIONAL, trusted),
    ...problemsOf(body, false),
    ...portProblems(body),
    ...switchProblems(body),
  ];
  if (!ENVIRONMENTS.includes(environment)) problems.push(mustBeOneOf("environment", ENVIRONMENTS, body));
  const kind = kindOf(type, framework);
  const known = kind !== undefined;
  problems.push(...misplaced(body, kind?.template), ...missing({ type, framework }, body["secrets"]));
  if (!known) problems.push(unknownKind(body, type));
  if (problems.length > 0) return { ok: false, problems, ...(!known && { accepted: priceList() }) };
  const { name, repository, email, branch, folder, healthPath, releaseCommand, variables, port, domain } =
    body as unknown as Wish;
  return {
    ok: true,
    value: {
      name,
      environment,
      type,
      framework,
      repository: addressOf(repository),
      branch: branch || "main",
      ...(folder && { folder }),
      ...(healthPath && { healthPath }),
      ...(releaseCommand && { releaseCommand }),
      email,
      ...(variables && { variables }),
      ...(port && { port }),
      ...(domain && { domain }),
      ...switchesIn(body),
    },
  };
}

/** Null removes a text, as an empty one does. */
const nothingFor = (body: Body, name: string): Body => (body[name] === null ? { ...body, [name]: "" } : body);

/** What an update may change; another name, environment or kind makes another project. */
export function changeOf(body: Body, trusted: string[] = []): Judged<{ change: Change; extend: boolean }> {
  const known = [...CHANGES, ...GIVEN, "port", ...SWITCHES, ...FLAGS];
  const problems = [
    ...unknown(body, known),
    ...judge(nothingFor(body, "domain"), CHANGES, CHANGES, trusted),
    ...problemsOf(body, true),
    ...portProblems(body),
    ...switchProblems(body),
  ];
  if (Object.keys(body).length === 0) problems.push(`the body must name at least one of ${known.join(", ")}`);
  for (const flag of FLAGS)
    if (body[flag] !== undefined && body[flag] !== true) problems.push(`${flag} must be true or absent`);
  if (problems.length > 0) return { ok: false, problems };
  const { repository, branch, folder, healthPath, releaseCommand, email, port, domain } = body as Change;
  return {
    ok: true,
    value: {
      change: {
        ...{ branch, folder, healthPath, releaseCommand, email, port },
        repository: repository && addressOf(repository),
        ...(domain !== undefined && { domain: domain || null }),
        ...switchesIn(body),
        rebuild: body["rebuild"] as true,
      },
      extend: body["extend"] === true,
    },
  };
}

/** Compares every field but the secrets, so that no digest of a secret is kept. */
export function withoutSecrets(body: Body): string {
  return JSON.stringify(
    Object.entries(body)
      .filter(([key]) => !SECRETS.includes(key))
      .map(([key, value]) => [key, key === "secrets" ? Object.keys(value ?? {}).sort() : value] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
