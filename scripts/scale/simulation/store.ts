import type { Project, Stage } from "../../../functions/provisioner/project";
import type { ApiStore, Changes, ReconcileStore, StepStore } from "../../../functions/provisioner/store";

type Stages = Record<string, Stage>;

/** The size of a value and of the names in it, as DynamoDB counts it. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value !== "object" || value === null) return 8;
  return Object.entries(value).reduce((sum, [name, one]) => sum + name.length + 3 + bytesOf(one), 3);
}

/** The table of projects, with the conditions of its writes. */
export class Store implements StepStore, ReconcileStore, ApiStore {
  readonly projects = new Map<string, Project>();
  private readonly hosts = new Map<string, string>();
  /** The ones in the index `byDue`: all that are live and need no person. */
  private listed: Project[] = [];
  private readonly kinds = new Map<string, { one: Project; many: number }>();
  private readonly used = new Map<string, number>();
  reads = 0;
  writes = 0;

  put(project: Project): void {
    this.projects.set(project.id, project);
    this.listed.push(project);
    this.count(project, 1);
  }

  private count(project: Project, more: 1 | -1): void {
    const kind = `${project.type} ${project.framework} ${project.environment}`;
    this.kinds.set(kind, { one: project, many: (this.kinds.get(kind)?.many ?? 0) + more });
  }

  private change(id: string, { clear = [], ...changes }: Changes & Partial<Project>, stages: Stages = {}) {
    this.writes++;
    const project = this.projects.get(id)!;
    for (const [name, value] of Object.entries(changes))
      if (value !== undefined) Object.assign(project, { [name]: value });
    for (const name of clear) delete project[name];
    Object.assign(project.stages, stages);
    return project;
  }

  private unlist(id: string): void {
    this.listed = this.listed.filter((one) => one.id !== id);
    this.count(this.projects.get(id)!, -1);
  }

  /** The mean size of the records in the index. */
  bytesEach(): number {
    const some = this.listed.slice(-100);
    return some.length === 0 ? 0 : some.reduce((sum, one) => sum + bytesOf(one), 0) / some.length;
  }

  get = async (id: string) => {
    this.reads++;
    const found = this.projects.get(id);
    return found && { ...found };
  };
  end = async (id: string, step: string, stage: Stage, changes: Changes = {}) => {
    this.change(id, changes, { [step]: stage });
  };
  note = async (id: string, changes: Changes) => {
    this.change(id, changes);
  };

  begin: StepStore["begin"] = async (id, step, stage, { token, due }) => {
    const project = this.projects.get(id)!;
    if (project.cancel && !step.startsWith("undo")) return undefined;
    this.change(id, { due, clear: token ? [] : ["token"] }, { [step]: stage });
    Object.assign(project, { step, ...(token && { token }) });
    return { ...project };
  };
  commit: StepStore["commit"] = async (project, stage, changes) => {
    const now = this.projects.get(project.id)!;
    if (now.quota !== "reserved" || now.cancel) return now.quota === "committed";
    this.change(project.id, { ...changes, quota: "committed" }, { finish: stage });
    return true;
  };
  close: StepStore["close"] = async ({ id, quota, unit, cents, host }, stage, state) => {
    if (quota === "released") return;
    const clear = ["due", "step", "token", "cancel", "url"] as const;
    this.change(id, { state, quota: "released", clear: [...clear] }, { "undo reserve": stage });
    this.unlist(id);
    this.used.set(unit, this.used.get(unit)! - cents);
    this.hosts.delete(host);
  };
  hold: StepStore["hold"] = async (id, stage, { clear = [], ...changes }) => {
    if (this.projects.get(id)!.cancel) return false;
    this.change(id, { ...changes, state: "failed", clear: [...clear, "step", "token"] }, { hold: stage });
    return true;
  };
  goBack: StepStore["goBack"] = async (id, onward, stage, failure) => {
    this.change(id, { ...onward, failure, clear: ["cancel", "step", "token", "buildId"] }, { keep: stage });
  };
  settle: StepStore["settle"] = async (id, state, stage, { clear = [], ...changes }) => {
    this.change(
      id,
      { ...changes, state, clear: [...clear, "change", "cancel", "step", "token"] },
      { [changes.failure ? "keep" : "finish"]: stage },
    );
  };

  due: ReconcileStore["due"] = async (now) => {
    const due = this.listed.filter((one) => one.due !== undefined && one.due <= now);
    due.sort((a, b) => (a.due! < b.due! ? -1 : 1));
    return due.map((one) => ({ ...one }));
  };
  stuck: ReconcileStore["stuck"] = async (id) => {
    const project = this.projects.get(id)!;
    if (!["running", "updating", "deleting"].includes(project.state)) return false;
    this.attend(id);
    return true;
  };
  /** What the machine itself writes about a project that a person must repair. */
  attend(id: string): void {
    this.change(id, { state: "needs-attention", clear: ["due", "token"] });
    this.unlist(id);
  }
  move: ReconcileStore["move"] = async (id, from, onward) => {
    if (!from.includes(this.projects.get(id)!.state)) return false;
    this.change(id, { ...onward, clear: ["failure", "logTail", "step", "token"] });
    return true;
  };

  /** Admission counts all records by kind: here once for each kind instead of once for each record. */
  live = async () => {
    const filter = (fits: (one: Project) => boolean) => ({
      length: [...this.kinds.values()].reduce((sum, { one, many }) => sum + (fits(one) ? many : 0), 0),
    });
    return { filter } as unknown as Project[];
  };
  at: ApiStore["at"] = async (host) => this.projects.get(this.hosts.get(host) ?? "");
  usage: ApiStore["usage"] = async (unit) => ({ usedCents: this.used.get(unit) ?? 0, reservedCents: 0 });
  accept: ApiStore["accept"] = async (project, quotaCents) => {
    if (this.projects.has(project.id)) return { kind: "repeated" };
    if (this.hosts.has(project.host)) return { kind: "taken" };
    const used = this.used.get(project.unit) ?? 0;
    if (used + project.cents > quotaCents) return { kind: "quota", leftCents: quotaCents - used };
    this.writes += 3;
    this.hosts.set(project.host, project.id);
    this.used.set(project.unit, used + project.cents);
    this.put(project);
    return { kind: "accepted" };
  };

  // Nobody changes a quota or a name here, or pushes while something moves.
  units = unasked;
  moveNamed = unasked;
  setLimit = unasked;
  queuePush = unasked;
  // Nobody looks, cancels, decides or drops a file here.
  list = unasked;
  waiting = unasked;
  cancel = unasked;
  decide = unasked;
  putTicket = unasked;
  ticket = unasked;
  removeTicket = unasked;
}

/** What the simulation does not need. */
export const unasked = (): Promise<never> => {
  throw new Error("the simulation asks for this nowhere");
};
