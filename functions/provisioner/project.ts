import type { Environment } from "./catalogue";

/** What a caller may ask for; its secrets are removed before anything is recorded. */
export interface Wish {
  name: string;
  environment: Environment;
  type: string;
  /** Called `stack` in requests and answers. */
  framework: string;
  repository: string;
  branch: string;
  /** Where the built site lies. @default where its framework puts it */
  folder?: string;
  /** The path at which the project reports its health. @default `/` */
  healthPath?: string;
  /** What runs in a server's new image before it replaces the previous one. */
  releaseCommand?: string;
  email: string;
  /** The program's environment, without secrets. */
  variables?: Record<string, string>;
  /** The port of a program in the team's own Dockerfile. @default that of its kind */
  port?: number;
  /** Whether each further branch that is pushed becomes a project of its own for a while. */
  previews?: boolean;
  /** Whether previews get the project's secrets too. */
  previewSecrets?: boolean;
  /** A custom domain name that is to lead to it; null after it was removed. */
  domain?: string | null;
}

/** The custom domain name that a stack answers to, with the certificate that covers it. */
export interface OwnName {
  domain: string;
  certificateArn: string;
}

/** A record that a team enters at its DNS provider. */
export interface DnsRecord {
  name: string;
  type: "CNAME";
  value: string;
}

/** How far a custom domain name has come. */
export interface DomainState {
  domain: string;
  state: "asked" | "waits" | "issued" | "serves" | "given-up";
  /** The records that the team must enter and keep. */
  records?: DnsRecord[];
  /** When it is given up, unless the records are found. */
  until?: string;
  /** Why it was given up, or what is wrong with it. */
  reason?: string;
}

export interface Secrets {
  accessToken: string;
  privateKey: string;
}

/** The verified caller: API Gateway has checked the token, and an admin has set unit and quota. */
export interface Caller {
  sub: string;
  email: string;
  unit: string;
  quotaCents: number;
  admin: boolean;
}

/** The attribute `custom:Quota`, in US dollars, as cents. */
export function quotaIn(attribute: unknown): number {
  const quota = Number(attribute ?? 0);
  return Number.isFinite(quota) ? Math.floor(quota * 100) : 0;
}

export const STEPS = ["reserve", "approve", "create", "update", "deliver", "serve", "finish"] as const;
export type Step = (typeof STEPS)[number];
export const UNDOS = ["undo serve", "undo deliver", "undo create", "undo reserve", "keep", "hold"] as const;
export type Undo = (typeof UNDOS)[number];
export type StageName = Step | Undo;

export interface Stage {
  state: "running" | "done" | "failed";
  at: string;
  endedAt?: string;
  reason?: string;
}

export const STATES = [
  "running",
  "ready",
  "failed",
  "frozen",
  "updating",
  "deleting",
  "rejected",
  "rolled-back",
  "deleted",
  "needs-attention",
] as const;
export type State = (typeof STATES)[number];

/** A step's result for the state machine: it continues, or the compensations run. */
export type Result = { ok: true } | { ok: false; code: string; reason: string };

/** The fields of a project's record that an update may change. */
export const CONTENT = [
  "repository",
  "branch",
  "folder",
  "healthPath",
  "releaseCommand",
  "email",
  "domain",
] as const;

/** Switches that an update may change. */
export const SWITCHES = ["previews", "previewSecrets"] as const;

/** What a running update would change; it becomes the project's own only if the update succeeds. */
export interface Change {
  repository?: string;
  branch?: string;
  folder?: string;
  healthPath?: string;
  releaseCommand?: string;
  email?: string;
  domain?: string | null;
  /** The custom domain name that the stack is to answer to from now on. */
  ownName?: OwnName | null;
  secretArn?: string;
  valuesArn?: string;
  variables?: Record<string, string>;
  secretNames?: string[];
  port?: number;
  previews?: boolean;
  previewSecrets?: boolean;
  frozen?: boolean;
  /** The lifetime of a dev project starts again. */
  extend?: boolean;
  rebuild?: boolean;
  /** The commit to build instead of the branch's newest. */
  commit?: string;
  /** What is to serve again instead of a build: a server's image by digest, a site's files by hash. */
  release?: string;
}

