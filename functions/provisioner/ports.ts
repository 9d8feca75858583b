import { Room } from "./catalogue";
import { Action, Result, StageName } from "./project";
import { Reads, StepStore, ReconcileStore } from "./store";

export interface StackRequest {
  name: string;
  templateUrl: string;
  parameters: Record<string, string>;
  /** The parameters that keep, in an update, the values that the stack has. */
  keeps: string[];
  tags: Record<string, string>;
}

/** A stack as CloudFormation tells it. */
export interface StackState {
  id: string;
  status: string;
  outputs: Record<string, string>;
  /** When it was last updated, or made. */
  updatedAt: string;
  drift?: string;
  driftCheckedAt?: string;
}

/** CloudFormation. What it refuses comes back as a sentence; what fails in between is thrown. */
export interface StackMaker {
  create(request: StackRequest): Promise<{ id: string } | { refused: string }>;
  /** Makes and carries out a change set. */
  update(request: StackRequest): Promise<"started" | "unchanged" | { refused: string }>;
}

export interface StackReader {
  read(name: string): Promise<StackState | undefined>;
}

export interface StackRemover extends StackReader {
  /** Begins the deletion; a stack that is not there is deleted already. */
  remove(name: string): Promise<"started" | "gone">;
}

export interface StackInspector extends StackRemover {
  /** The first thing that went wrong in a stack's latest operation. */
  problem(name: string): Promise<string>;
  checkDrift(name: string): Promise<void>;
}

export interface BuildState {
  /** It is queued while others of the account build. */
  status: "queued" | "running" | "done" | "failed";
  reason: string;
  /** Where in its log group the build writes. */
  logStream?: string;
  /** What it has built, where it came so far as to say it. */
  commit?: string;
  /** Of a site: what it publishes, where it came so far. */
  release?: string;
}

/** CodeBuild. */
export interface Builder {
  /**
   * "full" when no more builds of the account may wait.
   * @param told what the build finds in its environment beside what its stack says
   */
  start(
    project: string,
    onceKey: string,
    told: Record<string, string>,
  ): Promise<{ id: string; logUrl?: string } | "full">;
  stop(id: string): Promise<void>;
}

/** How a build fares, in GitHub's words. */
export type CommitState = "pending" | "success" | "failure";

export interface CommitStatus {
  /** Such as `team/shop`. */
  repository: string;
  commit: string;
  state: CommitState;
  description: string;
  /** Where it can be read. */
  target: string;
  /** What tells it from other statuses of the commit. */
  context: string;
}

/** The images that a project's servers ran. */
export interface Releases {
  /** What they fetch when they start, by its digest; nothing before the first build. */
  current(images: string): Promise<string | undefined>;
  /** Has these stay, however many are pushed after them, and no others; answers those that are there. */
  keep(images: string, digests: string[]): Promise<string[]>;
  /** Has them fetch this one, and replaces those that run; not when it is no longer kept. */
  restore(images: string, digest: string, group: string): Promise<"started" | "gone">;
}

/** Where a name leads: to another AWS name by its zone, or to an address. */
export type Target = { name: string; zone: string } | { address: string };

/** The names under the platform's domain. */
export interface Names {
  /** Why a project may not have a name, in a sentence: something else has it. */
  taken(host: string, owner: string): Promise<string | undefined>;
  /** Leads the name there, unless it is not the project's. */
  point(host: string, owner: string, target: Target): Promise<{ refused: string } | undefined>;
  /** Takes away what is the project's, and nothing else. */
  remove(host: string, owner: string): Promise<void>;
}

export interface Mail {
  to: string[];
  subject: string;
  text: string;
}

/** What all functions reach. */
export interface CommonPorts {
  store: Reads;
  publish(event: StageEvent): Promise<void>;
  /** Gives a waiting state its result; one that no longer waits is no error. */
  answer(token: string, result: Result): Promise<void>;
  /** A refused address is a sentence, all else is thrown. */
  mail(mail: Mail): Promise<{ refused: string } | undefined>;
  now(): Date;
}

