import { failed, later, log } from "./journal";
import { onwardTo } from "./onward";
import { Settings, StepPorts } from "./ports";
import { Project, Result, stackNameOf } from "./project";

/** This many images keep a tag that protects them, and a site keeps no more builds than these. */
export const KEPT = 5;

/** The releases that have served, by what runs now, with their commits; one that was given up for an earlier one is not among them. */
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

/** A partial failure is no reason to stop. */
const anyway = <T>({ id }: Project, ask: () => Promise<T>) =>
  ask().catch((error: unknown) => log("release", id, error));

/** What runs now and, for a server, where its images are. */
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

/** The previous image still exists and needs no build. */
export async function restore(
  ports: StepPorts,
  settings: Settings,
  project: Project,
  release: string,
): Promise<Result | undefined> {
  const { outputs = {} } = (await ports.stacks.read(stackNameOf(settings.prefix, project.id))) ?? {};
  const { Images: images, Group: group } = outputs;
  const begun = images && group && (await ports.releases.restore(images, release, group));
  return begun === "started" ? undefined : failed("deliver", "The previous release is no longer kept.");
}

/** Restores the release that served, after a failed update has replaced it or its values; it tries that once. */
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
