import type { Claims } from "../shared/claims";
import { ApiReply, reply } from "../shared/http";
import { accepted, AdmitPorts, AdmitSettings } from "./admit";
import { moveOn } from "./onward";
import type { FunctionSettings, Settings, StepPorts } from "./ports";
import type { Caller, Project, Secrets } from "./project";
import { BUILDABLE, pushedOn } from "./pushed-on";
import type { PushStore } from "./store";
import type { Vault } from "./vault";

/** What taking a push needs. */
export interface PushPorts extends AdmitPorts, Pick<Vault, "readValues">, Pick<StepPorts, "showCommit"> {
  store: PushStore;
  claims: Claims;
  /** The secret that a project's Git host signs with. */
  readHook(arn: string): Promise<string>;
  /** The credentials of a project's repository. */
  readSecrets(arn: string): Promise<Secrets>;
  /** A person's current unit and quota; nothing for somebody who is gone. */
  personOf(sub: string): Promise<Pick<Caller, "unit" | "quotaCents"> | undefined>;
}

export type PushSettings = AdmitSettings &
  Pick<FunctionSettings, "previewLimit"> &
  Pick<Settings, "previewDays">;

/** Immediately if the project is at rest; otherwise as soon as it is, unless a newer push has arrived by then. */
export async function buildPush(
  ports: PushPorts,
  settings: PushSettings,
  project: Project,
  commit: string,
): Promise<ApiReply> {
  const { id } = project;
  const onward = pushedOn(ports, settings, project, commit);
  if (await moveOn(ports, project, BUILDABLE, onward)) return accepted(id);
  if (await ports.store.queuePush(id, { commit, at: ports.now().toISOString() }))
    return accepted(id, { waits: true });
  // It came to rest between the two looks; in any other state, nothing can be built of it.
  if (await moveOn(ports, project, BUILDABLE, onward)) return accepted(id);
  const { state } = (await ports.store.get(id)) ?? project;
  return reply(200, { ignored: `the push: the project is ${state}` });
}
