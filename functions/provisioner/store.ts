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

/** Why the API keeps a project out. */
export type Admission =
  | { kind: "accepted" }
  | { kind: "taken" }
  /** Another project has its own name, or had it until lately. */
  | { kind: "domain" }
  | { kind: "quota"; leftCents: number }
  /** The project is there already. */
  | { kind: "repeated" };

export interface Usage {
  usedCents: number;
  reservedCents: number;
  /** What the unit's projects may cost, where an admin has set it. */
  limit?: { cents: number; by: string; at: string };
}

export interface UnitQuota extends Usage {
  unit: string;
}

/** What a unit's projects may cost: as an admin has set it, else as it stands with the person who asks. */
export const quotaOf = ({ limit }: Usage, { quotaCents }: Pick<Caller, "quotaCents">) =>
  limit?.cents ?? quotaCents;

/** How much of it is used for good and how much while something is made, in US dollars a month. */
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

/** What all functions do with a project. */
export interface Reads {
  get(id: string): Promise<Project | undefined>;
  /** Writes how a step ended. */
  end(id: string, step: StageName, stage: Stage, changes?: Changes): Promise<void>;
  note(id: string, changes: Changes): Promise<void>;
}

export interface Moves {
  /** Moves a settled project on, unless it is no longer in one of these states; says whether it did. */
  move(id: string, from: State[], onward: Onward): Promise<boolean>;
}

/** What the steps write. */
export interface StepStore extends Reads {
  /** Notes that a step runs; a cancelled project begins no step but its compensations. */
  begin(
    id: string,
    step: StageName,
    stage: Stage,
    more: { token?: string; due: string },
  ): Promise<Project | undefined>;
  /** Turns what is reserved into what is used, once, unless the project was cancelled meanwhile. */
  commit(project: Project, stage: Stage, changes: Changes & { state: State }): Promise<boolean>;
  /** Frees name and quota, once, and leaves a note of the project that ends by itself. */
  close(project: Project, stage: Stage, state: State, forgetAt: number): Promise<void>;
  /** What was made stays, as failed, unless the project was cancelled meanwhile; says whether it does. */
  hold(id: string, stage: Stage, changes: Changes): Promise<boolean>;
  /** An update has failed, and the release before is to run again: that is another update, which the minute begins. */
  goBack(id: string, onward: Onward, stage: Stage, failure: Project["failure"]): Promise<void>;
  /** An update has ended: back to rest. */
  settle(id: string, state: State, stage: Stage, changes: Changes): Promise<void>;
}

/** What the periodic correction reads and writes. */
export interface ReconcileStore extends Reads, Moves {
  due(now: string): Promise<Project[]>;
  /** Leaves a project that broke to a person; says whether it was not left already. */
  stuck(id: string): Promise<boolean>;
}

/** What lets projects in: names taken, quotas used. */
export interface AdmitStore extends Reads, Moves {
  list(unit: string): Promise<Project[]>;
  /** All projects that are not over, but for those that a person has to mend. */
  live(): Promise<Project[]>;
  usage(unit: string): Promise<Usage>;
  /** Whose an address is, by its first label. */
  at(host: string): Promise<Project | undefined>;
  /** Records the project, takes its name and reserves its price: all of it or nothing. */
  accept(project: Project, quotaCents: number): Promise<Admission>;
}

/** What takes pushes. */
export interface PushStore extends AdmitStore {
  /** Remembers a push for when what runs has ended, in place of an older one; says whether something runs. */
  queuePush(id: string, push: NonNullable<Project["nextPush"]>): Promise<boolean>;
}

/** What the API reads and writes besides: quotas set, decisions, tickets for uploads. */
export interface ApiStore extends AdmitStore {
  /** Moves a project on and takes a name of its own for it: both or neither. */
  moveNamed(
    project: Pick<Project, "id" | "unit">,
    from: State[],
    onward: Onward,
    domain: string,
  ): Promise<"moved" | "busy" | "taken">;
  waiting(): Promise<Project[]>;
  units(): Promise<UnitQuota[]>;
  /** Sets what a unit's projects may cost, or takes that away. */
  setLimit(unit: string, limit: Usage["limit"]): Promise<UnitQuota>;
  /** Asks a project on its way up to stop, and says what it waits for; one that is on its way down goes on. */
  cancel(id: string): Promise<Project | undefined>;
  /** Writes the one decision that counts, and says what waits for it. */
  decide(id: string, decision: Decision): Promise<Project | undefined>;
  putTicket(ticket: string, caller: Caller, forgetAt: number): Promise<void>;
  ticket(ticket: string): Promise<Caller | undefined>;
  removeTicket(ticket: string): Promise<void>;
}
