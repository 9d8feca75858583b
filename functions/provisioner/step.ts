import { later } from "./journal";
import { Settings, StepPorts } from "./ports";
import { Project, Result, settled } from "./project";

export interface StepContext {
  ports: StepPorts;
  settings: Settings;
  project: Project;
  /** The state waits until this is answered. */
  token?: string;
}

/** A step's work: it returns a result, or nothing while the state keeps waiting. */
export type Body = (context: StepContext) => Promise<Result | undefined>;

export const ok: Result = { ok: true };
export const CANCELLED = { code: "cancelled", reason: "The project was cancelled." };

/** A push that arrived meanwhile is built within the next minute; one from before this look counts as well. */
export async function hasten(ports: StepPorts, id: string): Promise<void> {
  const { nextPush, state } = (await ports.store.get(id)) ?? {};
  if (nextPush && state && settled(state)) await ports.store.note(id, { due: later(ports, 0) });
}
