import { needsApproval } from "./approval";
import { onwardTo } from "./onward";
import type { CommonPorts, FunctionSettings } from "./ports";
import type { Project, State } from "./project";
import type { Onward } from "./store";

/** What a push finds at rest; it waits for what moves, and cannot wake what is frozen. */
export const BUILDABLE: State[] = ["ready", "failed"];

/** A push is an update that builds its commit, asked for by whoever made the hook; of a preview, by whoever made its project's. */
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
