import { Action, Result, StageName } from "./project";
import { Store } from "./store";

export interface StackRequest {
  name: string;
  templateUrl: string;
  parameters: Record<string, string>;
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
export interface Stacks {
  create(request: StackRequest): Promise<{ id: string } | { refused: string }>;
  /** Makes and carries out a change set. */
  update(request: StackRequest): Promise<"started" | "unchanged" | { refused: string }>;
  /** Begins the deletion; a stack that is not there is deleted already. */
  remove(name: string): Promise<"started" | "gone">;
  read(name: string): Promise<StackState | undefined>;
  /** The first thing that went wrong in a stack's latest operation. */
  problem(name: string): Promise<string>;
  checkDrift(name: string): Promise<void>;
}

export interface BuildState {
  status: "running" | "done" | "failed";
  reason: string;
}

/** CodeBuild. */
export interface Builds {
  start(project: string, onceKey: string): Promise<{ id: string; logUrl?: string }>;
  stop(id: string): Promise<void>;
  read(id: string): Promise<BuildState>;
}

/** Where a name leads: to another AWS name by its zone, or to an address. */
export type Target = { name: string; zone: string } | { address: string };

/** The names under the platform's domain. */
export interface Names {
  point(host: string, target: Target): Promise<void>;
  remove(host: string): Promise<void>;
}

export interface Mail {
  to: string[];
  subject: string;
  text: string;
}

export interface Ports {
  store: Store;
  stacks: Stacks;
  builds: Builds;
  /** Absent when the platform has no domain: projects then keep the names that AWS gives them. */
  names?: Names;
  /** Deletes every version of every object. */
  empty(bucket: string): Promise<void>;
  removeSecret(arn: string): Promise<void>;
  /** The public address of a group's instance. */
  addressOf(group: string): Promise<string | undefined>;
  /** A refused address is a sentence, all else is thrown. */
  mail(mail: Mail): Promise<{ refused: string } | undefined>;
  publish(event: StageEvent): Promise<void>;
  admins(): Promise<string[]>;
  /** Gives a waiting state its result; one that no longer waits is no error. */
  answer(token: string, result: Result): Promise<void>;
  /** Has a waiting compensation tried again. */
  retry(token: string, reason: string): Promise<void>;
  start(name: string, input: { id: string; action: Action; approval: boolean }): Promise<void>;
  execution(name: string): Promise<"running" | "ended" | "absent">;
  /** Calls for a person. */
  alarm(id: string): Promise<void>;
  now(): Date;
}

export interface StageEvent {
  id: string;
  name: string;
  unit: string;
  stage: StageName;
  state: string;
  reason?: string;
}

/** What the functions are told by the component. */
export interface Settings {
  prefix: string;
  /** Where the console answers, without a slash at the end. */
  consoleUrl: string;
  domain: string;
  approvalHours: number;
  reminderHours: number;
  devDays: number;
  warningDays: number;
  frozenDays: number;
  /** How long the note of a project that is over is kept. */
  historyDays: number;
  templates: Record<"static" | "server" | "database", string>;
  /** Parameters of every project, by the template that takes them. */
  parameters: Record<"static" | "server", Record<string, string>>;
}
