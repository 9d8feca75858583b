import { Environment, ENVIRONMENTS, kindOf, priceList } from "./catalogue";
import { Change, Secrets, Wish } from "./project";

type Body = Record<string, unknown>;
export type Judged<T> = { ok: true; value: T } | { ok: false; problems: string[]; accepted?: object };

/** What each text field must look like; a repository's address holds no password, since it is shown and logged. */
const fields: Record<string, { rule: RegExp; says: string }> = {
  name: {
    rule: /^[a-z]([a-z0-9-]{1,38}[a-z0-9])$/,
    says: "3 to 40 lower-case letters, digits and hyphens, a letter first",
  },
  repository: {
    rule: /^(https:\/\/[\w.-]+(:\d+)?\/[\w./~-]+|(ssh:\/\/)?git@[\w.-]+[:/][\w./~-]+)$/,
    says: "an https:// or git@ address without a password in it",
  },
  branch: { rule: /^[A-Za-z0-9_][\w./-]{0,99}$/, says: "the name of a branch" },
  email: { rule: /^[^\s@<>",;]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, says: "an e-mail address" },
  accessToken: { rule: /^[\x21-\x7e]{1,4096}$/, says: "a token of up to 4,096 characters" },
  privateKey: {
    rule: /^-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{1,16000}$/,
    says: "a private key in PEM form",
  },
};

/** Never the value itself where it might be a secret. */
function judge(body: Body, names: string[], optional: string[]): string[] {
  return names.flatMap((name) => {
    const value = body[name];
    const { rule, says } = fields[name]!;
    if (value === undefined || value === "")
      return optional.includes(name) ? [] : [`${name} must be ${says}, got nothing`];
    if (typeof value === "string" && rule.test(value)) return [];
    const hidden = name === "accessToken" || name === "privateKey" || name === "repository";
    return [
      `${name} must be ${says}, got ${hidden ? "something else" : JSON.stringify(value).slice(0, 100)}`,
    ];
  });
}

const unknown = (body: Body, known: string[]) =>
  Object.keys(body)
    .filter((key) => !known.includes(key))
    .map((key) => `${key.slice(0, 50)} is not a field; accepted are ${known.join(", ")}`);

/** A body or a dropped file as an object, or nothing. */
export function parsed(text: string | null | undefined): Body | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}

export const secretsOf = (body: Body): Secrets => ({
  accessToken: (body["accessToken"] as string | undefined) ?? "",
  privateKey: (body["privateKey"] as string | undefined) ?? "",
});

const WISH = [
  "name",
  "environment",
  "type",
  "stack",
  "repository",
  "branch",
  "accessToken",
  "privateKey",
  "email",
];
const TEXTS = ["name", "repository", "branch", "accessToken", "privateKey", "email"];
const SECRET = ["accessToken", "privateKey"];

/** Everything that is wrong with a request for a project, or the wish itself without its secrets. */
export function wishOf(body: Body): Judged<Wish> {
  const environment = body["environment"] as Environment;
  const type = String(body["type"] ?? "");
  const stack = String(body["stack"] ?? (type === "static" ? "html" : ""));
  const problems = [...unknown(body, WISH), ...judge(body, TEXTS, ["branch", ...SECRET])];
  if (!ENVIRONMENTS.includes(environment))
    problems.push(`environment must be one of ${ENVIRONMENTS.join(", ")}`);
  const known = kindOf(type, stack) !== undefined;
  if (!known) problems.push("type and stack must be one of the accepted combinations");
  if (problems.length > 0) return { ok: false, problems, ...(!known && { accepted: priceList() }) };
  const { name, repository, email, branch } = body as unknown as Wish;
  return { ok: true, value: { name, environment, type, stack, repository, branch: branch || "main", email } };
}

const CHANGES = ["repository", "branch", "email", ...SECRET];

/** What an update may change; name, environment and kind make another project. */
export function changeOf(body: Body): Judged<{ change: Change; extend: boolean }> {
  const known = [...CHANGES, "extend", "rebuild"];
  const problems = [...unknown(body, known), ...judge(body, CHANGES, CHANGES)];
  if (Object.keys(body).length === 0) problems.push(`the body must name at least one of ${known.join(", ")}`);
  for (const flag of ["extend", "rebuild"])
    if (body[flag] !== undefined && body[flag] !== true) problems.push(`${flag} must be true or absent`);
  if (problems.length > 0) return { ok: false, problems };
  const { repository, branch, email } = body as Change;
  return {
    ok: true,
    value: {
      change: { repository, branch, email, rebuild: body["rebuild"] as true },
      extend: body["extend"] === true,
    },
  };
}

/** The same for every field but the secrets, so that no digest of a secret is kept. */
export function withoutSecrets(body: Body): string {
  return JSON.stringify(
    Object.entries(body)
      .filter(([key]) => !SECRET.includes(key))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
