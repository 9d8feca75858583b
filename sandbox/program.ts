import type * as pulumi from "@pulumi/pulumi";
import type { AgentConfig } from "../functions/database/agent/config";
import type { Lease } from "../functions/database/lease";
import * as path from "node:path";
import { fileIn, variablesIn } from "./fleet/user-data";

// Everything that the sandbox knows about the program that it runs: settings, outputs, the files on its servers, and the site. The rest of
// the sandbox knows only AWS, except fleet/translation.ts, which reads the database from the web app's variables.

export type { AgentConfig };

/** A stack's settings, as far as the sandbox reads them. */
interface Settings {
  database: { engine?: string };
  provisioner: { sender?: string; repositories?: string[]; link?: string; starters?: string };
  uploads: { moreOrigins?: string[] };
  operations: { tracedPercent?: number };
}
/** In the form that pulumi.runtime.setAllConfig takes. */
type Values = Record<string, string>;

const keyOf = (area: keyof Settings) => `groundwork:${area}`;

/** A stack's setting for an area; undefined if it has none. */
export function settingOf<Area extends keyof Settings>(
  area: Area,
  values: Values,
): Settings[Area] | undefined {
  const text = values[keyOf(area)];
  return text === undefined ? undefined : (JSON.parse(text) as Settings[Area]);
}

/** The same values with another setting for an area. */
export const withSetting = <Area extends keyof Settings>(
  area: Area,
  setting: Settings[Area],
  values: Values,
): Values => ({ ...values, [keyOf(area)]: JSON.stringify(setting) });

/** What an edit affects: folders that each function, each web server, or the program reads once. */
export const SOURCES = {
  functions: "functions",
  webapp: "webapp",
  /** What a web server reads from the disk for each request. */
  assets: "webapp/public",
  /** What lies in the web app's folder, but only the program reads. */
  deploy: "webapp/deploy",
  program: ["components", "stacks", "index.ts"],
} as const;

/** The source file that a web server runs. */
export const WEBAPP = { entry: "webapp/server.ts" } as const;

/** A function of the program, as declared. */
export const FUNCTION = { component: "groundwork:index:Lambda", resource: "aws:lambda/function:Function" };
/** Its code, built from its current sources. */
export const codeOf = (component: object): Promise<pulumi.asset.Archive> =>
  (component as { [CODE_NOW]: () => Promise<pulumi.asset.Archive> })[CODE_NOW]();
/** As in components/shared/lambda.ts, which is loaded only with the program. */
const CODE_NOW = Symbol.for("groundwork:codeNow");

/** The engine of a database that runs on the stack's own nodes. */
export const ON_NODES = "shared-storage";

/** The outputs that the sandbox reads. */
export const OUTPUTS = {
  webGroup: "webGroupName",
  delivery: "deliveryUrl",
  provisioner: "provisionerUrl",
} as const;

/** The parent domain of projects' names here: browsers resolve every name below localhost to this machine. */
export const PROJECTS_DOMAIN = "projects.localhost";

/** Where the site lets teams ask for projects. */
export const CONSOLE = "/console";

/** A person who can sign in at once. */
export interface Person {
  email: string;
  password: string;
  group: "member" | "admin";
}

/** One who asks for projects, and one who may grant them. */
export const PEOPLE: Person[] = [
  { email: "ada@example.com", password: "Ready-to-use-1!", group: "member" },
  { email: "admin@example.com", password: "Ready-to-use-1!", group: "admin" },
];

/** What admins set for each person: the unit, and its quota in US dollars a month. */
export const WRITTEN_BY_ADMINS = { "custom:BusinessUnit": "engines", "custom:Quota": "200" };

/** The files that the user data writes on a server. */
const FILES = {
  web: "/etc/groundwork/web.env",
  image: "/etc/groundwork/image.env",
  node: "/etc/groundwork/database.json",
  nodeVariables: "/etc/groundwork/database.env",
  nodeScripts: "/usr/local/lib/groundwork",
} as const;

