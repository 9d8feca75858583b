// The steps that take a project back, or keep the parts of it that are worth keeping.
import { pick } from "../shared/pick";
import { tellCommit } from "./commit-status";
import { ended, tell } from "./journal";
import { endMail, failedMail } from "./mails";
import { notify } from "./notify";
import { StepPorts } from "./ports";
import { isNew, Project, StageName, stackNameOf } from "./project";
import { backTo, releaseBefore } from "./releases";
import { heldOf, restOf } from "./rest";
import { Body, CANCELLED, hasten, ok } from "./step";
import { forget } from "./vault";

const DAY = 24 * 60 * 60 * 1000;

export const undoServe: Body = async ({ ports, settings, project }) => {
  if (settings.domain && ports.names)
    await ports.names.remove(`${project.host}.${settings.domain}`, project.id);
  return ok;
};

/** A build that has not ended would run on for nobody. */
async function stopBuild(ports: StepPorts, { buildId, stages }: Project): Promise<void> {
  if (buildId && stages.deliver?.state !== "done") await ports.builds.stop(buildId);
}

export const undoDeliver: Body = async ({ ports, project }) => {
  await stopBuild(ports, project);
  return ok;
};

export const undoCreate: Body = async ({ ports, settings, project }) => {
  const name = stackNameOf(settings.prefix, project.id);
  const stack = await ports.stacks.read(name);
  // CloudFormation does not delete a bucket that is not empty.
  for (const output of ["Bucket", "Releases"]) {
    const bucket = stack?.outputs[output];
    if (bucket) await ports.empty(bucket);
  }
  const begun = await ports.stacks.remove(name);
  return begun === "gone" ? ok : undefined;
};

/** A project's end, as its e-mail describes it. */
function endOf({ failure }: Project, state: "rejected" | "deleted" | "rolled-back"): string {
  if (state !== "rolled-back") return `was ${state}`;
  return failure?.code === "cancelled" ? "was cancelled" : "could not be set up";
}

export const undoReserve: Body = async ({ ports, settings, project }) => {
  const deleting = project.run.action === "delete";
  const reason = deleting ? "It was deleted." : reasonOf(project);
  const refused = ["rejected", "expired"].includes(project.failure?.code ?? "");
  const state = deleting ? "deleted" : refused ? "rejected" : "rolled-back";
  // Before the token for reporting it is forgotten.
  if (!deleting) await tellCommit(ports, settings, project, "failure");
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

/** Steps at which the stack has moved on: its servers find what the change gave them. */
const LED_ON: StageName[] = ["deliver", "serve", "finish"];

export const keep: Body = async ({ ports, settings, project }) => {
  const stack = await ports.stacks.read(stackNameOf(settings.prefix, project.id));
  // Neither the old nor the new release: a person has to look, and no update could begin.
  if (stack?.status === "UPDATE_ROLLBACK_FAILED") throw new Error("The stack could not be rolled back");
  const told = failureOf(project);
  // Before the secret of a failed change is forgotten.
  if (project.run.action === "update") await tellCommit(ports, settings, project, "failure");
  const { change = {} } = project;
  const ledOn = change.valuesArn !== undefined && LED_ON.includes(told.step);
  const release = await releaseBefore(ports, settings, project, ledOn);
  // What the stack's servers read from now on, unless something leads them back to what they read before.
  const stays = ledOn && !release;
  const values = stays ? pick(change, ["valuesArn", "variables", "secretNames"]) : {};
  await forget(ports, { secretArn: change.secretArn, valuesArn: (stays ? project : change).valuesArn });
  const before = { ...project, ...values, change: undefined };
  const rest = isNew(project) ? heldOf(ports, settings, project) : restOf(ports, settings, before);
  const { state } = rest;
  const changes = { ...rest.changes, ...values };
  const stage = ended(ports, project, "keep", ok);
  const failure = release ? { ...told, reason: `${told.reason} The previous release is restored.` } : told;
  if (release) await ports.store.goBack(project.id, backTo(ports, project, release), stage, failure);
  else await ports.store.settle(project.id, state, stage, { ...changes, failure });
  await hasten(ports, project.id);
  await tell(ports, project, "keep", release ? "updating" : state, failure.reason);
  const action = project.run.action === "delete" ? "deleted" : "updated";
  await notify(ports, project, endMail(settings, project, `was not ${action}`, failure.reason));
  return ok;
};

/** The stack is up, and its database with it: a failed build, or a program that does not serve, is no reason to remove them. */
export const hold: Body = async ({ ports, settings, project }) => {
  await stopBuild(ports, project);
  const { state, changes } = heldOf(ports, settings, project);
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

/** A step that neither ended nor failed was cut off, by its timeout or by a crash. */
const stuckStep = (project: Project) =>
  (Object.entries(project.stages).find(
    ([step, { state }]) => state === "running" && !BACK.some((back) => step.startsWith(back)),
  )?.[0] ?? "create") as StageName;

const reasonOf = (project: Project) =>
  project.failure?.reason ?? `The step ${stuckStep(project)} did not end in time.`;

const failureOf = (project: Project): NonNullable<Project["failure"]> =>
  project.failure ?? { step: stuckStep(project), code: "timeout", reason: reasonOf(project) };
