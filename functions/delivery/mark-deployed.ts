import { Bundle, ofBundle, Release, Releases } from "./releases";

/** CodeDeploy's "Deployment State-change Notification", as EventBridge delivers it. */
export interface DeploymentEvent {
  time: string;
  detail: { deploymentId: string };
}

export interface DeployedPorts {
  releases: Pick<Releases, "list" | "markDeployed">;
  deployments: { bundleOf(deploymentId: string): Promise<Bundle | undefined> };
  images: { tag(image: string, tag: string): Promise<void> };
}

export type DeployedResult = { ok: true; release: string } | { ok: false; reason: string };

/** A release to roll back to: the repository keeps images with such a tag, however many follow. */
const ran = ({ commit }: Release) => `ran-${commit}`;

/** A deployment has reached every instance, the pipeline's or a rollback's: its release is the live one. */
export async function markDeployed(event: DeploymentEvent, ports: DeployedPorts): Promise<DeployedResult> {
  const { deploymentId } = event.detail;
  const bundle = await ports.deployments.bundleOf(deploymentId);
  const release = ofBundle(await ports.releases.list(), bundle);
  if (!release) return { ok: false, reason: `deployment ${deploymentId} is of no recorded release` };
  await ports.images.tag(release.image, ran(release));
  await ports.releases.markDeployed(release, event.time);
  await ports.images.tag(release.image, "live");
  return { ok: true, release: release.id };
}
