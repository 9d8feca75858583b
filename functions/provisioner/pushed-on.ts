import { needsApproval } from "./approval";
import { onwardTo } from "./onward";
import type { CommonPorts, FunctionSettings } from "./ports";
import type { Project, State } from "./project";
import type { Onward } from "./store";

/** The states at rest in which a push is built; it waits for a moving project, and cannot wake a frozen one. */
export const BUILDABLE: State[] = ["ready", "failed"];

/** A push is an update that builds its commit, on behalf of whoever created the hook; for a preview, of whoever created its project's. */
export const pushedOn = (
  ports: Pick<CommonPorts, "now">,
  settings: Pick<FunctionSettings, "automatic">,
  project: Project,
  commit: string,
): Onward =>
  onwardTo(ports, project, "update", {
    approval: needsApproval(settings, project),
    by: project.hook?.by ?? { sub: project.owner, email: project.ownerEmail },
    change: { rebuild: true, commit },
  });
