import { overtaken } from "./journal";
import type { Builder } from "./ports";
import { Project, stackNameOf } from "./project";
import type { Reads } from "./store";

interface BuildingPorts {
  builds: Builder;
  store: Pick<Reads, "get" | "note">;
}

/**
 * Has CodeBuild build a project. One that it turns away, because as many wait as an account may have wait, is asked for again by the
 * look of each minute.
 * @param onceKey differs with each execution and is the same when one call comes twice, so that two callers begin one build
 */
export async function beginBuild(
  ports: BuildingPorts,
  prefix: string,
  project: Project,
  onceKey: string,
): Promise<void> {
  const { change } = project;
  // By the stack's own name: CloudFormation has a low rate limit, so those who wait need not all ask it.
  const build = stackNameOf(prefix, project.id);
  const { variables = project.variables ?? {}, commit, release } = change ?? {};
  const begun = await ports.builds.start(build, onceKey, {
    // In one variable, so that none of them replaces what the build itself is told.
    VARIABLES: JSON.stringify(variables),
    // Without a commit, the branch's newest one is built.
    ...(commit && { COMMIT: commit }),
    // For a site: what is published instead of a build, and which other builds are kept.
    ...(release && { RESTORE: release }),
    KEPT: (project.releases ?? []).join(" "),
  });
  if (begun === "full") {
    await ports.store.note(project.id, { queued: true });
    return;
  }
  await ports.store.note(project.id, { buildId: begun.id, logUrl: begun.logUrl, queued: false });
  if (await overtaken(ports, project, "deliver")) await ports.builds.stop(begun.id);
}
