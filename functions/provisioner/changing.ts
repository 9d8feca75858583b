import { ApiReply } from "../shared/http";
import { accepted, noRoom, refuse } from "./admit";
import { needsApproval } from "./approval";
import { parsed } from "./body";
import { kindOf } from "./catalogue";
import { ApiSettings, busy, Context } from "./context";
import { conclude, failed } from "./journal";
import { begin, moveOn, onwardTo } from "./onward";
import { domainRefusal, domainTaken } from "./own-domain";
import { askerFrom, Change, over, Project, settled, State, SWITCHES } from "./project";
import { changeOf, misplaced, missing, secretsOf } from "./request";
import { hasWholeLife } from "./rest";
import { ApiPorts } from "./submit";
import { problemsOf } from "./value-rules";
import { freshValues, Given, givenIn, Values, withGiven } from "./values";
import { forget, keep } from "./vault";

/** What ties a preview to its branch. */
const OF_ITS_PROJECT = ["repository", "branch", ...SWITCHES];
const REST: State[] = ["ready", "frozen", "failed"];

export async function update(
  { ports, settings, caller, request }: Context,
  project: Project,
): Promise<ApiReply> {
  const body = parsed(request.body) ?? {};
  const judged = changeOf(body, settings.repositories);
  if (!judged.ok) return refuse(400, "invalid", judged.problems.join("; "), { problems: judged.problems });
  if (project.previewOf && OF_ITS_PROJECT.some((name) => body[name] !== undefined))
    return refuse(
      400,
      "invalid",
      `A preview takes these from its project and its branch: ${OF_ITS_PROJECT.join(", ")}.`,
    );
  const unfit = await unfitDomain(ports, settings, project, judged.value.change.domain);
  if (unfit) return unfit;
  const from = (await isMended(ports, settings, project)) ? [...REST, "needs-attention" as const] : REST;
  if (!from.includes(project.state)) return busy(project);
  const { change, extend } = judged.value;
  const template = kindOf(project.type, project.framework)?.template;
  const given = givenIn(body);
  const values = await valuesAfter(ports, project, given);
  const wrong = [
    ...misplaced(body, template),
    ...(values ? [...problemsOf({ ...values }, false), ...missing(project, values.secrets)] : []),
  ];
  if (wrong.length > 0) return refuse(400, "invalid", wrong.join("; "), { problems: wrong });
  if (extend && !project.expiresAt)
    return refuse(400, "invalid", "Only a dev project expires, so only one can be extended.");
  if (extend && Object.keys(body).length === 1 && hasWholeLife(ports, settings, project))
    return refuse(
      409,
      "whole",
      `It is already kept until ${project.expiresAt!.slice(0, 10)}, the longest possible time: there is nothing to extend yet.`,
    );
  const secrets = secretsOf(body);
  const kept = await keep(
    ports,
    project.id,
    secrets.accessToken || secrets.privateKey ? secrets : undefined,
    template === "server" ? values : undefined,
  );
  // A name that the project already has is not taken again.
  const { domain: named = null, ...others } = change;
  const newName = named !== project.domain ? named : null;
  const full: Change = {
    ...others,
    ...(newName && { domain: newName }),
    ...(change.domain === null && { domain: null, ownName: null }),
    // An extension starts over from the step that it ended at.
    ...(extend && { frozen: false, extend: true }),
    ...kept,
    ...(given.variables && { variables: values!.variables }),
    ...(given.secrets && { secretNames: Object.keys(values!.secrets).sort() }),
  };
  const [approval, by] = [needsApproval(settings, project), askerFrom(caller)];
  const onward = onwardTo(ports, project, "update", { approval, by, change: full });
  let moved: "moved" | "busy" | "taken";
  try {
    moved = newName
      ? await ports.store.moveNamed(project, from, onward, newName)
      : (await ports.store.move(project.id, from, onward))
        ? "moved"
        : "busy";
  } catch (error) {
    await forget(ports, kept);
    throw error;
  }
  if (moved === "moved") {
    await begin(ports, { id: project.id, run: onward.run });
    return accepted(project.id);
  }
  await forget(ports, kept);
  return moved === "busy" ? busy(project) : domainTaken(newName!);
}

