import { ApiReply, ApiRequest } from "../shared/http";
import { refuse } from "./admit";
import type { FunctionSettings } from "./ports";
import { Caller, Project, PROJECT_ID } from "./project";
import { ApiPorts, ApprovalSettings } from "./submit";

/** What API Gateway hands on of a request. */
export interface RouteRequest extends ApiRequest {
  httpMethod: string;
  /** The route, such as `/projects/{id}`. */
  resource: string;
  pathParameters?: Record<string, string | undefined> | null;
  queryStringParameters?: Record<string, string | undefined> | null;
}

export type ApiSettings = ApprovalSettings &
  Pick<FunctionSettings, "prefix" | "adminGroup" | "starters" | "devDays" | "previewDays">;

/** A request, with who sent it. */
export interface Context {
  ports: ApiPorts;
  settings: ApiSettings;
  caller: Caller;
  username: string;
  request: RouteRequest;
}

/** Which project a route is about: its id, and its record, if there is such a one. */
export async function projectNamed({ ports, request }: Context): Promise<{ id: string; project?: Project }> {
  const id = request.pathParameters?.["id"] ?? "";
  return { id, project: PROJECT_ID.test(id) ? await ports.store.get(id) : undefined };
}

export const busy = (project: Project): ApiReply =>
  refuse(409, "busy", `The project is ${project.state}: it cannot do this now.`);
