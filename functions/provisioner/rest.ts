import { pick } from "../shared/pick";
import { later } from "./journal";
import { Settings, StepPorts } from "./ports";
import { CONTENT, isNew, Project, State, SWITCHES } from "./project";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** What a change may change, and the project is from its end on. */
const SETTLED = [
  ...CONTENT,
  ...SWITCHES,
  ...(["secretArn", "valuesArn", "variables", "secretNames", "port", "ownName"] as const),
] as const;

/** How long a project lives that ends by itself. */
const lifeOf = (
  { previewDays, devDays }: Pick<Settings, "devDays" | "previewDays">,
  { previewOf }: Project,
) => (previewOf ? previewDays : devDays) * DAY;

/** Whether an extension would give a project next to nothing: less than a day, or of a life of one day less than half of it. */
export function hasWholeLife(
  ports: Pick<StepPorts, "now">,
  settings: Pick<Settings, "devDays" | "previewDays">,
  project: Project,
): boolean {
  if (project.state !== "ready") return false;
  const life = lifeOf(settings, project);
  const left = Date.parse(project.expiresAt ?? "") - ports.now().getTime();
  return life - left < Math.min(DAY, life / 2);
}

/** What a project is when its way has ended well, and when it is looked at next. */
export function restOf(ports: StepPorts, settings: Settings, project: Project) {
  const now = { ...project, ...project.change };
  const { frozen = false, expiresAt, extend } = now;
  const fresh = project.environment === "dev" ? later(ports, lifeOf(settings, project)) : undefined;
  // A project that failed at first had an end that was sooner.
  const until = extend || isNew(project) ? fresh : (expiresAt ?? fresh);
  const state: State = frozen ? "frozen" : "ready";
  const days = !until ? [] : frozen ? [settings.frozenDays] : [-settings.warningDays, 0];
  const turns = days.map((each) => new Date(Date.parse(until!) + each * DAY).toISOString());
  // A day at most, since the stack is then looked at for drift; a turn that has come and failed is tried again then, too.
  const due = project.previewOf
    ? later(ports)
    : [...turns.filter((turn) => turn > later(ports, 0)), later(ports, DAY)].sort()[0];
  const warned = frozen ? project.warned : false;
  return { state, changes: { ...pick(now, SETTLED), frozen, expiresAt: until, due, warned } };
}

/** What has failed at first stays for its team to mend, but not for ever. */
export const heldOf = (ports: StepPorts, { failedHours }: Settings, { previewOf }: Project) => {
  const until = later(ports, failedHours * HOUR);
  return { state: "failed" as const, changes: { expiresAt: until, due: previewOf ? later(ports) : until } };
};
