import { pick } from "../shared/pick";
import { later } from "./journal";
import { Settings, StepPorts } from "./ports";
import { CONTENT, isNew, Project, State, SWITCHES } from "./project";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** What a change may change, and what the project takes over when the change ends. */
const SETTLED = [
  ...CONTENT,
  ...SWITCHES,
  ...(["secretArn", "valuesArn", "variables", "secretNames", "port", "ownName"] as const),
] as const;

/** The lifetime of a project that ends by itself. */
const lifeOf = (
  { previewDays, devDays }: Pick<Settings, "devDays" | "previewDays">,
  { previewOf }: Project,
) => (previewOf ? previewDays : devDays) * DAY;

/** Whether an extension would gain almost nothing: less than a day, or less than half of a one-day life. */
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

/** The project's state after a successful run, and the time of its next look. */
export function restOf(ports: StepPorts, settings: Settings, project: Project) {
  const now = { ...project, ...project.change };
  const { frozen = false, expiresAt, extend } = now;
  const fresh = project.environment === "dev" ? later(ports, lifeOf(settings, project)) : undefined;
  // A project that failed at first had an earlier end.
  const until = extend || isNew(project) ? fresh : (expiresAt ?? fresh);
  const state: State = frozen ? "frozen" : "ready";
  const days = !until ? [] : frozen ? [settings.frozenDays] : [-settings.warningDays, 0];
  const turns = days.map((each) => new Date(Date.parse(until!) + each * DAY).toISOString());
  // At most a day, since the stack is then checked for drift; an end that was due and failed is also tried again then.
  const due = project.previewOf
    ? later(ports)
    : [...turns.filter((turn) => turn > later(ports, 0)), later(ports, DAY)].sort()[0];
  const warned = frozen ? project.warned : false;
  return { state, changes: { ...pick(now, SETTLED), frozen, expiresAt: until, due, warned } };
}

/** A project that failed at first stays for its team to repair, but not for ever. */
export const heldOf = (ports: StepPorts, { failedHours }: Settings, { previewOf }: Project) => {
  const until = later(ports, failedHours * HOUR);
  return { state: "failed" as const, changes: { expiresAt: until, due: previewOf ? later(ports) : until } };
};
