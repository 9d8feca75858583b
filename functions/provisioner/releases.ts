import { failed, later, log } from "./journal";
import { onwardTo } from "./onward";
import { Settings, StepPorts } from "./ports";
import { Project, Result, stackNameOf } from "./project";

/** So many images have a tag by which they are kept, and a site's builds keep no more than these. */
export const KEPT = 5;

/** The releases that have served, by what runs now, and the commits they were built of; one that was given up for an earlier one is none of them. */
export async function releasesAfter(ports: StepPorts, settings: Settings, project: Project) {
  const { releases: before = [], commits = {}, change, buildId } = project;
  const { images, current } = await running(ports, settings, project);
  const known = change?.release ? commits[change.release] : project.built;
  const renewed = change?.release || buildId;
  const commit = renewed ? (known ? { commit: known } : { clear: ["commit" as const] }) : {};
  if (!current) return commit;
  const named = before.includes(current)
    ? before.slice(before.indexOf(current))
    : [current, ...before].slice(0, KEPT);
  const releases = (images && (await anyway(project, () => ports.releases.keep(images, named)))) || named;
  const all = { ...commits, ...(known && { [current]: known }) };
  return {
    ...commit,
    releases,
    commits: Object.fromEntries(Object.entries(all).filter(([release]) => releases.includes(release))),
  };
}

/** That something of it cannot be done is no reason to stop. */
const anyway = <T>({ id }: Project, ask: () => Promise<T>) =>
  ask().catch((error: unknown) => log("release", id, error));

/** What runs now, and where its images are, if it is one. */
async function running(
  ports: StepPorts,
  settings: Settings,
  project: Project,
): Promise<{ images?: string; current?: string }> {
  const { id, published } = project;
  if (published) return { current: published };
  const found = await anyway(project, async () => {
    const images = (await ports.stacks.read(stackNameOf(settings.prefix, id)))?.outputs["Images"];
    return { images, current: images && (await ports.releases.current(images)) };
  });
  return found ?? {};
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
  const { current } = await running(ports, settings, project);
  return current && (current !== served || otherValues) ? served : undefined;
}

export const backTo = (ports: StepPorts, project: Project, release: string) =>
  onwardTo(ports, project, "update", { due: later(ports, 0), change: { release } });
