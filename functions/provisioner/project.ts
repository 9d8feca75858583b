import type { Environment } from "./catalogue";

/** What a caller may ask for; the secrets are taken off before anything is recorded. */
export interface Wish {
  name: string;
  environment: Environment;
  type: string;
  /** `stack` in requests and answers. */
  framework: string;
  repository: string;
  branch: string;
  /** Where the built site lies. @default where its framework puts it */
  folder?: string;
  /** Where the project says that it is well. @default `/` */
  healthPath?: string;
  /** What runs in a server's new image before it takes the place of the one before. */
  releaseCommand?: string;
  email: string;
  /** What its program finds in its environment, secrets apart. */
  variables?: Record<string, string>;
  /** Where a program of the team's own Dockerfile listens. @default where its kind does */
  port?: number;
  /** Whether each further branch that is pushed becomes a project of its own for a while. */
  previews?: boolean;
  /** Whether that gets the project's secrets, too. */
  previewSecrets?: boolean;
  /** A name of the team's own that is to lead to it; null once that was taken away. */
  domain?: string | null;
}

/** The name of the team's own by which a stack answers, with the certificate that covers it. */
export interface OwnName {
  domain: string;
  certificateArn: string;
}

/** What a team enters where it keeps its names. */
export interface DnsRecord {
  name: string;
  type: "CNAME";
  value: string;
}

/** How far a name of the team's own has come. */
export interface DomainState {
  domain: string;
  state: "asked" | "waits" | "issued" | "serves" | "given-up";
  /** To be entered by the team, and to stay. */
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

/** The verified caller: API Gateway has checked the token, an admin has written unit and quota. */
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

/** What a step gives the state machine: it goes on, or the compensations run. */
export type Result = { ok: true } | { ok: false; code: string; reason: string };

/** What a change may change of a project's record as it was given. */
export const CONTENT = [
  "repository",
  "branch",
  "folder",
  "healthPath",
  "releaseCommand",
  "email",
  "domain",
] as const;

/** What is on or off, and a change may turn. */
export const SWITCHES = ["previews", "previewSecrets"] as const;

/** What a running update would change; it becomes the project's own only when the update has held. */
export interface Change {
  repository?: string;
  branch?: string;
  folder?: string;
  healthPath?: string;
  releaseCommand?: string;
  email?: string;
  domain?: string | null;
  /** What the stack is to answer by from now on. */
  ownName?: OwnName | null;
  secretArn?: string;
  valuesArn?: string;
  variables?: Record<string, string>;
  secretNames?: string[];
  port?: number;
  previews?: boolean;
  previewSecrets?: boolean;
  frozen?: boolean;
  /** The time of a dev project begins anew. */
  extend?: boolean;
  rebuild?: boolean;
  /** What is built instead of the branch's newest. */
  commit?: string;
  /** What is to serve again instead of a build: a server's image by its digest, a site's files by their sum. */
  release?: string;
}

/** The record of a project: one item, read by all functions, holding no secret. */
export interface Project extends Wish {
  id: string;
  unit: string;
  owner: string;
  ownerEmail: string;
  cents: number;
  /** The first label of the project's address, unique while the project lives. */
  host: string;
  secretArn: string;
  /** Of a server: where the vault keeps what its program finds in its environment. */
  valuesArn?: string;
  secretNames?: string[];
  state: State;
  stages: Partial<Record<StageName, Stage>>;
  /** The execution that carries the project now, and what it is to do. */
  run: Run;
  quota: "reserved" | "committed" | "released";
  createdAt: string;
  /** When somebody has to look at the project again, come what may. */
  due?: string;
  /** The step that runs, with the token that its state waits for. */
  step?: StageName;
  token?: string;
  cancel?: boolean;
  failure?: { step: StageName; code: string; reason: string };
  change?: Change;
  frozen?: boolean;
  expiresAt?: string;
  warned?: boolean;
  reminded?: boolean;
  /** Of what was asked last. */
  decision?: Decision;
  /** The last yes, which a later no does not take away. */
  approved?: Decision;
  buildId?: string;
  /** The commit that the latest build is of, where it is known. */
  built?: string;
  /** The commit that serves, where it is known. */
  commit?: string;
  /** The same of the releases that are kept. */
  commits?: Record<string, string>;
  /** What lets a Git host tell of pushes; the vault keeps its secret. */
  hook?: { arn: string; at: string; by: Asker };
  /** The newest push that came while something else ran. */
  nextPush?: { commit: string; at: string };
  /** Whose branch it shows; the project ends with that one, or before. */
  previewOf?: string;
  /** A preview's branch is no more, so that the next look takes it down. */
  branchGone?: boolean;
  /** Its build waits for others of the account. */
  queued?: boolean;
  logUrl?: string;
  /** What its stack answers by beside the platform's name. */
  ownName?: OwnName | null;
  domainState?: DomainState;
  /** What has served, the one that runs first: a server's images by their digests, a site's files by their sums. */
  releases?: string[];
  /** Of a site: what the latest build that came so far began to publish. */
  published?: string;
  /** The last lines of the build that failed. */
  logTail?: string;
  /** Why the latest e-mail about the project did not go out. */
  notified?: { refused: string; at: string };
  url?: string;
  stackId?: string;
}

export type Action = "create" | "update" | "delete";

export interface Run {
  name: string;
  action: Action;
  /** Whether somebody has to say yes first. */
  approval: boolean;
  /** Who asked for it, and so may not approve it; nobody did when time has come. */
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
/** The states that a project never leaves; what remains of it is a note that ends by itself. */
export const over = (state: State) => state === "rejected" || state === "rolled-back" || state === "deleted";

/** It has never been ready: its quota is reserved, and there is nothing yet that anybody would miss. */
export const isNew = ({ quota }: Pick<Project, "quota">) => quota === "reserved";

/** As git names branches, but for what a shell or an address would take for something else. */
export const BRANCH_NAME = /^\w[\w./-]*$/;
export const LONGEST_BRANCH = 100;

export const PROJECT_ID = /^[a-z0-9]{10}$/;

/** Prod has the plain name; the others carry their environment. */
export const hostOf = (name: string, environment: Environment) =>
  environment === "prod" ? name : `${name}-${environment}`;

export const stackNameOf = (prefix: string, id: string) => `${prefix}-${id}`;
export const idOf = (prefix: string, stackName: string) =>
  stackName.startsWith(`${prefix}-`) ? stackName.slice(prefix.length + 1) : undefined;