/** What is asked whether a project serves. */
export interface Visitors {
  /** Why a project's address does not answer as it should, or nothing when it does. Asks where its stack says that it is, by its own name. */
  probe(url: string, at: string): Promise<string | undefined>;
  /** Whether a balancer counts all servers of a group healthy, and there is one at least. */
  healthy(targetGroup: string): Promise<boolean>;
}

/** What leads names to servers and e-mails to admins. */
export interface Directory {
  /** Absent when the platform has no domain: projects then keep the names that AWS gives them. */
  names?: Names;
  /** The public address of a group's instance. */
  addressOf(group: string): Promise<string | undefined>;
  admins(): Promise<string[]>;
}

export interface Starter {
  start(name: string, input: { id: string; action: Action; approval: boolean }): Promise<void>;
}

export interface SecretRemover {
  removeSecret(arn: string): Promise<void>;
}

/** Fails a waiting state, which has a compensation tried again and leads any other step back. */
export interface Failer {
  fail(token: string, reason: string): Promise<void>;
}

export interface StepPorts extends CommonPorts, Failer, Directory, Visitors, SecretRemover {
  store: StepStore;
  stacks: StackMaker & StackRemover;
  builds: Builder;
  releases: Releases;
  /** Deletes every version of every object. */
  empty(bucket: string): Promise<void>;
  /** Shows a status beside a commit on GitHub, by the token in that secret; without a token it does nothing. */
  showCommit(secretArn: string, status: CommitStatus): Promise<void>;
}

export interface ReconcilePorts extends CommonPorts, Failer, Directory, Visitors, Starter {
  store: ReconcileStore;
  stacks: StackInspector;
  builds: Builder;
  buildState(id: string): Promise<BuildState>;
  /** How the latest replacement of a group's servers fares. */
  replacing(group: string): Promise<"running" | "done" | "failed">;
  /** The last lines that a project's build wrote, without what looks like a secret. */
  logTail(stack: string, stream: string): Promise<string>;
  execution(name: string): Promise<"running" | "ended" | "absent">;
  /** Calls for a person. */
  alarm(id: string): Promise<void>;
}

export interface StageEvent {
  id: string;
  name: string;
  unit: string;
  stage: StageName;
  state: string;
  reason?: string;
}

/** What the functions are told by the component, all in one variable. */
export interface FunctionSettings extends Settings {
  adminGroup: string;
  /** Whether deciding on prod takes a second factor. */
  totpForProd: boolean;
  /** The environments that need no approval. */
  automatic: string[];
  /** First labels of addresses that no project gets. */
  reserved: string[];
  /** The zones that hold the platform's own names: no team's own name lies in one. */
  zones: string[];
  /** How many projects that need one of these AWS has room for. */
  capacity: Record<Room, number>;
  /** How many previews a project may have. */
  previewLimit: number;
  /** How addresses of repositories may begin beside those of public hosts. */
  repositories: string[];
  /** How the address of a starter reads, `{name}` being its name; empty where none are offered. */
  starters: string;
}

export interface Settings {
  prefix: string;
  /** Where the console answers, without a slash at the end. */
  consoleUrl: string;
  domain: string;
  /** How a project's link reads, `{name}` being its own name; empty where the link is its name under the domain. */
  link: string;
  approvalHours: number;
  reminderHours: number;
  devDays: number;
  /** How long a preview lives after the last push to its branch. */
  previewDays: number;
  warningDays: number;
  frozenDays: number;
  /** How long what was made of a project stays when it did not get ready. */
  failedHours: number;
  /** How long the note of a project that is over is kept. */
  historyDays: number;
  templates: Record<"static" | "server" | "database", string>;
  /** Parameters of every project, by the template that takes them. */
  parameters: Record<"static" | "server", Record<string, string>>;
}
