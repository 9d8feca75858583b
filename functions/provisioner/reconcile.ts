import { approversOf, verdictOf } from "./approval";
import { beginBuild } from "./building";
import { conclude, failed, later, log } from "./journal";
import { approvalMail, warningMail } from "./mails";
import { notify } from "./notify";
import { moveOn, onwardTo } from "./onward";
import { FunctionSettings, ReconcilePorts, Settings as ProjectSettings } from "./ports";
import { idOf, over, Project, Result, settled, stackNameOf } from "./project";
import { BUILDABLE, pushedOn } from "./pushed-on";
import { noteAddress, serving } from "./serving";

type Settings = ProjectSettings & Pick<FunctionSettings, "automatic">;

/** EventBridge's events: a stack, a build or a group has changed, or a minute has passed. */
export interface ReconcileEvent {
  source: string;
  "detail-type": string;
  detail: Record<string, unknown>;
}

const ok: Result = { ok: true };
const DAY = 24 * 60 * 60 * 1000;

/**
 * Continues whatever waits for AWS. An event only says where to look and its content is never trusted, so late, duplicate
 * and forged ones do no harm. The look of every minute finds what no event reported.
 */
export async function reconcile(
  ports: ReconcilePorts,
  settings: Settings,
  event: ReconcileEvent,
): Promise<number> {
  if (event.source === "aws.events" || event.source === "aws.scheduler") return sweep(ports, settings);
  const id = projectIn(settings.prefix, event.detail);
  const project = id ? await ports.store.get(id) : undefined;
  if (!project) return 0;
  if (event.source === "aws.autoscaling" && project.step !== "serve") await follow(ports, settings, project);
  // A stack that appeared after its project's end, by a call that was running when the project was cancelled.
  else if (over(project.state)) await ports.stacks.remove(stackNameOf(settings.prefix, project.id));
  else await look(ports, settings, project);
  return 1;
}

/** The project of a stack, a build project or a group: all are named after its stack. */
function projectIn(prefix: string, detail: Record<string, unknown>): string | undefined {
  const stack = String(detail["stack-id"] ?? "").split("/")[1];
  const name = stack ?? String(detail["project-name"] ?? detail["AutoScalingGroupName"] ?? "");
  return idOf(prefix, name)?.split("-")[0];
}

async function sweep(ports: ReconcilePorts, settings: Settings): Promise<number> {
  const projects = await ports.store.due(ports.now().toISOString());
  for (const project of projects) {
    try {
      await ports.store.note(project.id, { due: later(ports) });
      if (settled(project.state)) await age(ports, settings, project);
      else if (await carried(ports, project)) await look(ports, settings, project);
    } catch (error) {
      log("sweep", project.id, error); // a failure must not keep the next project from its turn
    }
  }
  return projects.length;
}

/** Whether the project's execution still exists; one that never began is started, a broken one is left to a person. */
async function carried(ports: ReconcilePorts, project: Project): Promise<boolean> {
  const { name, action, approval } = project.run;
  const state = await ports.execution(name);
  if (state === "absent") await ports.start(name, { id: project.id, action, approval });
  if (state === "ended" && (await ports.store.stuck(project.id))) await ports.alarm(project.id);
  return state === "running";
}

/** Checks whatever the project waits for, and lets it continue. */
export async function look(ports: ReconcilePorts, settings: Settings, project: Project): Promise<void> {
  const { step, token } = project;
  if (!step || !token || settled(project.state)) return;
  if (step === "undo create") return lookAtDeletion(ports, settings, project, token);
  const result =
    step === "approve"
      ? await lookAtApproval(ports, settings, project)
      : step === "deliver"
        ? await lookAtBuild(ports, settings, project)
        : step === "serve"
          ? await serving(ports, settings, project)
          : await lookAtStack(ports, settings, project);
  if (result) await conclude(ports, project, step, result, token);
}

async function lookAtApproval(
  ports: ReconcilePorts,
  settings: Settings,
  project: Project,
): Promise<Result | undefined> {
  if (project.decision) return verdictOf(project.decision);
  const hours = (ports.now().getTime() - Date.parse(project.stages.approve!.at)) / 3_600_000;
  if (hours >= settings.approvalHours)
    return failed("expired", `Nobody decided within ${settings.approvalHours} hours.`);
  if (hours >= settings.reminderHours && !project.reminded) {
    await notify(ports, project, approvalMail(settings, project, await approversOf(ports, project), true));
    await ports.store.note(project.id, { reminded: true });
  }
  return undefined;
}

async function lookAtBuild(
  ports: ReconcilePorts,
  settings: Settings,
  project: Project,
): Promise<Result | undefined> {
  if (!project.buildId) {
    // CodeBuild had no room for it at the last request.
    if (project.queued) await beginBuild(ports, settings.prefix, project, project.token!);
    else if (project.change?.release) return lookAtReplacement(ports, settings, project);
    return undefined;
  }
  const { status, reason, logStream, commit, release } = await ports.buildState(project.buildId);
  const queued = status === "queued";
  if (queued !== Boolean(project.queued)) await ports.store.note(project.id, { queued });
  if (queued || status === "running") return undefined;
  if (commit || release) await ports.store.note(project.id, { built: commit, published: release });
  if (status === "done") return ok;
  if (logStream) {
    const logTail = await ports
      .logTail(stackNameOf(settings.prefix, project.id), logStream)
      .catch((error: unknown) => log("log tail", project.id, error));
    if (logTail) await ports.store.note(project.id, { logTail });
  }
  return failed("deliver", reason);
}

