import { approversOf } from "./approval";
import { conclude, ended, failed, later, log, tell } from "./journal";
import { approvalMail, endMail, readyMail } from "./mails";
import { stackRequest } from "./parameters";
import { CommonPorts, Settings, StepPorts, Target } from "./ports";
import { Project, Result, Stage, StageName, stackNameOf, State } from "./project";

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

const LAST: StageName[] = ["finish", "undo reserve", "keep"];

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
  await ports.mail(approvalMail(settings, project, admins, false));
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
  const { repository, branch, folder, secretArn, rebuild } = change ?? {};
  const same = change && !repository && !branch && !folder && !secretArn && !rebuild;
  if (same) return ok;
  const stack = await ports.stacks.read(stackNameOf(settings.prefix, project.id));
  const build = stack?.outputs["Build"];
  if (!build) return failed("deliver", "The stack names no build.");
  // The token differs with each execution and is the same when one call comes twice.
  const { id, logUrl } = await ports.builds.start(build, token ?? project.run.name);
  await ports.store.note(project.id, { buildId: id, logUrl });
  if (await overtaken(ports, project, "deliver")) await ports.builds.stop(id);
  return undefined;
};

/** Whether the state machine has gone on while a step's own call was under way. */
const overtaken = async (ports: StepPorts, project: Project, step: StageName) =>
  (await ports.store.get(project.id))?.step !== step;

const finish: Body = async ({ ports, settings, project }) => {
  const stack = await ports.stacks.read(stackNameOf(settings.prefix, project.id));
  const rest = restOf(ports, settings, project);
  const target = await targetOf(ports, stack?.outputs ?? {}, rest.changes.frozen);
  if (!target && !rest.changes.frozen) return failed("domain", "The stack has no address.");
  const host = settings.domain && `${project.host}.${settings.domain}`;
  // A name that led to an address which is given up must not lead to whoever gets that next.
  if (host && ports.names && !target) await ports.names.remove(host, project.id);
  const elsewhere = host && target && (await ports.names?.point(host, project.id, target));
  if (elsewhere) return failed("domain", elsewhere.refused);
  const scheme = stack?.outputs["Scheme"] ?? "https";
  const address = host || (target && ("name" in target ? target.name : target.address));
  const link = settings.link && settings.link.replace("{name}", project.host);
  const url = link || (address ? `${scheme}://${address}` : project.url);
  const told = await ports.mail(readyMail(settings, { ...project, ...rest.changes, url }));
  if (told) return failed("notify", told.refused);
  const stage = ended(ports, project, "finish", ok);
  const { state, changes } = rest;
  if (project.change) await ports.store.settle(project.id, state, stage, { ...changes, url });
  else if (!(await ports.store.commit(project, stage, { ...changes, url, state, clear: ["step", "token"] })))
    return { ok: false, ...CANCELLED };
  if (project.change?.secretArn) await ports.removeSecret(project.secretArn);
  await tell(ports, project, "finish", state);
  return ok;
};

/** What a project is when its way has ended well, and when it is looked at next. */
function restOf(ports: StepPorts, settings: Settings, project: Project) {
  const {
    frozen = false,
    repository,
    branch,
    folder,
    email,
    secretArn,
    expiresAt,
    extend,
  } = { ...project, ...project.change };
  const fresh = project.environment === "dev" ? later(ports, settings.devDays * DAY) : undefined;
  const until = extend ? fresh : (expiresAt ?? fresh);
  const state: State = frozen ? "frozen" : "ready";
  const days = !until ? [] : frozen ? [settings.frozenDays] : [-settings.warningDays, 0];
  const turns = days.map((each) => new Date(Date.parse(until!) + each * DAY).toISOString());
  // A day at most, since the stack is then looked at for drift; a turn that has come and failed is tried again then, too.
  const due = [...turns.filter((turn) => turn > later(ports, 0)), later(ports, DAY)].sort()[0];
  const warned = frozen ? project.warned : false;
  return {
    state,
    changes: { frozen, repository, branch, folder, email, secretArn, expiresAt: until, due, warned },
  };
}

