// Answers that only read and change nothing: logs, and the API's own document.
import { ApiReply, reply } from "../shared/http";
import { refuse } from "./admit";
import { answering } from "./answering";
import { absent, RouteRequest, seenProject } from "./context";
import { LogPorts, tellLog } from "./log-lines";
import { openApi } from "./openapi";
import type { FunctionSettings } from "./ports";
import type { Reads } from "./store";

export interface ReadingPorts extends LogPorts {
  store: Pick<Reads, "get">;
  /** The API's own address, without a slash at the end. */
  apiUrl(): Promise<string>;
}

/** Answers the routes of the API that change nothing and need only a project's record. */
export const answerReading = (
  ports: ReadingPorts,
  settings: Pick<FunctionSettings, "prefix" | "adminGroup">,
  request: RouteRequest,
): Promise<ApiReply> =>
  answering(request, settings.adminGroup, async (caller) => {
    switch (`${request.httpMethod} ${request.resource}`) {
      case "GET /openapi":
        return reply(200, openApi(await ports.apiUrl()));
      case "GET /projects/{id}/logs": {
        const project = await seenProject(ports.store, request, caller);
        return project ? tellLog(ports, settings, project, request) : absent(request);
      }
      default:
        return refuse(404, "absent", "There is no such route.");
    }
  });
