import { Project, Result, Stage, StageName } from "./project";
import { CommonPorts } from "./ports";
import { Changes, Reads } from "./store";

/** A look comes each minute: what is due sooner is found by the next look instead of the one after it. */
const BY_THE_NEXT_LOOK = 40_000;
export const later = (ports: Pick<CommonPorts, "now">, milliseconds = BY_THE_NEXT_LOOK) =>
  new Date(ports.now().getTime() + milliseconds).toISOString();

export const failed = (code: string, reason: string): Result => ({ ok: false, code, reason });

/** Whether the state machine has moved on during a step's own call. */
export const overtaken = async ({ store }: { store: Pick<Reads, "get"> }, { id }: Project, step: StageName) =>
  (await store.get(id))?.step !== step;

/** How a stage ended, for the record. */
export function ended(
  ports: Pick<CommonPorts, "now">,
  project: Project,
  step: StageName,
  result: Result,
): Stage {
  const now = ports.now().toISOString();
  const at = project.stages[step]?.at ?? now;
  return result.ok
    ? { state: "done", at, endedAt: now }
    : { state: "failed", at, endedAt: now, reason: result.reason };
}

/** The outside world is notified of every stage; a failure to notify it stops nothing. */
export async function tell(
  ports: Pick<CommonPorts, "publish">,
  project: Project,
  stage: StageName,
  state: string,
  reason?: string,
) {
  const { id, name, unit } = project;
  await ports
    .publish({ id, name, unit, stage, state, reason })
    .catch((error: unknown) => log("publish", id, error));
}

/** Records a step's end and, if a state waits for it, lets the state machine continue. */
export async function conclude(
  ports: Omit<CommonPorts, "mail">,
  project: Project,
  step: StageName,
  result: Result,
  token: string | undefined,
  changes: Changes = {},
): Promise<void> {
  const failure = result.ok ? undefined : { step, code: result.code, reason: result.reason };
  await ports.store.end(project.id, step, ended(ports, project, step, result), { ...changes, failure });
  await tell(ports, project, step, result.ok ? "done" : "failed", failure?.reason);
  if (token) await ports.answer(token, result);
}

/** One line for the log: which project, what, and how it failed; never a value from a caller. */
export function log(what: string, id: string, error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  console.error(JSON.stringify({ what, project: id, name, message }));
}