/** A group without a balancer is led to by the address of its one instance, and has none while it is frozen. */
async function targetOf(
  ports: StepPorts,
  { Target: name, TargetZone: zone, Group: group }: Record<string, string>,
  frozen: boolean,
): Promise<Target | undefined> {
  if (name && zone) return { name, zone };
  const address = group && !frozen ? await addressOf(ports, group) : undefined;
  return address ? { address } : undefined;
}

/** CloudFormation is done with a group before its machine is there, which takes a minute at most: the step itself has two. */
const ADDRESS = { tries: 20, seconds: 4 };

async function addressOf(ports: StepPorts, group: string): Promise<string | undefined> {
  for (let left = ADDRESS.tries; ; await ports.pause(ADDRESS.seconds)) {
    const address = await ports.addressOf(group);
    if (address || --left === 0) return address;
  }
}

const undoFinish: Body = async ({ ports, settings, project }) => {
  if (settings.domain && ports.names)
    await ports.names.remove(`${project.host}.${settings.domain}`, project.id);
  return ok;
};

const undoDeliver: Body = async ({ ports, project }) => {
  if (project.buildId && project.stages.deliver?.state !== "done") await ports.builds.stop(project.buildId);
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

const undoReserve: Body = async ({ ports, settings, project }) => {
  const deleting = project.run.action === "delete";
  const reason = deleting ? "It was deleted." : reasonOf(project);
  const refused = ["rejected", "expired"].includes(project.failure?.code ?? "");
  const state: State = deleting ? "deleted" : refused ? "rejected" : "rolled-back";
  await ports.removeSecret(project.secretArn);
  if (project.change?.secretArn) await ports.removeSecret(project.change.secretArn);
  const forgetAt = Math.floor((ports.now().getTime() + settings.historyDays * DAY) / 1000);
  if (!project.failure && !deleting)
    await ports.store.note(project.id, { failure: { step: stuckStep(project), code: "timeout", reason } });
  await ports.store.close(project, ended(ports, project, "undo reserve", ok), state, forgetAt);
  await tell(ports, project, "undo reserve", state, reason);
  await mailIfPossible(ports, endMail(settings, project, state, reason), project.id);
  return ok;
};

const keep: Body = async ({ ports, settings, project }) => {
  const stack = await ports.stacks.read(stackNameOf(settings.prefix, project.id));
  // Neither the old nor the new: a person has to look, and no update could begin.
  if (stack?.status === "UPDATE_ROLLBACK_FAILED") throw new Error("The stack could not be led back");
  const reason = reasonOf(project);
  if (project.change?.secretArn) await ports.removeSecret(project.change.secretArn);
  const { state, changes } = restOf(ports, settings, { ...project, change: undefined });
  const failure = project.failure ?? { step: stuckStep(project), code: "timeout", reason };
  await ports.store.settle(project.id, state, ended(ports, project, "keep", ok), { ...changes, failure });
  await tell(ports, project, "keep", state, reason);
  await mailIfPossible(
    ports,
    endMail(
      settings,
      project,
      `the ${project.run.action === "delete" ? "deletion" : "update"} was not made`,
      reason,
    ),
    project.id,
  );
  return ok;
};

/** A step that neither ended nor failed has been cut off: by its time, or by a crash. */
const stuckStep = (project: Project) =>
  (Object.entries(project.stages).find(
    ([step, { state }]) => state === "running" && !step.startsWith("undo") && step !== "keep",
  )?.[0] ?? "create") as StageName;

const reasonOf = (project: Project) =>
  project.failure?.reason ?? `The step ${stuckStep(project)} did not end in time.`;

/** What has been taken back stays so, whether or not the news arrive. */
async function mailIfPossible(
  ports: StepPorts,
  mail: Parameters<CommonPorts["mail"]>[0],
  id: string,
): Promise<void> {
  await ports.mail(mail).catch((error: unknown) => log("mail", id, error));
}

const bodies: Record<StageName, Body> = {
  reserve: async () => ok,
  approve,
  create,
  update,
  deliver,
  finish,
  "undo finish": undoFinish,
  "undo deliver": undoDeliver,
  "undo create": undoCreate,
  "undo reserve": undoReserve,
  keep,
};
