import { randomBytes } from "node:crypto";
import { ApiReply, reply } from "../shared/http";
import { refuse } from "./admit";
import { Context } from "./context";
import { askerFrom, over, Project } from "./project";

/** Gives a project an address for its Git host to call, and a secret that is shown only this once and replaces the previous one. */
export async function makeHook({ ports, caller }: Context, project: Project): Promise<ApiReply> {
  if (project.previewOf)
    return refuse(400, "invalid", "A preview is built by its project's hook and cannot have its own.");
  if (over(project.state) || project.state === "deleting")
    return refuse(409, "busy", `The project is ${project.state}: it can no longer be built.`);
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