/** A web server's variables; undefined for any other instance. */
export function webVariables(userData: string): Record<string, string> | undefined {
  const text = fileIn(userData, FILES.web);
  return text === undefined ? undefined : variablesIn(text);
}

/** A web server as a release's scripts see it: which unit they start, where the unit's files are, and which of them names the image. */
export const WEB_UNIT = {
  name: "groundwork-web",
  folderVariable: "GROUNDWORK_ETC",
  image: path.basename(FILES.image),
  /** A start takes two seconds here, and nobody wants to wait a minute for one that never answers. */
  patience: { GROUNDWORK_HEALTH_SECONDS: "15", GROUNDWORK_HEALTH_PAUSE: "0.5" },
} as const;

/** The files of that folder after a server's first boot, with its port here. */
export function webUnitFiles(userData: string, port: number): Record<string, string> {
  const files = [FILES.web, FILES.image].map((file): [string, string] => [
    path.basename(file),
    fileIn(userData, file) ?? "",
  ]);
  return Object.fromEntries(files.map(([name, text]) => [name, atPort(text, port)]));
}

/** Such a file with a server's current port. */
export const atPort = (text: string, port: number) => text.replace(/^PORT=.*$/m, `PORT=${port}`);

/** The image that such a file names. */
export const imageIn = (text: string): string => variablesIn(text)["IMAGE"] ?? "";

/** What the web app learns about the machine that it runs on. */
export const webListens = (id: string, port: number) => ({
  INSTANCE_NAME: id,
  HOST: "127.0.0.1",
  PORT: String(port),
});

/**
 * The last step of a server's user data: it completes a launch hook of its group, once its own health check answers. Undefined if it
 * completes none.
 */
export function launchHookIn(userData: string): { name: string; path: string } | undefined {
  const [, name] = /complete-lifecycle-action --lifecycle-hook-name (\S+)/.exec(userData) ?? [];
  const [, path = "/"] = /curl .*"http:\/\/127\.0\.0\.1:\d+(\/[^"]*)"/.exec(userData) ?? [];
  return name === undefined ? undefined : { name, path };
}

export const isDatabaseNode = (userData: string) => fileIn(userData, FILES.node) !== undefined;

/** The scripts with which a node attaches its storage, starts PostgreSQL and detaches. */
export const NODE_SCRIPTS = ["attach", "try", "start", "detach"] as const;
export type NodeScript = (typeof NODE_SCRIPTS)[number];

/** A database node as its user data describes it. */
export interface NodeDescription {
  config: AgentConfig;
  variables: Record<string, string>;
  script(name: NodeScript): string;
  /** Where the node downloads its agent from, and the required checksum. */
  agent: { bucket: string; key: string; sha256: string };
  /** The secret with the password of the database. */
  secretArn: string;
}

export function nodeIn(userData: string): NodeDescription {
  const variables = variablesIn(fileIn(userData, FILES.nodeVariables)!);
  const [, bucket, key] = /s3:\/\/([^/\s]+)\/(\S+)/.exec(userData) ?? [];
  const [, sha256] = /echo "([0-9a-f]{64}) {2}/.exec(userData) ?? [];
  if (!bucket || !key || !sha256) throw new Error("a database node's user data names no agent to download");
  return {
    config: JSON.parse(fileIn(userData, FILES.node)!) as AgentConfig,
    variables,
    script: (name) => fileIn(userData, `${FILES.nodeScripts}/${name}`)!,
    agent: { bucket, key, sha256 },
    secretArn: variables["SECRET_ARN"]!,
  };
}

export const leaseKey = ({ key }: AgentConfig) => ({ pk: { S: key } });

/** Which node holds the lease, and what it is doing, in one word. */
export const leaseIn = (item: Record<string, { S?: string }> | undefined): Held => ({
  holder: item?.["holder"]?.S ?? "",
  phase: (item?.["phase"]?.S ?? "") as Held["phase"],
});
export type Held = Pick<Lease, "holder" | "phase">;
