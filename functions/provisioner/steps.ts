import { hold, keep, undoCreate, undoDeliver, undoReserve, undoServe } from "./back";
import { approve, create, deliver, finish, serve, update } from "./forth";
import { conclude, failed, later, log, tell } from "./journal";
import { Settings, StepPorts } from "./ports";
import { Result, Stage, StageName } from "./project";
import { Body, CANCELLED, ok, StepContext } from "./step";

export interface StepEvent {
  step: StageName;
  id: string;
  /** The state waits until this is answered. */
  token?: string;
}

const bodies: Record<StageName, Body> = {
  reserve: async () => ok,
  approve,
  create,
  update,
  deliver,
  serve,
  finish,
  "undo serve": undoServe,
  "undo deliver": undoDeliver,
  "undo create": undoCreate,
  "undo reserve": undoReserve,
  keep,
  hold,
};

/** Runs one step of a project, forward or back. A repeated call does the same again and no harm. */
export async function runStep(ports: StepPorts, settings: Settings, event: StepEvent): Promise<Result> {
  try {
    return await begin(ports, settings, event);
  } catch (error) {
    // A state that waits for a token gets every result through it, bad or good.
    if (event.token) await ports.fail(event.token, `${event.step} failed; its log says how`);
    throw error;
  }
}

async function begin(ports: StepPorts, settings: Settings, { step, id, token }: StepEvent): Promise<Result> {
  const stage: Stage = { state: "running", at: ports.now().toISOString() };
  const project = await ports.store.begin(id, step, stage, { token, due: later(ports) });
  if (!project) {
    await ports.store.note(id, { failure: { step, ...CANCELLED } });
    if (token) await ports.answer(token, { ok: false, ...CANCELLED });
    return { ok: false, ...CANCELLED };
  }
  await tell(ports, project, step, "running");
  const result = await attempt({ ports, settings, project, token }, step);
  // The last steps record their own end together with the state in which the project comes to rest.
  if (result && !LAST.includes(step)) await conclude(ports, project, step, result, token);
  else if (result && !result.ok) await conclude(ports, project, step, result, undefined);
  return result ?? ok;
}

const LAST: StageName[] = ["finish", "undo reserve", "keep", "hold"];

/** An error of a waiting step is its result; if nothing waits, the state machine itself tries again. */
async function attempt(context: StepContext, step: StageName): Promise<Result | undefined> {
  try {
    return await bodies[step](context);
  } catch (error) {
    log(step, context.project.id, error);
    if (step.startsWith("undo") || !context.token) throw new Error(`${step} failed; its log says how`);
    return failed("failed", `The step ${step} failed; try again later, or ask an admin.`);
  }
}