/** Why a custom domain name cannot lead to this project. */
async function unfitDomain(
  { store }: ApiPorts,
  settings: ApiSettings,
  project: Project,
  domain: Change["domain"],
): Promise<ApiReply | undefined> {
  if (!domain || domain === project.domain) return undefined;
  if (project.previewOf)
    return refuse(400, "invalid", "A preview lasts a few days, so it gets no domain of its own.");
  const refused = domainRefusal(settings, { ...project, domain });
  // An extension starts a new lifetime, which the update's last step sets.
  return refused ?? (project.domain ? undefined : noRoom(store, settings, ["domains"]));
}

/** The program's whole environment, if something of it is to change. */
async function valuesAfter(ports: ApiPorts, project: Project, given: Given): Promise<Values | undefined> {
  if (!given.variables && !given.secrets) return undefined;
  const { valuesArn, variables = {}, type, framework } = project;
  const before = valuesArn
    ? await ports.readValues(valuesArn)
    : { ...freshValues(kindOf(type, framework)?.made), variables };
  return withGiven(before, given);
}

/** Runs the previous release again, by the rules of an update. */
export async function rollback({ ports, settings, caller }: Context, project: Project): Promise<ApiReply> {
  if (project.state !== "ready") return busy(project);
  const release = project.releases?.[1];
  if (!release) return refuse(409, "first", "There is no release before the running one.");
  const [approval, by] = [needsApproval(settings, project), askerFrom(caller)];
  const onward = onwardTo(ports, project, "update", { approval, by, change: { release } });
  const moved = await moveOn(ports, project, ["ready"], onward);
  return moved ? accepted(project.id) : busy(project);
}

/** A project whose stack a person has repaired. */
async function isMended(
  ports: ApiPorts,
  { prefix }: ApiSettings,
  { id, state, quota }: Project,
): Promise<boolean> {
  if (state !== "needs-attention" || quota !== "committed") return false;
  const { status = "" } = (await ports.stacks.read(`${prefix}-${id}`)) ?? {};
  return /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(status);
}

/** A running project is stopped and taken back; one at rest is taken down; one that a person must repair gets one more try. */
export async function remove({ ports, settings, caller }: Context, project: Project): Promise<ApiReply> {
  const { id, state } = project;
  const guarded = holdsProdData(settings, project);
  if (state === "deleting") return accepted(id);
  if (over(state) || state === "updating") return busy(project);
  // A project that an admin repairs is no longer at rest, so a refusal could not leave it as it was: it needs no approval, and nobody else may do it.
  if (guarded && state === "needs-attention" && !caller.admin)
    return refuse(
      403,
      "admins",
      "Only admins take down a prod project with a database that needs attention.",
    );
  if (settled(state)) {
    const approval = guarded && state !== "needs-attention";
    const onward = onwardTo(ports, project, "delete", { approval, by: askerFrom(caller) });
    return (await moveOn(ports, project, [state], onward)) ? accepted(id) : busy(project);
  }
  const stopped = await ports.store.cancel(id);
  // Too late, or already on its way down.
  if (!stopped) return busy(project);
  const { step, token } = stopped;
  if (step && token)
    await conclude(ports, stopped, step, failed("cancelled", "The project was cancelled."), token);
  return accepted(id);
}

/** A deletion needs a second person if the creation did. */
const holdsProdData = (settings: ApiSettings, { type, framework, environment, state }: Project) =>
  // A project that failed at first holds nothing yet.
  state !== "failed" &&
  environment === "prod" &&
  needsApproval(settings, { environment }) &&
  kindOf(type, framework)?.engine !== undefined;
