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

/** What a step does: a result, or nothing while the state goes on waiting. */
export type Body = (context: StepContext) => Promise<Result | undefined>;

export const ok: Result = { ok: true };
export const CANCELLED = { code: "cancelled", reason: "The project was cancelled." };

/** A push that came meanwhile is built in the next minute; what came before this look counts, too. */
export async function hasten(ports: StepPorts, id: string): Promise<void> {
  const { nextPush, state } = (await ports.store.get(id)) ?? {};
  if (nextPush && state && settled(state)) await ports.store.note(id, { due: later(ports, 0) });
}
