// What a push to any other branch than the project's own creates: a dev project of its own, for a while.
import { ApiReply, reply } from "../shared/http";
import { pick } from "../shared/pick";
import { accepted, admit, idFrom, isReserved, refuse } from "./admit";
import { needsApproval } from "./approval";
import { buildPush, PushPorts, PushSettings } from "./build-push";
import { kindOf } from "./catalogue";
import { tellCommit } from "./commit-status";
import { later } from "./journal";
import { previewNames } from "./preview-names";
import { BRANCH_NAME, hostOf, isNew, LONGEST_BRANCH, over, Project, State } from "./project";
import { named, Push } from "./push";
import { freshValues, Values, withGiven } from "./values";

const DAY = 24 * 60 * 60 * 1000;
const ENVIRONMENT = "dev";
/** The states in which a project's branches get previews: it serves, or has served and is being changed. */
const SHOWN: State[] = ["ready", "updating", "failed"];

/** Creates the branch's preview, rebuilds it, or ends it; the commit's status says which, and why if none. */
export async function preview(
  ports: PushPorts,
  settings: PushSettings,
  project: Project,
  { branch, commit }: Push,
  key: string,
): Promise<ApiReply> {
  const shown = await previewOf(ports, project, branch);
  if (!commit) {
    if (!shown) return reply(200, { ignored: `the branch ${named(branch)} was deleted` });
    await ports.store.note(shown.id, { branchGone: true, due: later(ports, 0) });
    return accepted(shown.id, { ends: true });
  }
  const answer = shown
    ? await renew(ports, settings, shown, commit)
    : await make(ports, settings, project, branch, commit, key);
  const about = { ...project, previewOf: project.id, built: undefined, change: { commit } };
  if (answer.statusCode === 202) {
    await tellCommit(ports, settings, about, "pending");
    return answer;
  }
  const { message, ignored } = JSON.parse(answer.body) as { message?: string; ignored?: string };
  await tellCommit(ports, settings, about, "failure", message ?? `No preview: ${ignored}.`);
  return reply(200, { ignored: ignored ?? `a push to ${named(branch)}: ${message}` });
}

/** A project's preview of a branch, found by its possible names: an index might not yet hold what was created a moment ago. */
async function previewOf(
  { store }: PushPorts,
  project: Project,
  branch: string,
): Promise<Project | undefined> {
  for (const name of previewNames(project, branch)) {
    const one = await store.at(hostOf(name, ENVIRONMENT));
    if (one && isOf(one, project) && one.branch === branch && !over(one.state)) return one;
  }
  return undefined;
}

/** A preview of the project's former repository no longer belongs to it. */
const isOf = ({ previewOf, repository }: Project, { id, repository: now }: Project) =>
  previewOf === id && repository === now;

/** Each push extends its life. */
async function renew(
  ports: PushPorts,
  settings: PushSettings,
  shown: Project,
  commit: string,
): Promise<ApiReply> {
  const expiresAt = later(ports, settings.previewDays * DAY);
  await ports.store.note(shown.id, { expiresAt, clear: ["branchGone"] });
  return buildPush(ports, settings, shown, commit);
}

async function make(
  ports: PushPorts,
  settings: PushSettings,
  project: Project,
  branch: string,
  commit: string,
  key: string,
): Promise<ApiReply> {
  const why = reasonAgainst(settings, project, branch) ?? (await excess(ports, settings, project));
  if (why) return refuse(409, "preview", why);
  const name = await freeName(ports, settings, project, branch);
  if (!name) return refuse(409, "taken", "Other projects have the names of its preview.");
  const values = await valuesFor(ports, project);
  const needed = kindOf(project.type, project.framework)!.needs?.secret;
  if (needed && values?.secrets[needed] === undefined)
    return refuse(409, "preview", `It needs secrets.${needed}: previews get secrets with previewSecrets.`);
  const quotaCents = await quotaFor(ports, project);
  if (quotaCents === undefined)
    return refuse(
      409,
      "preview",
      "The person who set up its hook has left its unit: somebody in the unit must set it up again.",
    );
  const answer = await admit(ports, settings, {
    ...{ id: idFrom(key), unit: project.unit, by: project.hook!.by, quotaCents, values },
    wish: { ...pick(project, CONTENT), name, environment: ENVIRONMENT, branch },
    secrets: await ports.readSecrets(project.secretArn),
    more: { previewOf: project.id, change: { commit } },
  });
  // Another push at the same moment was faster.
  const shown = answer.statusCode === 409 && (await previewOf(ports, project, branch));
  return shown ? renew(ports, settings, shown, commit) : answer;
}

/** Approval is not bypassed: previews create nothing that would need it, and nothing for a project that has not had it. */
function reasonAgainst(settings: PushSettings, project: Project, branch: string): string | undefined {
  if (isNew(project)) return "There are no previews until the project itself has been ready.";
  if (!SHOWN.includes(project.state)) return `There are no previews while the project is ${project.state}.`;
  if (needsApproval(settings, { environment: ENVIRONMENT }))
    return "A preview is a dev project, and here those need an admin's approval: request one in the console.";
  if (!BRANCH_NAME.test(branch) || branch.length > LONGEST_BRANCH)
    return "Only branches are built whose names consist of letters, digits and any of _ . / -.";
  return kindOf(project.type, project.framework) ? undefined : "The catalogue no longer has this kind.";
}

async function excess({ store }: PushPorts, { previewLimit }: PushSettings, { id, unit }: Project) {
  const there = (await store.list(unit)).filter((one) => one.previewOf === id && !over(one.state)).length;
  if (there < previewLimit) return undefined;
  return `The project has ${there} previews, and may have ${previewLimit}: delete one, or its branch.`;
}

async function freeName({ store }: PushPorts, settings: PushSettings, project: Project, branch: string) {
  for (const name of previewNames(project, branch)) {
    const host = hostOf(name, ENVIRONMENT);
    if (!isReserved(settings, host) && !(await store.at(host))) return name;
  }
  return undefined;
}

/** For a server: the project's variables, its secrets only if the team allows it, and keys of its own. */
async function valuesFor(ports: PushPorts, project: Project): Promise<Values | undefined> {
  const { type, framework, variables = {}, valuesArn, previewSecrets } = project;
  const { template, made } = kindOf(type, framework)!;
  if (template !== "server") return undefined;
  const secrets = previewSecrets && valuesArn ? (await ports.readValues(valuesArn)).secrets : {};
  return withGiven(freshValues(made), { variables, secrets });
}

/** As an admin has set it for the unit, or else the current quota of whoever created the hook. */
async function quotaFor(ports: PushPorts, { unit, hook }: Project): Promise<number | undefined> {
  const { limit } = await ports.store.usage(unit);
  if (limit) return limit.cents;
  const person = await ports.personOf(hook!.by.sub);
  return person?.unit === unit ? person.quotaCents : undefined;
}

/** What a preview inherits from its project. */
const CONTENT = [
  ...(["type", "framework", "repository", "folder", "healthPath", "releaseCommand"] as const),
  ...(["email", "variables", "port"] as const),
] as const;
