import { failed, later, log } from "./journal";
import { onwardTo } from "./onward";
import { Settings, StepPorts } from "./ports";
import { Project, Result, stackNameOf } from "./project";

/** ECR keeps no more, and a site's builds no more than these. */
const KEPT = 5;

/** The releases that have served, by what runs now, and the commits they were built of; one that was given up for an earlier one is none of them. */
export async function releasesAfter(ports: StepPorts, settings: Settings, project: Project) {
  const { releases: before = [], commits = {}, change, buildId } = project;
  const current = await runningRelease(ports, settings, project);
  const known = change?.release ? commits[change.release] : project.built;
  const renewed = change?.release || buildId;
  const commit = renewed ? (known ? { commit: known } : { clear: ["commit" as const] }) : {};
  if (!current) return commit;
  const releases = before.includes(current)
    ? before.slice(before.indexOf(current))
    : [current, ...before].slice(0, KEPT);
  const all = { ...commits, ...(known && { [current]: known }) };
  return {
    ...commit,
    releases,
    commits: Object.fromEntries(Object.entries(all).filter(([release]) => releases.includes(release))),
  };
}

/** That it cannot be read is no reason to stop. */
async function runningRelease(ports: StepPorts, settings: Settings, { id, published }: Project) {
  if (published) return published;
  try {
    const images = (await ports.stacks.read(stackNameOf(settings.prefix, id)))?.outputs["Images"];
    return images && (await ports.releases.current(images));
  } catch (error) {
    return log("release", id, error);
  }
}

/** The image of before is there already, and needs no build. */
export async function restore(
  ports: StepPorts,
  settings: Settings,
  project: Project,
  release: string,
): Promise<Result | undefined> {
  const { outputs = {} } = (await ports.stacks.read(stackNameOf(settings.prefix, project.id))) ?? {};
  const { Images: images, Group: group } = outputs;
  const begun = images && group && (await ports.releases.restore(images, release, group));
  return begun === "started" ? undefined : failed("deliver", "The release before is no longer kept.");
}

/** The release that served, where a failed update has put another in its place, or other values; going back is tried once. */
export async function releaseBefore(
  ports: StepPorts,
  settings: Settings,
  project: Project,
  otherValues: boolean,
) {
  const { run, change, releases: [served] = [], frozen } = project;
  if (run.action !== "update" || change?.release || frozen || !served) return undefined;
  const current = await runningRelease(ports, settings, project);
  return current && (current !== served || otherValues) ? served : undefined;
}

export const backTo = (ports: StepPorts, project: Project, release: string) =>
  onwardTo(ports, project, "update", { due: later(ports, 0), change: { release } });
