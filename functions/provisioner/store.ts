import {
  Caller,
  Change,
  CONTENT,
  Decision,
  Project,
  SWITCHES,
  Run,
  Stage,
  StageName,
  State,
} from "./project";

/** Why the API refuses a project. */
export type Admission =
  | { kind: "accepted" }
  | { kind: "taken" }
  /** Another project has its custom domain name, or had it until lately. */
  | { kind: "domain" }
  | { kind: "quota"; leftCents: number }
  /** The project already exists. */
  | { kind: "repeated" };

export interface Usage {
  usedCents: number;
  reservedCents: number;
  /** The unit's spending limit, if an admin has set one. */
  limit?: { cents: number; by: string; at: string };
}

export interface UnitQuota extends Usage {
  unit: string;
}

/** A unit's spending limit: as set by an admin, or else the quota of the person who asks. */
export const quotaOf = ({ limit }: Usage, { quotaCents }: Pick<Caller, "quotaCents">) =>
  limit?.cents ?? quotaCents;

/** How much of it is in use, and how much is reserved while something is created, in US dollars a month. */
export const inDollars = ({ usedCents, reservedCents }: Usage) => ({
  committed: (usedCents - reservedCents) / 100,
  reserved: reservedCents / 100,
});

/** What a step may write when it ends. */
export type Changes = Partial<
  Pick<
    Project,
    | "stackId"
    | "buildId"
    | "logUrl"
    | "logTail"
    | "built"
    | "commit"
    | "commits"
    | "hook"
    | "queued"
    | "releases"
    | "published"
    | "notified"
    | "ownName"
    | "domainState"
    | "url"
    | "due"
    | "decision"
    | "warned"
    | "reminded"
    | "failure"
    | (typeof CONTENT)[number]
    | "secretArn"
    | "valuesArn"
    | "variables"
    | "secretNames"
    | "port"
    | "frozen"
    | "expiresAt"
    | "branchGone"
    | (typeof SWITCHES)[number]
  >
> & { clear?: (keyof Project)[] };

/** What a project moves on to. */
export interface Onward {
  state: State;
  run: Run;
  due: string;
  change?: Change;
}

/** The operations that all functions use on a project. */
export interface Reads {
  get(id: string): Promise<Project | undefined>;
  /** Records how a step ended. */
  end(id: string, step: StageName, stage: Stage, changes?: Changes): Promise<void>;
  note(id: string, changes: Changes): Promise<void>;
}

export interface Moves {
  /** Moves a settled project on, unless it is no longer in one of these states; returns whether it did. */
  move(id: string, from: State[], onward: Onward): Promise<boolean>;
}

/** What the steps write. */
export interface StepStore extends Reads {
  /** Records that a step runs; a cancelled project begins only compensations. */
  begin(
    id: string,
    step: StageName,
    stage: Stage,
    more: { token?: string; due: string },
  ): Promise<Project | undefined>;
  /** Turns the reservation into use, once, unless the project was cancelled meanwhile. */
  commit(project: Project, stage: Stage, changes: Changes & { state: State }): Promise<boolean>;
  /** Frees name and quota, once, and leaves a note of the project that expires by itself. */
  close(project: Project, stage: Stage, state: State, forgetAt: number): Promise<void>;
  /** The resources stay, as failed, unless the project was cancelled meanwhile; returns whether they do. */
  hold(id: string, stage: Stage, changes: Changes): Promise<boolean>;
  /** An update has failed, and the previous release is to run again: that is another update, which the next minute begins. */
  goBack(id: string, onward: Onward, stage: Stage, failure: Project["failure"]): Promise<void>;
  /** An update has ended: the project is at rest again. */
  settle(id: string, state: State, stage: Stage, changes: Changes): Promise<void>;
}

/** What the periodic reconciliation reads and writes. */
export interface ReconcileStore extends Reads, Moves {
  due(now: string): Promise<Project[]>;
  /** Leaves a broken project to a person; returns false if that was already done. */
  stuck(id: string): Promise<boolean>;
}

/** What admitting projects needs: it takes names and quotas. */
export interface AdmitStore extends Reads, Moves {
  list(unit: string): Promise<Project[]>;
  /** All live projects, without those that a person must repair. */
  live(): Promise<Project[]>;
  usage(unit: string): Promise<Usage>;
  /** The owner of an address, by its first label. */
  at(host: string): Promise<Project | undefined>;
  /** Records the project, takes its name and reserves its price: all or nothing. */
  accept(project: Project, quotaCents: number): Promise<Admission>;
}

/** What takes pushes. */
export interface PushStore extends AdmitStore {
  /** Stores a push until what runs has ended, in place of an older one; returns whether something runs. */
  queuePush(id: string, push: NonNullable<Project["nextPush"]>): Promise<boolean>;
}

/** What else the API reads and writes: quotas, decisions, tickets for uploads. */
export interface ApiStore extends AdmitStore {
  /** Moves a project on and takes a custom domain name for it: both or neither. */
  moveNamed(
    project: Pick<Project, "id" | "unit">,
    from: State[],
    onward: Onward,
    domain: string,
  ): Promise<"moved" | "busy" | "taken">;
  waiting(): Promise<Project[]>;
  units(): Promise<UnitQuota[]>;
  /** Sets a unit's spending limit, or removes it. */
  setLimit(unit: string, limit: Usage["limit"]): Promise<UnitQuota>;
  /** Asks a project on its way up to stop, and returns what it waits for; one on its way down continues. */
  cancel(id: string): Promise<Project | undefined>;
  /** Records the one decision that counts, and returns what waits for it. */
  decide(id: string, decision: Decision): Promise<Project | undefined>;
  putTicket(ticket: string, caller: Caller, forgetAt: number): Promise<void>;
  ticket(ticket: string): Promise<Caller | undefined>;
  removeTicket(ticket: string): Promise<void>;
}
