import { callerOf, refuseCaller } from "../shared/caller";
import { Claims } from "../shared/claims";
import { ApiReply, ApiRequest, headerOf, refusal, refusedByAws, reply } from "../shared/http";
import { once } from "../shared/idempotency";
import { Bundle, ofBundle, Release, Releases } from "./releases";

export interface RollbackPorts {
  claims: Claims;
  releases: Pick<Releases, "list">;
  /** Stops running executions, which would deploy over the rollback. */
  pipeline: { stop(reason: string): Promise<void> };
  deployments: {
    /** What the last successful deployment installed. */
    live(): Promise<Bundle | undefined>;
    /** Installs a bundle under these alarms; returns nothing while another deployment is running. */
    deploy(bundle: Bundle, description: string, alarms: string[]): Promise<string | undefined>;
  };
}

/** Redeploys exactly what ran before, by image digest: the requested release, or the one before the live one. */
export async function rollback(request: ApiRequest, ports: RollbackPorts, group: string): Promise<ApiReply> {
  const caller = callerOf(request);
  const refused = refuseCaller(caller, group);
  if (refused) return refused;
  const wanted = wantedOf(request.body);
  if (wanted === null) return refusal(400, 'The body must be {} or {"release": "<execution id or commit>"}.');
  const key = headerOf(request, "Idempotency-Key");
  const asked = { operation: "rollback", caller: caller.id, key, content: wanted ?? "" };
  return once(asked, ports.claims, () =>
    roll(wanted, caller.id, ports).catch((error) => refusedByAws("roll back", error)),
  );
}

/** The requested release; undefined if none is named, null if the body is invalid. */
function wantedOf(body: string | null | undefined): string | undefined | null {
  try {
    const { release, ...others } = JSON.parse(body || "{}");
    const ok = (release === undefined || typeof release === "string") && Object.keys(others).length === 0;
    return ok ? release : null;
  } catch {
    return null;
  }
}

async function roll(wanted: string | undefined, user: string, ports: RollbackPorts): Promise<ApiReply> {
  const releases = await ports.releases.list();
  const live = ofBundle(releases, await ports.deployments.live());
  const target = wanted === undefined ? oneBefore(releases, live) : named(releases, wanted);
  if (!target)
    return refusal(
      404,
      wanted === undefined ? "There is no earlier release." : `No release ${wanted} ever ran.`,
    );
  if (target === live) return refusal(409, `Release ${target.id} is the one that runs.`);

  const description = `Rollback to release ${target.id} (commit ${target.commit}) by ${user}`;
  // Without alarms: the release that is rolled back has set them off, and CodeDeploy would refuse to begin.
  const deploymentId = await ports.deployments.deploy(target.bundle, description.slice(0, 256), []);
  if (!deploymentId) return refusal(409, "Another deployment is under way: wait for its end.");
  const { id, commit, image } = target;
  const warning = await stopPipeline(id, ports);
  return reply(202, { deploymentId, release: { id, commit, image }, from: live?.id, warning });
}

/** After the deployment has begun: CodeDeploy refuses a second one meanwhile, so nothing slips in between. */
async function stopPipeline(release: string, ports: RollbackPorts): Promise<string | undefined> {
  try {
    await ports.pipeline.stop(`Rolled back to ${release}`);
    return undefined;
  } catch (error) {
    refusedByAws("stop the pipeline", error);
    return "A running execution of the pipeline could not be stopped: it will deploy over this rollback.";
  }
}

/** Only a release that once reached every instance is worth going back to. */
const ran = (release: Release) => release.deployedAt !== undefined;

const oneBefore = (releases: Release[], live: Release | undefined) =>
  live &&
  releases
    .slice(releases.indexOf(live) + 1)
    // A retried stage has recorded the same bundle twice.
    .find((release) => ran(release) && release.bundle.key !== live.bundle.key);

const named = (releases: Release[], wanted: string) =>
  releases.find((release) => ran(release) && (release.id === wanted || release.commit === wanted));
