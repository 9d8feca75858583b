import { beginBuild } from "./building";
import { approversOf } from "./approval";
import { kindOf } from "./catalogue";
import { tellCommit } from "./commit-status";
import { conclude, ended, failed, later, log, overtaken, tell } from "./journal";
import { approvalMail, endMail, failedMail, readyMail } from "./mails";
import { notify } from "./notify";
import { stackRequest } from "./parameters";
import { Settings, StepPorts } from "./ports";
import { isNew, Project, Result, settled, Stage, StageName, stackNameOf } from "./project";
import { backTo, releaseBefore, releasesAfter, restore } from "./releases";
import { heldOf, pick, restOf } from "./rest";
import { serving } from "./serving";
import { Changes } from "./store";
import { forget } from "./vault";

export interface StepEvent {
  step: StageName;
  id: string;
  /** The state waits until this is answered. */
  token?: string;
}

interface Context {
  ports: StepPorts;
  settings: Settings;
  project: Project;
  token?: string;
}

/** A result, or nothing while the state goes on waiting. */
type Body = (context: Context) => Promise<Result | undefined>;
const ok: Result = { ok: true };
const CANCELLED = { code: "cancelled", reason: "The project was cancelled." };
const DAY = 24 * 60 * 60 * 1000;

/** Runs one step of a project, forth or back. A repeated call does the same once more, and no harm. */
export async function runStep(ports: StepPorts, settings: Settings, event: StepEvent): Promise<Result> {
  try {
    return await begin(ports, settings, event);
  } catch (error) {
    // A state that waits for a token is told by it, of the bad as of the good.
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
  // The last steps write their own end together with the state that the project rests in.
  if (result && !LAST.includes(step)) await conclude(ports, project, step, result, token);
  else if (result && !result.ok) await conclude(ports, project, step, result, undefined);
  return result ?? ok;
}

const LAST: StageName[] = ["finish", "undo reserve", "keep", "hold"];

/** What a waiting step throws is its result; without anybody waiting the state machine itself tries again. */
async function attempt(context: Context, step: StageName): Promise<Result | undefined> {
  try {
    return await bodies[step](context);
  } catch (error) {
    log(step, context.project.id, error);
    if (step.startsWith("undo") || !context.token) throw new Error(`${step} failed; its log says how`);
    return failed("failed", `The step ${step} failed; try again later, or ask an admin.`);
  }
}

const approve: Body = async ({ ports, settings, project }) => {
  const admins = await approversOf(ports, project);
  if (admins.length === 0)
    return failed("no-approver", "There is no admin beside the requester who could approve.");
  // Refused or not, it can be decided in the console, which says that nobody was told.
  await notify(ports, project, approvalMail(settings, project, admins, false));
  return undefined;
};

const create: Body = async ({ ports, settings, project }) => {
  const taken =
    settings.domain && (await ports.names?.taken(`${project.host}.${settings.domain}`, project.id));
  if (taken) return failed("domain", taken);
  const made = await ports.stacks.create(stackRequest(settings, project));
  if ("refused" in made) return failed("create", made.refused);
  await ports.store.note(project.id, { stackId: made.id });
  // Cancelled in between: the compensation may have looked for the stack before it was there.
  if (await overtaken(ports, project, "create"))
    await ports.stacks.remove(stackNameOf(settings.prefix, project.id));
  return undefined;
};

const update: Body = async ({ ports, settings, project }) => {
  const answer = await ports.stacks.update(stackRequest(settings, project));
  if (answer === "unchanged") return ok;
  return answer === "started" ? undefined : failed("update", answer.refused);
};

const deliver: Body = async ({ ports, settings, project, token }) => {
  const { change } = project;
  if (change?.release) return restore(ports, settings, project, change.release);
  const { repository, branch, folder, secretArn, rebuild } = change ?? {};
  // A server reads its variables when it starts; a site has them from its build alone.
  const site = kindOf(project.type, project.framework)?.template === "static";
  const built = repository || branch || folder || secretArn || rebuild || (site && change?.variables);
  // What has never been ready may have no build that came through.
  if (!isNew(project) && !built) return ok;
  const refused = await beginBuild(ports, settings.prefix, project, token ?? project.run.name);
  if (refused) return refused;
  await tellCommit(ports, settings, project, "pending");
  return undefined;
};

const serve: Body = ({ ports, settings, project }) => serving(ports, settings, project);

const finish: Body = async ({ ports, settings, project }) => {
  const { state, changes: rest } = restOf(ports, settings, project);
  const changes: Changes = { ...rest, ...(await releasesAfter(ports, settings, project)) };
  const stage = ended(ports, project, "finish", ok);
  if (!isNew(project)) await ports.store.settle(project.id, state, stage, changes);
  else if (
    !(await ports.store.commit(project, stage, {
      ...changes,
      state,
      clear: [
        ...(changes.clear ?? []),
        ...(["step", "token", "change"] as const),
        ...(changes.expiresAt ? [] : (["expiresAt"] as const)),
      ],
    }))
  )
    return { ok: false, ...CANCELLED };
  const { secretArn, valuesArn } = project.change ?? {};
  await forget(ports, {
    ...(secretArn && { secretArn: project.secretArn }),
    ...(valuesArn && { valuesArn: project.valuesArn }),
  });
  await tellCommit(ports, settings, project, "success");
  await hasten(ports, project.id);
  await tell(ports, project, "finish", state);
  await notify(ports, project, readyMail(settings, { ...project, ...changes }));
  return ok;
};

/** A push that came meanwhile is built in the next minute; what came before this look counts, too. */
async function hasten(ports: StepPorts, id: string): Promise<void> {
  const { nextPush, state } = (await ports.store.get(id)) ?? {};
  if (nextPush && state && settled(state)) await ports.store.note(id, { due: later(ports, 0) });
}

const undoServe: Body = async ({ ports, settings, project }) => {
  if (settings.domain && ports.names)
    await ports.names.remove(`${project.host}.${settings.domain}`, project.id);
  return ok;
};

/** A build that has not ended would go on for nobody. */
async function stopBuild(ports: StepPorts, { buildId, stages }: Project): Promise<void> {
  if (buildId && stages.deliver?.state !== "done") await ports.builds.stop(buildId);
}

const undoDeliver: Body = async ({ ports, project }) => {
  await stopBuild(ports, project);
  return ok;
};

const undoCreate: Body = async ({ ports, settings, project }) => {
  const name = stackNameOf(settings.prefix, project.id);
  const stack = await ports.stacks.read(name);
  // CloudFormation deletes no bucket that holds something.
  if (stack?.outputs["Bucket"]) await ports.empty(stack.outputs["Bucket"]);
  const begun = await ports.stacks.remove(name);
  return begun === "gone" ? ok : undefined;
};

/** A project's end, as its mail says it. */
function endOf({ failure }: Project, state: "rejected" | "deleted" | "rolled-back"): string {
  if (state !== "rolled-back") return `was ${state}`;
  return failure?.code === "cancelled" ? "was cancelled" : "could not be set up";
}

const undoReserve: Body = async ({ ports, settings, project }) => {
  const deleting = project.run.action === "delete";
  const reason = deleting ? "It was deleted." : reasonOf(project);
  const refused = ["rejected", "expired"].includes(project.failure?.code ?? "");
  const state = deleting ? "deleted" : refused ? "rejected" : "rolled-back";
  for (const kept of [project, project.change]) await forget(ports, kept);
  if (project.hook) await ports.removeSecret(project.hook.arn);
  const forgetAt = Math.floor((ports.now().getTime() + settings.historyDays * DAY) / 1000);
  if (!project.failure && !deleting)
    await ports.store.note(project.id, { failure: { step: stuckStep(project), code: "timeout", reason } });
  await ports.store.close(project, ended(ports, project, "undo reserve", ok), state, forgetAt);
  await tell(ports, project, "undo reserve", state, reason);
  await notify(ports, project, endMail(settings, project, endOf(project, state), reason));
  return ok;
};

/** Steps at which the stack has been led on: its servers find what the change gave them. */
const LED_ON: StageName[] = ["deliver", "serve", "finish"];

const keep: Body = async ({ ports, settings, project }) => {
  const stack = await ports.stacks.read(stackNameOf(settings.prefix, project.id));
  // Neither the old nor the new: a person has to look, and no update could begin.
  if (stack?.status === "UPDATE_ROLLBACK_FAILED") throw new Error("The stack could not be led back");
  const told = failureOf(project);
  // Before the secret of a change that failed is forgotten.
  if (project.run.action === "update") await tellCommit(ports, settings, project, "failure");
  const { change = {} } = project;
  const ledOn = change.valuesArn !== undefined && LED_ON.includes(told.step);
  const release = await releaseBefore(ports, settings, project, ledOn);
  // What the stack's servers read from now on, where nothing leads them back to what they read before.
  const stays = ledOn && !release;
  const values = stays ? pick(change, ["valuesArn", "variables", "secretNames"]) : {};
  await forget(ports, { secretArn: change.secretArn, valuesArn: (stays ? project : change).valuesArn });
  const before = { ...project, ...values, change: undefined };
  const rest = isNew(project) ? heldOf(ports, settings) : restOf(ports, settings, before);
  const { state } = rest;
  const changes = { ...rest.changes, ...values };
  const stage = ended(ports, project, "keep", ok);
  const failure = release ? { ...told, reason: `${told.reason} The release before is put back.` } : told;
  if (release) await ports.store.goBack(project.id, backTo(ports, project, release), stage, failure);
  else await ports.store.settle(project.id, state, stage, { ...changes, failure });
  await hasten(ports, project.id);
  await tell(ports, project, "keep", release ? "updating" : state, failure.reason);
  const action = project.run.action === "delete" ? "deleted" : "updated";
  await notify(ports, project, endMail(settings, project, `was not ${action}`, failure.reason));
  return ok;
};

/** The stack stands, and its database with it: that a build has failed, or its program does not serve, is no reason to take them away. */
const hold: Body = async ({ ports, settings, project }) => {
  await stopBuild(ports, project);
  const { state, changes } = heldOf(ports, settings);
  const failure = failureOf(project);
  const stage = ended(ports, project, "hold", ok);
  if (!(await ports.store.hold(project.id, stage, { ...changes, failure })))
    return { ok: false, ...CANCELLED };
  await tellCommit(ports, settings, project, "failure");
  await hasten(ports, project.id);
  await tell(ports, project, "hold", state, failure.reason);
  await notify(ports, project, failedMail(settings, { ...project, ...changes, failure }));
  return ok;
};

const BACK = ["undo", "keep", "hold"];

/** A step that neither ended nor failed has been cut off: by its time, or by a crash. */
const stuckStep = (project: Project) =>
  (Object.entries(project.stages).find(
    ([step, { state }]) => state === "running" && !BACK.some((back) => step.startsWith(back)),
  )?.[0] ?? "create") as StageName;

const reasonOf = (project: Project) =>
  project.failure?.reason ?? `The step ${stuckStep(project)} did not end in time.`;

const failureOf = (project: Project): NonNullable<Project["failure"]> =>
  project.failure ?? { step: stuckStep(project), code: "timeout", reason: reasonOf(project) };

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