/** The record of a project: one item that all functions read, without secrets. */
export interface Project extends Wish {
  id: string;
  unit: string;
  owner: string;
  ownerEmail: string;
  cents: number;
  /** The first label of the project's address, unique while the project lives. */
  host: string;
  secretArn: string;
  /** For a server: where the vault keeps its program's environment. */
  valuesArn?: string;
  secretNames?: string[];
  state: State;
  stages: Partial<Record<StageName, Stage>>;
  /** The execution that currently runs for the project, and its task. */
  run: Run;
  quota: "reserved" | "committed" | "released";
  createdAt: string;
  /** When the project must be looked at again, whatever happens. */
  due?: string;
  /** The running step, with the token that its state waits for. */
  step?: StageName;
  token?: string;
  cancel?: boolean;
  failure?: { step: StageName; code: string; reason: string };
  change?: Change;
  frozen?: boolean;
  expiresAt?: string;
  warned?: boolean;
  reminded?: boolean;
  /** The approval of the latest request. */
  decision?: Decision;
  /** The last approval, which a later refusal does not revoke. */
  approved?: Decision;
  buildId?: string;
  /** The commit of the latest build, if known. */
  built?: string;
  /** The commit that serves, if known. */
  commit?: string;
  /** The same for the kept releases. */
  commits?: Record<string, string>;
  /** The webhook that lets a Git host report pushes; the vault keeps its secret. */
  hook?: { arn: string; at: string; by: Asker };
  /** The newest push that arrived while something else ran. */
  nextPush?: { commit: string; at: string };
  /** The project whose branch it shows; it ends with that project, or earlier. */
  previewOf?: string;
  /** A preview's branch is gone, so the next look takes the preview down. */
  branchGone?: boolean;
  /** Its build waits for other builds of the account. */
  queued?: boolean;
  logUrl?: string;
  /** The custom domain name that its stack answers to, beside the platform's name. */
  ownName?: OwnName | null;
  domainState?: DomainState;
  /** What has served, with the current release first: a server's images by digest, a site's files by hash. */
  releases?: string[];
  /** For a site: what the latest build that got that far began to publish. */
  published?: string;
  /** The last lines of the failed build. */
  logTail?: string;
  /** Why the latest e-mail about the project failed. */
  notified?: { refused: string; at: string };
  url?: string;
  stackId?: string;
}

export type Action = "create" | "update" | "delete";

export interface Run {
  name: string;
  action: Action;
  /** Whether somebody must approve first. */
  approval: boolean;
  /** Who asked for it, and so may not approve it; absent if it was due to time. */
  by?: Asker;
}

export interface Decision {
  by: string;
  verdict: "approve" | "reject" | "withdraw";
  comment: string;
  at: string;
}

export interface Asker {
  sub: string;
  email: string;
}

export const askerFrom = ({ sub, email }: Caller): Asker => ({ sub, email });

/** The states in which nothing moves by itself. */
export const settled = (state: State) => state !== "running" && state !== "updating" && state !== "deleting";
/** The states that a project never leaves; only a note remains, which expires by itself. */
export const over = (state: State) => state === "rejected" || state === "rolled-back" || state === "deleted";

/** It has never been ready: its quota is reserved, and it holds nothing yet that anybody would miss. */
export const isNew = ({ quota }: Pick<Project, "quota">) => quota === "reserved";

/** Git's branch names, without those that a shell or an address would misread. */
export const BRANCH_NAME = /^\w[\w./-]*$/;
export const LONGEST_BRANCH = 100;

export const PROJECT_ID = /^[a-z0-9]{10}$/;

/** Prod has the plain name; the others append their environment. */
export const hostOf = (name: string, environment: Environment) =>
  environment === "prod" ? name : `${name}-${environment}`;

export const stackNameOf = (prefix: string, id: string) => `${prefix}-${id}`;
export const idOf = (prefix: string, stackName: string) =>
  stackName.startsWith(`${prefix}-`) ? stackName.slice(prefix.length + 1) : undefined;