/** An earlier image needs no build: only its servers must come up. */
async function lookAtReplacement(
  ports: ReconcilePorts,
  settings: Settings,
  { id }: Project,
): Promise<Result | undefined> {
  const group = (await ports.stacks.read(stackNameOf(settings.prefix, id)))?.outputs["Group"];
  const state = group ? await ports.replacing(group) : "running";
  if (state === "running") return undefined;
  return state === "done" ? ok : failed("deliver", "The servers could not be replaced.");
}

async function lookAtStack(
  ports: ReconcilePorts,
  settings: Settings,
  project: Project,
): Promise<Result | undefined> {
  const name = stackNameOf(settings.prefix, project.id);
  const stack = await ports.stacks.read(name);
  if (project.step === "create") {
    if (!stack || /_IN_PROGRESS$/.test(stack.status)) return undefined;
    return stack.status === "CREATE_COMPLETE" ? ok : failed("create", await ports.stacks.problem(name));
  }
  // The stack also looked complete before the update began.
  if (!stack || !(stack.updatedAt > project.stages.update!.at)) return undefined;
  if (/^UPDATE_COMPLETE/.test(stack.status)) return ok;
  if (/_IN_PROGRESS$/.test(stack.status)) return undefined;
  return failed("update", await ports.stacks.problem(name));
}

async function lookAtDeletion(
  ports: ReconcilePorts,
  settings: Settings,
  project: Project,
  token: string,
): Promise<void> {
  const name = stackNameOf(settings.prefix, project.id);
  const stack = await ports.stacks.read(name);
  if (!stack) return conclude(ports, project, "undo create", ok, token);
  if (stack.status === "DELETE_FAILED") await ports.fail(token, await ports.stacks.problem(name));
}

/** A dev server's address changes when its group replaces it. */
async function follow(ports: ReconcilePorts, settings: Settings, project: Project): Promise<void> {
  if (project.state !== "ready") return;
  const stack = await ports.stacks.read(stackNameOf(settings.prefix, project.id));
  const group = stack?.outputs["Group"];
  if (!group || stack.outputs["Target"]) return;
  const address = await ports.addressOf(group);
  if (!address) return;
  if (!settings.domain || !ports.names) {
    await noteAddress(ports, settings, project, stack.outputs, address);
    return;
  }
  const told = await ports.names.point(`${project.host}.${settings.domain}`, project.id, { address });
  if (told) log("follow", project.id, new Error(told.refused));
}

/** Once a day the stack is compared with its template. A dev project is warned about, then frozen, then deleted. */
async function age(ports: ReconcilePorts, settings: Settings, project: Project): Promise<void> {
  const { state, warned, nextPush } = project;
  if (over(state)) return;
  if (project.previewOf && (await isPast(ports, project))) return onward(ports, project, "delete");
  if (nextPush) return buildNext(ports, settings, project, nextPush.commit);
  // A preview is checked each minute, so that it ends with its branch and its project; it is too short-lived to drift.
  if (project.previewOf) return;
  const now = ports.now().getTime();
  const end = project.expiresAt ? Date.parse(project.expiresAt) : Infinity;
  if (state === "failed") {
    if (now >= end) return onward(ports, project, "delete");
    return ports.store.note(project.id, { due: project.expiresAt });
  }
  if (state === "frozen" && now >= end + settings.frozenDays * DAY) return onward(ports, project, "delete");
  if (state === "ready" && now >= end) return onward(ports, project, "update");
  if (state === "ready" && !warned && now >= end - settings.warningDays * DAY) {
    await notify(ports, project, warningMail(settings, project));
    await ports.store.note(project.id, { warned: true });
  }
  const next = state === "frozen" ? end + settings.frozenDays * DAY : end;
  await ports.store.note(project.id, { due: new Date(Math.min(next, now + DAY)).toISOString() });
  await ports.stacks.checkDrift(stackNameOf(settings.prefix, project.id));
}

/** Whether a preview has nothing to show any more, or nobody has pushed to its branch for long. */
async function isPast({ store, now }: ReconcilePorts, preview: Project): Promise<boolean> {
  const of = await store.get(preview.previewOf!);
  const ends = preview.branchGone || now().toISOString() >= (preview.expiresAt ?? "");
  if (ends || !of?.previews || over(of.state) || of.state === "deleting") return true;
  return of.repository !== preview.repository;
}

/** The newest push that arrived while something else ran; a frozen or broken project builds none. */
async function buildNext(ports: ReconcilePorts, settings: Settings, project: Project, commit: string) {
  if (!(await moveOn(ports, project, BUILDABLE, pushedOn(ports, settings, project, commit))))
    await ports.store.note(project.id, { clear: ["nextPush"], due: later(ports, 0) });
}

/** Requests that time alone makes: nobody has to approve them. */
async function onward(ports: ReconcilePorts, project: Project, action: "update" | "delete"): Promise<void> {
  const how = action === "update" ? { change: { frozen: true } } : {};
  await moveOn(ports, project, [project.state], onwardTo(ports, project, action, how));
}
