import { BRANCH_NAME, CONTENT, LONGEST_BRANCH } from "./project";

interface Field {
  rule: RegExp;
  longest: number;
  says: string;
}

/** A name that every public resolver knows: no address in any notation, and no name that exists only in a private network. */
const PRIVATE = [
  "localhost",
  "local",
  "internal",
  "intranet",
  "private",
  "lan",
  "home",
  "corp",
  "arpa",
  "test",
  "invalid",
];
const HOST = `(?!([\\w-]+\\.)*(${PRIVATE.join("|")})[:/])([\\w-]+\\.)+[a-z][a-z0-9-]*[a-z0-9]`;

const PUBLIC_PATH = `${HOST}(:\\d+)?/[\\w./~-]+`;
const BARE = new RegExp(`^${PUBLIC_PATH}$`, "i");

/** A repository's address in the form that git takes, even if it was written as `github.com/team/site`. */
export const addressOf = (repository: string) =>
  BARE.test(repository) ? `https://${repository}` : repository;

/**
 * The pattern of each text in a request. The function checks them all; API Gateway checks names and lengths before it. A
 * repository's address holds no password, since it is shown and logged.
 */
export const fields: Record<string, Field> = {
  name: {
    rule: /^[a-z][a-z0-9-]+[a-z0-9]$/,
    longest: 40,
    says: "3 to 40 lower-case letters, digits and hyphens, a letter first",
  },
  repository: {
    rule: new RegExp(`^((https://)?${PUBLIC_PATH}|(ssh://)?git@${HOST}[:/][\\w./~-]+)$`, "i"),
    longest: 500,
    says: "an https:// or git@ address of a public host, without a password in it",
  },
  branch: { rule: BRANCH_NAME, longest: LONGEST_BRANCH, says: "the name of a branch" },
  folder: {
    rule: /^(?!\/|-|(.*\/)?\.\.(\/|$))[\w./-]+$/,
    longest: 200,
    says: "the folder of the built site, relative to the repository",
  },
  healthPath: {
    rule: /^\/(?!\/)[\w./~%?=&+-]*$/,
    longest: 200,
    says: "a path on the project's own address that begins with one slash, such as /health",
  },
  releaseCommand: {
    rule: /^[\x20-\x7e]+$/,
    longest: 500,
    says: "one line for the image's shell, such as npm run migrate",
  },
  email: {
    rule: /^[^\s@<>",;]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/,
    longest: 254,
    says: "an e-mail address",
  },
  // What CloudFront and ACM accept: lower case, and no longer than a certificate's common name.
  domain: {
    rule: new RegExp(
      `^(?!([a-z0-9-]+\\.)*(${PRIVATE.join("|")})$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`,
    ),
    longest: 64,
    says: "your own public name in lower case, up to 64 characters, such as www.example.com",
  },
  accessToken: { rule: /^[\x21-\x7e]+$/, longest: 4_096, says: "a token of up to 4,096 characters" },
  privateKey: {
    rule: /^-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+$/,
    longest: 16_384,
    says: "a private key in PEM form",
  },
};

export const SECRETS = ["accessToken", "privateKey"];
export const OPTIONAL = ["branch", "folder", "healthPath", "releaseCommand", "domain", ...SECRETS];
/** What an update may change; another name, environment or kind makes another project. */
export const CHANGES: string[] = [...CONTENT, ...SECRETS];
export const FLAGS = ["extend", "rebuild"];

/** What writes a project's logs: its builds, and its servers. */
export const LOGS = ["build", "app"] as const;
/** A complete time, in UTC. */
export const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Names with texts: the program's environment. Of secrets, only the names are shown. */
export const GIVEN = ["variables", "secrets"] as const;
export const VALUE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** A build gets all variables in a single one, for which CodeBuild has less room than the vault. */
export const LIMITS = { count: 50, name: 64, value: 16_384, variables: 4_096, secrets: 32_768 };
/** The port that a program in the team's own Dockerfile listens on. */
export const PORTS = { lowest: 1, highest: 65_535 };

/** The admins' name for a unit, whose members share a quota. */
export const UNIT_NAME = /^[\w.:-]([\w.: -]{0,62}[\w.:-])?$/;
/** In US dollars a month. */
export const LARGEST_QUOTA = 1_000_000;

export const VERDICTS = ["approve", "reject"] as const;
export const LONGEST_COMMENT = 500;
export const RUNBOOKS = ["restart", "patch"] as const;
