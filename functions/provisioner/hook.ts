import { randomBytes } from "node:crypto";
import { ApiReply, reply } from "../shared/http";
import { digestOf } from "../shared/idempotency";
import { needsApproval } from "./approval";
import { ApiSettings, Context, projectNamed } from "./context";
import { moveOn, onwardTo } from "./onward";
import { CommonPorts, FunctionSettings } from "./ports";
import { askerFrom, over, Project, State } from "./project";
import { isSigned, named, Push, pushIn } from "./push";
import { Onward } from "./store";
import { accepted, ApiPorts, refuse } from "./submit";

/** What a push finds at rest; it waits for what moves, and cannot wake what is frozen. */
export const BUILDABLE: State[] = ["ready", "failed"];
/** A Git host sends each push with its time or its place in the history, so that no two are the same. */
const REMEMBERED_SECONDS = 365 * 24 * 60 * 60;

/** Gives a project an address for its Git host to call, and a secret, which is shown this once; the one before counts no more. */
export async function makeHook({ ports, caller }: Context, project: Project): Promise<ApiReply> {
  if (over(project.state) || project.state === "deleting")
    return refuse(409, "busy", `The project is ${project.state}: it cannot be built any more.`);
  const secret = randomBytes(32).toString("hex");
  const arn = await ports.keepHook(project.id, secret);
  const hook = { arn, at: ports.now().toISOString(), by: askerFrom(caller) };
  await ports.store.note(project.id, { hook });
  if (project.hook) await ports.removeSecret(project.hook.arn);
  return reply(201, { url: `${await ports.apiUrl()}/projects/${project.id}/hook`, secret });
}

export async function removeHook({ ports }: Context, project: Project): Promise<ApiReply> {
  if (!project.hook) return refuse(404, "absent", "The project has no hook.");
  await ports.store.note(project.id, { clear: ["hook", "nextPush"] });
  await ports.removeSecret(project.hook.arn);
  return reply(200, { id: project.id });
}

/** Nobody is signed in who calls this: what is not signed by the project's secret learns nothing, not even whether there is such a project. */
export async function takePush(context: Context): Promise<ApiReply> {
  const { ports, settings, request } = context;
  const { id, project } = await projectNamed(context);
  const secret = project?.hook && !over(project.state) && (await ports.readHook(project.hook.arn));
  if (!isSigned(request, secret || randomBytes(32).toString("hex")) || !project)
    return refuse(401, "signature", "This is not signed with the secret of such a project's hook.");
  const told = pushIn(request);
  if ("wrong" in told) return refuse(400, "invalid", told.wrong);
  if ("ignored" in told) return reply(200, told);
  if (told.branch !== project.branch)
    return reply(200, {
      ignored: `a push to ${named(told.branch)}: this project is built from ${project.branch}`,
    });
  const key = digestOf("push", id, request.body ?? "");
  const { mine } = await ports.claims.claim(key, REMEMBERED_SECONDS);
  if (!mine) return refuse(409, "repeated", "This delivery was taken before.");
  try {
    return await build(ports, settings, project, told);
  } catch (error) {
    await ports.claims.release(key);
    throw error;
  }
}

/** At once where the project rests; else when it does, unless a newer push has come by then. */
async function build(
  ports: ApiPorts,
  settings: ApiSettings,
  project: Project,
  { commit }: Push,
): Promise<ApiReply> {
  const { id } = project;
  const onward = pushedOn(ports, settings, project, commit);
  if (await moveOn(ports, project, BUILDABLE, onward)) return accepted(id);
  if (await ports.store.queuePush(id, { commit, at: ports.now().toISOString() }))
    return reply(202, { id, status: `/projects/${id}`, waits: true });
  // It came to rest between the two looks; whatever else it is now, nothing can be built of it.
  if (await moveOn(ports, project, BUILDABLE, onward)) return accepted(id);
  const { state } = (await ports.store.get(id)) ?? project;
  return reply(200, { ignored: `the push: the project is ${state}` });
}

/** A push is an update that builds its commit, asked for by whoever made the hook. */
export const pushedOn = (
  ports: Pick<CommonPorts, "now">,
  settings: Pick<FunctionSettings, "automatic">,
  project: Project,
  commit: string,
): Onward =>
  onwardTo(ports, project, "update", {
    approval: needsApproval(settings, project),
    by: project.hook?.by,
    change: { rebuild: true, commit },
  });
