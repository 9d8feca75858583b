import type * as pulumi from "@pulumi/pulumi";
import type { AgentConfig } from "../functions/database/agent/config";
import type { Lease } from "../functions/database/lease";
import * as path from "node:path";
import { fileIn, variablesIn } from "./fleet/user-data";

// All that the sandbox knows of the program that it runs: settings, outputs, the files on its servers, and the site. The rest of the sandbox
// knows AWS only, except fleet/translation.ts, which reads the database out of the web app's variables.

export type { AgentConfig };

/** A stack's settings, as far as the sandbox reads them. */
interface Settings {
  database: { engine?: string };
  provisioner: { sender?: string; repositories?: string[]; link?: string; starters?: string };
  uploads: { moreOrigins?: string[] };
  operations: { tracedPercent?: number };
}
/** As pulumi.runtime.setAllConfig takes them. */
type Values = Record<string, string>;

const keyOf = (area: keyof Settings) => `groundwork:${area}`;

/** What a stack says of an area; undefined where it says nothing. */
export function settingOf<Area extends keyof Settings>(
  area: Area,
  values: Values,
): Settings[Area] | undefined {
  const text = values[keyOf(area)];
  return text === undefined ? undefined : (JSON.parse(text) as Settings[Area]);
}

/** The same values with something else for an area. */
export const withSetting = <Area extends keyof Settings>(
  area: Area,
  setting: Settings[Area],
  values: Values,
): Values => ({ ...values, [keyOf(area)]: JSON.stringify(setting) });

/** Where an edit belongs to: what is read once for each function, by each web server, and by the program. */
export const SOURCES = {
  functions: "functions",
  webapp: "webapp",
  /** What a web server reads from the disk for each request. */
  assets: "webapp/public",
  /** What lies in the web app's folder, and only the program reads. */
  deploy: "webapp/deploy",
  program: ["components", "stacks", "index.ts"],
} as const;

/** What a web server runs, as a file of the sources. */
export const WEBAPP = { entry: "webapp/server.ts" } as const;

/** A function of the program, as it is declared. */
export const FUNCTION = { component: "groundwork:index:Lambda", resource: "aws:lambda/function:Function" };
/** Its code as its sources are now. */
export const codeOf = (component: object): Promise<pulumi.asset.Archive> =>
  (component as { [CODE_NOW]: () => Promise<pulumi.asset.Archive> })[CODE_NOW]();
/** As components/shared/lambda.ts has it, which is loaded only with the program. */
const CODE_NOW = Symbol.for("groundwork:codeNow");

/** The engine of a database that runs on the stack's own nodes. */
export const ON_NODES = "shared-storage";

/** The outputs that the sandbox reads. */
export const OUTPUTS = {
  webGroup: "webGroupName",
  delivery: "deliveryUrl",
  provisioner: "provisionerUrl",
} as const;

/** What projects' names lie under here: browsers lead every name below localhost to this machine. */
export const PROJECTS_DOMAIN = "projects.localhost";

/** Where the site lets teams ask for projects. */
export const CONSOLE = "/console";

/** Somebody who can sign in at once. */
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

/** What admins write of everybody: the unit, and its quota in US dollars a month. */
export const WRITTEN_BY_ADMINS = { "custom:BusinessUnit": "engines", "custom:Quota": "200" };

/** The files that the user data writes on a server. */
const FILES = {
  web: "/etc/groundwork/web.env",
  image: "/etc/groundwork/image.env",
  node: "/etc/groundwork/database.json",
  nodeVariables: "/etc/groundwork/database.env",
  nodeScripts: "/usr/local/lib/groundwork",
} as const;

/** The variables of a web server; undefined for any other instance. */
export function webVariables(userData: string): Record<string, string> | undefined {
  const text = fileIn(userData, FILES.web);
  return text === undefined ? undefined : variablesIn(text);
}

/** How a release's scripts see a web server: which unit they start, where the unit's files are, and which of them names the image. */
export const WEB_UNIT = {
  name: "groundwork-web",
  folderVariable: "GROUNDWORK_ETC",
  image: path.basename(FILES.image),
  /** A start takes two seconds here, and nobody wants to wait a minute for one that never answers. */
  patience: { GROUNDWORK_HEALTH_SECONDS: "15", GROUNDWORK_HEALTH_PAUSE: "0.5" },
} as const;

/** The files of that folder as a server's first boot leaves them, with the port that it has here. */
export function webUnitFiles(userData: string, port: number): Record<string, string> {
  const files = [FILES.web, FILES.image].map((file): [string, string] => [
    path.basename(file),
    fileIn(userData, file) ?? "",
  ]);
  return Object.fromEntries(files.map(([name, text]) => [name, atPort(text, port)]));
}

/** Such a file with the port that a server has now. */
export const atPort = (text: string, port: number) => text.replace(/^PORT=.*$/m, `PORT=${port}`);

/** The image that such a file names. */
export const imageIn = (text: string): string => variablesIn(text)["IMAGE"] ?? "";

/** What the web app is told of the machine that it runs on. */
export const webListens = (id: string, port: number) => ({
  INSTANCE_NAME: id,
  HOST: "127.0.0.1",
  PORT: String(port),
});

/**
 * What a server's user data does at its end: it completes a launch hook of its group, once its own health check answers. Undefined where it
 * completes none.
 */
export function launchHookIn(userData: string): { name: string; path: string } | undefined {
  const [, name] = /complete-lifecycle-action --lifecycle-hook-name (\S+)/.exec(userData) ?? [];
  const [, path = "/"] = /curl .*"http:\/\/127\.0\.0\.1:\d+(\/[^"]*)"/.exec(userData) ?? [];
  return name === undefined ? undefined : { name, path };
}

export const isDatabaseNode = (userData: string) => fileIn(userData, FILES.node) !== undefined;

/** The scripts that a node attaches its storage, starts PostgreSQL and detaches with. */
export const NODE_SCRIPTS = ["attach", "try", "start", "detach"] as const;
export type NodeScript = (typeof NODE_SCRIPTS)[number];

/** A database node as its user data describes it. */
export interface NodeDescription {
  config: AgentConfig;
  variables: Record<string, string>;
  script(name: NodeScript): string;
  /** Where the node downloads its agent from, and the sum that it must have. */
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

/** Which node holds the lease, and what it does with it, in one word. */
export const leaseIn = (item: Record<string, { S?: string }> | undefined): Held => ({
  holder: item?.["holder"]?.S ?? "",
  phase: (item?.["phase"]?.S ?? "") as Held["phase"],
});
export type Held = Pick<Lease, "holder" | "phase">;
