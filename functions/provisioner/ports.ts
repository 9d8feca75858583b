import { Room } from "./catalogue";
import { Action, Result, StageName } from "./project";
import { Reads, StepStore, ReconcileStore } from "./store";

export interface StackRequest {
  name: string;
  templateUrl: string;
  parameters: Record<string, string>;
  /** The parameters that keep the stack's current values in an update. */
  keeps: string[];
  tags: Record<string, string>;
}

/** A stack as CloudFormation describes it. */
export interface StackState {
  id: string;
  status: string;
  outputs: Record<string, string>;
  /** When it was last updated or created. */
  updatedAt: string;
  drift?: string;
  driftCheckedAt?: string;
}

/** CloudFormation. A refusal comes back as a sentence; any other failure is thrown. */
export interface StackMaker {
  create(request: StackRequest): Promise<{ id: string } | { refused: string }>;
  /** Creates and executes a change set. */
  update(request: StackRequest): Promise<"started" | "unchanged" | { refused: string }>;
}

export interface StackReader {
  read(name: string): Promise<StackState | undefined>;
}

export interface StackRemover extends StackReader {
  /** Begins the deletion; a stack that does not exist counts as deleted. */
  remove(name: string): Promise<"started" | "gone">;
}

export interface StackInspector extends StackRemover {
  /** The first error in a stack's latest operation. */
  problem(name: string): Promise<string>;
  checkDrift(name: string): Promise<void>;
}

export interface BuildState {
  /** It is queued while other builds of the account run. */
  status: "queued" | "running" | "done" | "failed";
  reason: string;
  /** Where the build writes in its log group. */
  logStream?: string;
  /** The commit that it built, if it got far enough to report it. */
  commit?: string;
  /** For a site: what it publishes, if it got that far. */
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

/** The state of a build, in GitHub's terms. */
export type CommitState = "pending" | "success" | "failure";

export interface CommitStatus {
  /** Such as `team/shop`. */
  repository: string;
  commit: string;
  state: CommitState;
  description: string;
  /** The page with its details. */
  target: string;
  /** Distinguishes it from other statuses of the commit. */
  context: string;
}

/** The images that a project's servers have run. */
export interface Releases {
  /** What they pull when they start, by digest; undefined before the first build. */
  current(images: string): Promise<string | undefined>;
  /** Keeps these, however many are pushed after them, and no others; returns those that exist. */
  keep(images: string, digests: string[]): Promise<string[]>;
  /** Makes them pull this one and replaces the running servers; does nothing once the image is gone. */
  restore(images: string, digest: string, group: string): Promise<"started" | "gone">;
}

/** What a name points to: another AWS name with its zone, or an address. */
export type Target = { name: string; zone: string } | { address: string };

/** The names under the platform's domain. */
export interface Names {
  /** Why a project may not have a name, as a sentence: something else has it. */
  taken(host: string, owner: string): Promise<string | undefined>;
  /** Points the name there, unless it belongs to something else. */
  point(host: string, owner: string, target: Target): Promise<{ refused: string } | undefined>;
  /** Removes the project's own records, and nothing else. */
  remove(host: string, owner: string): Promise<void>;
}

export interface Mail {
  to: string[];
  subject: string;
  text: string;
}

/** The services that all functions reach. */
export interface CommonPorts {
  store: Reads;
  publish(event: StageEvent): Promise<void>;
  /** Gives a waiting state its result; a state that no longer waits is no error. */
  answer(token: string, result: Result): Promise<void>;
  /** A refused address comes back as a sentence; everything else is thrown. */
  mail(mail: Mail): Promise<{ refused: string } | undefined>;
  now(): Date;
}

/** The checks of whether a project serves. */
export interface Visitors {
  /** Why a project's address does not answer as it should; undefined if it does. Calls its stack's address by the project's name. */
  probe(url: string, at: string): Promise<string | undefined>;
  /** Whether a balancer reports all servers of a group as healthy, with at least one in it. */
  healthy(targetGroup: string): Promise<boolean>;
}

/** What points names at servers and sends e-mails to admins. */
export interface Directory {
  /** Absent if the platform has no domain: projects then keep the names that AWS gives them. */
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

/** Fails a waiting state: a compensation is tried again, any other step is undone. */
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
  /** Shows a status beside a commit on GitHub, with the token in that secret; does nothing without a token. */
  showCommit(secretArn: string, status: CommitStatus): Promise<void>;
}

export interface ReconcilePorts extends CommonPorts, Failer, Directory, Visitors, Starter {
  store: ReconcileStore;
  stacks: StackInspector;
  builds: Builder;
  buildState(id: string): Promise<BuildState>;
  /** The state of the latest replacement of a group's servers. */
  replacing(group: string): Promise<"running" | "done" | "failed">;
  /** The last lines that a project's build wrote, without anything that looks like a secret. */
  logTail(stack: string, stream: string): Promise<string>;
  execution(name: string): Promise<"running" | "ended" | "absent">;
  /** Alerts a person. */
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

/** The functions' settings from the component, all in one variable. */
export interface FunctionSettings extends Settings {
  adminGroup: string;
  /** Whether decisions about prod need a second factor. */
  totpForProd: boolean;
  /** The environments that need no approval. */
  automatic: string[];
  /** First labels of addresses that no project may have. */
  reserved: string[];
  /** The zones with the platform's own names: a custom domain name may not lie in one. */
  zones: string[];
  /** How many projects that need one of these AWS has room for. */
  capacity: Record<Room, number>;
  /** How many previews a project may have. */
  previewLimit: number;
  /** How repository addresses may begin, beside those of public hosts. */
  repositories: string[];
  /** The address pattern of starters, with `{name}` for the name; empty if none are offered. */
  starters: string;
}

export interface Settings {
  prefix: string;
  /** The console's address, without a slash at the end. */
  consoleUrl: string;
  domain: string;
  /** The pattern of a project's link, with `{name}` for its own name; empty if the link is its name under the domain. */
  link: string;
  approvalHours: number;
  reminderHours: number;
  devDays: number;
  /** How long a preview lives after the last push to its branch. */
  previewDays: number;
  warningDays: number;
  frozenDays: number;
  /** How long the resources of a project that never got ready stay. */
  failedHours: number;
  /** How long the note of a finished project is kept. */
  historyDays: number;
  templates: Record<"static" | "server" | "database", string>;
  /** Parameters of every project, by the template that accepts them. */
  parameters: Record<"static" | "server", Record<string, string>>;
}
