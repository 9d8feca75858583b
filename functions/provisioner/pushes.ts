import { randomBytes } from "node:crypto";
import { ApiReply, reply } from "../shared/http";
import { digestOf } from "../shared/idempotency";
import { refuse } from "./admit";
import { buildPush, PushPorts, PushSettings } from "./build-push";
import type { RouteRequest } from "./context";
import { log } from "./journal";
import { preview } from "./previews";
import { over, PROJECT_ID } from "./project";
import { isSigned, named, pushIn } from "./push";

/** A Git host sends each push with its time or its place in the history, so no two are equal. */
const REMEMBERED_SECONDS = 365 * 24 * 60 * 60;

/** Answers the one route that needs no token. */
export async function answerPush(
  ports: PushPorts,
  settings: PushSettings,
  request: RouteRequest,
): Promise<ApiReply> {
  const id = request.pathParameters?.["id"] ?? "";
  try {
    return await takePush(ports, settings, request, id);
  } catch (error) {
    log("push", id, error);
    return refuse(503, "unavailable", "This could not be done now; try again.");
  }
}

/** The caller is not signed in: a delivery without the signature of the project's secret learns nothing, not even whether the project exists. */
async function takePush(
  ports: PushPorts,
  settings: PushSettings,
  request: RouteRequest,
  id: string,
): Promise<ApiReply> {
  const project = PROJECT_ID.test(id) ? await ports.store.get(id) : undefined;
  const secret = project?.hook && !over(project.state) && (await ports.readHook(project.hook.arn));
  if (!isSigned(request, secret || randomBytes(32).toString("hex")) || !project)
    return refuse(401, "signature", "This is not signed with the secret of a project's hook.");
  const told = pushIn(request);
  if ("wrong" in told) return refuse(400, "invalid", told.wrong);
  if ("ignored" in told) return reply(200, told);
  const { branch, commit } = told;
  const shown = branch !== project.branch && project.previews;
  if (!shown && !commit) return reply(200, { ignored: `the branch ${named(branch)} was deleted` });
  if (!shown && branch !== project.branch)
    return reply(200, {
      ignored: `a push to ${named(branch)}: this project is built from ${project.branch}`,
    });
  const key = digestOf("push", id, request.body ?? "");
  const { mine } = await ports.claims.claim(key, REMEMBERED_SECONDS);
  if (!mine) return refuse(409, "repeated", "This delivery was already processed.");
  try {
    const answer = shown
      ? await preview(ports, settings, project, told, key)
      : await buildPush(ports, settings, project, commit!);
    // A push that found no room may be sent again once there is some.
    if (shown && answer.statusCode !== 202) await ports.claims.release(key);
    return answer;
  } catch (error) {
    await ports.claims.release(key);
    throw error;
  }
}
