import { ApiReply, ApiRequest } from "../shared/http";
import { refuse } from "./admit";
import type { FunctionSettings } from "./ports";
import { Caller, Project, PROJECT_ID } from "./project";
import type { Reads } from "./store";
import { ApiPorts, ApprovalSettings } from "./submit";

/** The parts of a request that API Gateway passes on. */
export interface RouteRequest extends ApiRequest {
  httpMethod: string;
  /** The route, such as `/projects/{id}`. */
  resource: string;
  pathParameters?: Record<string, string | undefined> | null;
  queryStringParameters?: Record<string, string | undefined> | null;
}

export type ApiSettings = ApprovalSettings &
  Pick<FunctionSettings, "prefix" | "adminGroup" | "starters" | "devDays" | "previewDays">;

/** A request and its sender. */
export interface Context {
  ports: ApiPorts;
  settings: ApiSettings;
  caller: Caller;
  username: string;
  request: RouteRequest;
}

/** The project of a route, for callers who may see it: a project of another unit looks as absent as one that never existed. */
export async function seenProject(
  store: Pick<Reads, "get">,
  { pathParameters }: RouteRequest,
  { unit, admin }: Caller,
): Promise<Project | undefined> {
  const id = pathParameters?.["id"] ?? "";
  const project = PROJECT_ID.test(id) ? await store.get(id) : undefined;
  return project?.unit === unit || admin ? project : undefined;
}

export const absent = ({ pathParameters }: RouteRequest): ApiReply =>
  refuse(404, "absent", `There is no project ${(pathParameters?.["id"] ?? "").slice(0, 20)}.`);

export const busy = (project: Project): ApiReply =>
  refuse(409, "busy", `The project is ${project.state}: this is not possible now.`);
